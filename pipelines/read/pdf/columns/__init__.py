"""Where the columns of a page stand, and in which order they are read."""
