"""Stands in for Oscar's app ``search``, which cannot be imported without Haystack."""
