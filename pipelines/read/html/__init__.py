"""Pages of the web, saved or printed."""
