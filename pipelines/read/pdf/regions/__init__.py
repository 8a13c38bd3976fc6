"""What is drawn on a page: boxes, and the frames of tables."""
