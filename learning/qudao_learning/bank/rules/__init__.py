"""What a question is, what an answer to it is worth, and how files write both. Plain Python."""
