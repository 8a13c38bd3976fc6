"""A laboratory of other forms: whole reports as HTML and text in dresses drawn at random."""
