"""Encoders: from texts to token states and document vectors."""
