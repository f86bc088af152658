"""Everything that knows OOXML, docxtpl or LibreOffice: the only door to a Word file."""
