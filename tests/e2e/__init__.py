"""The whole platform, run as people and operators run it."""
