"""The faces of a comparison: two years of one unit, as a reviewer reads them."""
