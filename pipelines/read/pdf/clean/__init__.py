"""Remove what is no text of the document; add what was drawn instead of written."""
