"""The warehouse: its server, its schemas and roles, and the store of releases."""
