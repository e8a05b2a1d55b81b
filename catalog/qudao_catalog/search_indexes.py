"""What the catalogue has to find: products and handbook topics."""
