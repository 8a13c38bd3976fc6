"""Blocks as they are drafted, whatever the format: lines, and which continues which."""
