"""What stewards open: static pages of what is published and what was found. Computes nothing."""
