"""Metrics of multi-label classification on numpy arrays."""
