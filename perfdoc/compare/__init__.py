"""What changed between two years of one unit, why the score moved, and what cannot be compared."""
