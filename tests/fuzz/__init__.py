"""Fuzzing of the three readers; see `readers.py`."""
