"""A brief: one or two pages about a region, unit or theme."""
