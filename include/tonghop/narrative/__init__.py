"""A report in prose: its text, the figures it claims, and whether they agree with one another."""
