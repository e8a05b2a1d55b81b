"""What happened in ordering, for code in the same process. Sent on commit; the same facts go out as outbox events."""

from __future__ import annotations

from django.dispatch import Signal

#: ``order_id``, ``action`` (an ``OrderTransition.Action``) and ``topic`` (``order.submitted`` …).
order_changed = Signal()
