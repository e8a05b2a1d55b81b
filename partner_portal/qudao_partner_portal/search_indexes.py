"""What the portal has to find: documents and pages; whose audience keys open what."""
