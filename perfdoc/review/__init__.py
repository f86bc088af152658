"""A comparison of two years as text, page, Word file, Markdown or JSON."""
