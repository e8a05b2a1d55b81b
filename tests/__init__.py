"""The tests; they mirror the packages. `python -m pytest tests/<plugin>/<subject>` runs one subject."""
