"""What is known of deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ..viewer import Viewer
from ..viewers import require_permission
from .dispatch import due
from .models import Delivery

VIEW = "qudao_core.view_delivery"


def deliveries(viewer: Viewer, *, recipient: str = "", **exactly: Any) -> QuerySet[Delivery]:
    """The log of deliveries for the back office: who was told what, when, and in which state it is.

    :raises Forbidden: no permission.
    """
    require_permission(viewer, VIEW)
    rows = Delivery.objects.filter(
        **{name: value for name, value in exactly.items() if value}
    ).select_related("event")
    return rows.filter(Q(address__iexact=recipient) | Q(recipient=recipient)) if recipient else rows


def deliveries_wait_since(moment: datetime) -> bool:
    """Whether something that could be delivered has been waiting since before ``moment``. One statement.

    What waits for its next attempt, or for an earlier event of its aggregate, does not count.
    """
    return bool(due(moment).exists())
