"""A comparison and a trend as HTML pages that fetch nothing."""
