"""The commands, one module a room; each is a thin shell over a function that a DAG or a test can call as well."""
