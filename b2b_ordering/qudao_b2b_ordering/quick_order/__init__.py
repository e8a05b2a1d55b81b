"""Quick order: many lines at once, pasted, sent or typed."""
