"""What is what in a file: which sheet, which header row, which column is which field."""
