"""The catalogue: Oscar's products with the facts a sales channel needs, and who may see which of them."""
