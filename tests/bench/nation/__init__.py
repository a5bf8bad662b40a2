"""The bench of the nation: its register and returns from a seed, the night over them, and what it is measured against."""
