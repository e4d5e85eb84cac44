"""Changing texts by models: translators, and language models that are asked."""
