"""What happened in ordering, for code in the same process. The same facts go out as outbox events."""

from __future__ import annotations

from django.dispatch import Signal

#: ``order_id``, ``action`` (an ``OrderTransition.Action``) and ``topic`` (``order.submitted`` …).
#: Sent on commit.
order_changed = Signal()
#: ``seller_id`` and ``product_ids`` of which more lies in stock than before. Sent inside the transaction, with the
#: stock levels of the products locked: who needs them (lines of orders that wait) takes them before anybody else does.
stock_added = Signal()
