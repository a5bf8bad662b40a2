"""The register, the catalogue and the calendar: read, checked as a whole, loaded to ``reference.*``."""
