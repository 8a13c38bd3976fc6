"""Retrain: a challenger on all labels, measured against the model in use."""
