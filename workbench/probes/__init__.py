"""Probes: what needs a run's weights, computed once and kept as arrays."""
