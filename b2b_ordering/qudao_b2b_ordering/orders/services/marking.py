"""Let the seller's ERP write its own number on an order."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from ...flow import rules as flow_rules
from ..models import Order
from ..queries import access
from .moving import lock_order


@transaction.atomic
def set_external_key(
    *, viewer: core.Viewer, number: str, external_key: str, revision: int | None = None
) -> Order:
    """Keep what the seller's system calls this order. Audited; the order does not move.

    :raises Forbidden: ``not_your_side``. :raises Conflict: ``external_key_taken``, ``changed_meanwhile``.
    """
    order = lock_order(viewer, number, revision=revision)
    if flow_rules.SELLER not in access.sides(viewer, order):
        raise core.Forbidden("not_your_side", _("Only the seller can set the external key."))
    key = external_key.strip()[:80]
    if key == order.external_key:
        return order
    if key and Order.objects.filter(seller_id=order.seller_id, external_key=key).exists():
        raise core.Conflict(
            "external_key_taken", _("Another order has this external key."), field="external_key"
        )
    changes = {"external_key": [order.external_key, key]}
    order.external_key = key
    order.revision += 1
    order.save(update_fields=["external_key", "revision", "updated_at"])
    core.record(actor=viewer.user_id, instance=order, action="qudao.order.keyed", data={"changes": changes})
    return order
