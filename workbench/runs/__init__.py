"""Runs: the folder between training and looking."""
