"""The rules, grouped by family."""
