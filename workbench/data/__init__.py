"""Corpora: reading, checking, keeping and describing documents with several labels each."""
