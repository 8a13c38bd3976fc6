"""Drawn regions of a page: boxes, and the frames of tables."""
