"""Two years of one unit, compared: which row is which, what changed, and why the score moved."""
