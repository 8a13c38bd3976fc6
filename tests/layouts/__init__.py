"""The layout laboratory: one report model, many producers, layouts drawn at random."""
