"""One Lightning loop for every method and stage."""
