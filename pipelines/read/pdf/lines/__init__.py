"""From rows of spans to lines, and what a document's lines teach about it."""
