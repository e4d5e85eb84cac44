"""Methods: one file a paper; importing the package finds them all."""
