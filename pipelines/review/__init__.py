"""Review: which questions to ask people about a run, by page or by sheet, and what they give."""
