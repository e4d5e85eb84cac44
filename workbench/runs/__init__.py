"""Runs on disk: the whole interface between training and looking."""
