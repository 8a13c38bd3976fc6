"""Off with what is not the text of the document, on with what was drawn instead of written."""
