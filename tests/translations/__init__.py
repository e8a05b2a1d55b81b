"""Every text people read exists in every language."""
