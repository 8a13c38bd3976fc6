"""What the passes read and set: spans and shapes, rows, lines, regions, parts."""
