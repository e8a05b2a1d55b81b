"""Ordering between firms: what is sold to whom at what price, from which stock, and every order's life."""
