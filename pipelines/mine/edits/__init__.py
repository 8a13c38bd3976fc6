"""People's changes: issues edited, proposals adopted."""
