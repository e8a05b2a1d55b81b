"""What happened in the portal, sent after the commit. For work that must not be lost use events (``core.emit``)."""

from __future__ import annotations

from django.dispatch import Signal

#: A company was admitted or changed. Arguments: ``company_id``, ``action`` (``admitted``, ``suspended`` …).
company_changed = Signal()
#: Somebody joined, left or got other roles. Arguments: ``company_id``, ``user_id``, ``action``.
membership_changed = Signal()
