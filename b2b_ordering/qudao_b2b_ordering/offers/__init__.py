"""What the catalogue shows of ordering: own price, stock and cart beside every product."""
