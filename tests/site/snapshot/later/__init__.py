"""An app that came after the snapshot was written."""
