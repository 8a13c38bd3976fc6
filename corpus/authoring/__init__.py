"""How the sample corpus is made: one source a document, three formats, gold labels."""
