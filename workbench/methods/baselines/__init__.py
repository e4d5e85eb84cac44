"""Baselines: what papers compare their methods with, one a file."""
