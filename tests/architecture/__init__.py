"""The rules of the house, checked by reading the code: see CONTRIBUTING.md and docs/decisions."""
