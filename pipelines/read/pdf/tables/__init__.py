"""From regions and rows to the cells of tables."""
