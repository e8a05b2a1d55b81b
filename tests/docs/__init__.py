"""The documents say what is true: links lead somewhere, names exist, examples run."""
