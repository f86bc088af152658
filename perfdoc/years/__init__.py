"""Compare two years of one unit: which row is which, what changed, and why the score moved."""
