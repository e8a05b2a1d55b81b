"""Pages about orders: lists, one order, shipping and receipt, the seller's board."""
