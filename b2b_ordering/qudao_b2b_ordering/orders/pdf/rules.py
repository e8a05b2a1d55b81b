"""Which document an order has, and which are long. Plain Python."""

from __future__ import annotations

from ..rules import COMPLETE, OPEN

CONFIRMATION, AWAITING, DELIVERY_NOTE = "confirmation", "awaiting", "delivery_note"
#: Documents of at most so many lines are made within the request: a third of a second of CPU. See decision 0144.
SHORT = 30


def order_document(status: str, *, is_confirmed: bool) -> str:
    """What an order can show for itself: a confirmation when it is confirmed, a document that says that it is not while
    it waits for that, nothing when it was returned, rejected or cancelled.

    >>> order_document("open", is_confirmed=True), order_document("open", is_confirmed=False)
    ('confirmation', 'awaiting')
    >>> order_document("cancelled", is_confirmed=False)
    ''
    """
    if status == COMPLETE or (status == OPEN and is_confirmed):
        return CONFIRMATION
    return AWAITING if status == OPEN else ""
