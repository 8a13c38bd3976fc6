"""Measure a model on findings that it never saw, and say so on its card."""
