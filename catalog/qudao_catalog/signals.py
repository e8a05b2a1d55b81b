"""What the catalogue tells others, after the transaction that did it has been committed."""

from django.dispatch import Signal

#: Products were created or changed. Arguments: ``product_ids`` (a tuple of ids).
products_changed = Signal()
