"""Bring products up to date in the search index: now, or once at the end of many writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.dispatch import Signal
from oscar.core.loading import get_model
from qudao_search import api as search

from .bulk_rows import chunks

KIND = "product"
Product = get_model("catalogue", "Product")
#: Products were indexed again. Sent in the transaction that changed them, with ``product_ids``, variants included.
products_reindexed = Signal()
_gathering: ContextVar[set[int] | None] = ContextVar("products_to_index", default=None)


def reindex(product_ids: Iterable[int]) -> None:
    """What these products say has changed, and with it what variants of families among them say.

    Now, inside the caller's transaction; inside :func:`reindexing_at_end` at its end.
    """
    ids = set(product_ids)
    gathering = _gathering.get()
    if gathering is not None:
        gathering |= ids
        return
    if not ids:
        return
    changed = set(ids)
    for part in chunks(sorted(ids)):
        changed.update(Product.objects.filter(parent_id__in=part).order_by().values_list("pk", flat=True))
    # All at once: two imports that bring the same groups then take them in one order.
    search.update(kind=KIND, items=[str(pk) for pk in changed])
    products_reindexed.send(None, product_ids=changed)


@contextmanager
def reindexing_at_end() -> Iterator[None]:
    """Many writes, indexed once when all of them are done; nothing when one of them fails."""
    if _gathering.get() is not None:
        yield
        return
    ids: set[int] = set()
    token = _gathering.set(ids)
    try:
        yield
    finally:
        _gathering.reset(token)
    reindex(ids)
