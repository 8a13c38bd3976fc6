"""Fit a model on labelled findings; learn its calibration and thresholds."""
