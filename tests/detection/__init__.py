"""A corpus of seeded errors, and how well a night finds them and names their causes: ``python -m tests.detection``."""
