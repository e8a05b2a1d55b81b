"""Numbers as people, files and programs write them: one reader for all of them."""
