"""A real wholesaler's history, brought in: the recipe of docs/how-to/import-a-wholesalers-history.md."""
