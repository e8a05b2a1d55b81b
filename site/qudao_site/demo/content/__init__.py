"""What the demo channel sells and who is in it. Every name and text is made up here."""
