"""Remove what is not text of the document; add what was drawn instead of written."""
