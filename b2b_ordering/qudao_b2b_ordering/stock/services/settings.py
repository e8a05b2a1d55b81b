"""Warehouses, terms and visibility: the few rows that say how stock behaves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_partner_portal import api as portal

from ..models import StockPolicy, StockTerms, Warehouse
from ..queries import FACT
from .units import refuse_fraction


@transaction.atomic
def set_warehouse(*, actor: Any, seller_id: int, code: str, **fields: Any) -> Warehouse:
    """Create or change the seller's warehouse ``code``. Audited.

    :raises Conflict: ``code_taken``: another seller's warehouse has this code.
    :raises Refusal: ``code_invalid``: too long, or not made of letters, digits, hyphens and underscores.
    """
    _require_code(code)
    found = Warehouse.objects.select_for_update().filter(code=code).first()
    if found and found.seller_id != seller_id:
        raise core.Conflict("code_taken", _("This code is taken. Choose another."), field="code")
    warehouse = found or Warehouse(code=code, seller_id=seller_id)
    changes = _apply(warehouse, fields)
    if found is None or changes:
        warehouse.save()
        _record(actor, warehouse, "qudao.warehouse.changed", changes)
    return warehouse


def _require_code(code: str) -> None:
    try:
        Warehouse._meta.get_field("code").run_validators(code)
    except ValidationError as error:
        raise core.Refusal("code_invalid", error.messages[0], field="code") from error


@transaction.atomic
def set_policy(*, actor: Any, seller_id: int, audience_key: str, **fields: Any) -> StockPolicy:
    """Create or change how ``audience_key`` sees the seller's stock. Audited; holds from the next request.

    :raises Refusal: ``unknown_audience``, ``bands_out_of_order``.
    """
    if portal.unknown_keys([audience_key]):
        raise core.Refusal("unknown_audience", _("This audience does not exist."), field="audience_key")
    found = (
        StockPolicy.objects.select_for_update().filter(seller_id=seller_id, audience_key=audience_key).first()
    )
    policy = found or StockPolicy(seller_id=seller_id, audience_key=audience_key)
    changes = _apply(policy, fields)
    if policy.plenty_threshold is not None and policy.plenty_threshold < policy.low_threshold:
        raise core.Refusal(
            "bands_out_of_order",
            _("“Plenty” must not start below “low”."),
            field="plenty_threshold",
        )
    if found is None or changes:
        policy.save()
        core.bump(FACT)
        _record(actor, policy, "qudao.stock_policy.changed", changes)
    return policy


@transaction.atomic
def remove_policy(*, actor: Any, seller_id: int, audience_key: str) -> None:
    """Take an audience's own rule away. Audited. Safe to repeat."""
    found = StockPolicy.objects.filter(seller_id=seller_id, audience_key=audience_key).first()
    if found is not None:
        _record(actor, found, "qudao.stock_policy.removed", {audience_key: [found.mode, ""]})
        found.delete()


@transaction.atomic
def set_terms(
    *,
    actor: Any,
    product_id: int,
    backorder: bool = False,
    backorder_limit: Decimal | None = None,
    is_unlimited: bool = False,
    low_threshold: Decimal | None = None,
) -> StockTerms:
    """Say whether a product may be ordered beyond its stock. Audited.

    :raises Refusal: ``quantity_fractional``, ``quantity_too_large``: a limit is no quantity of the product's unit.
    """
    for field, limit in (("backorder_limit", backorder_limit), ("low_threshold", low_threshold)):
        if limit is not None:
            refuse_fraction(product_id, limit, field)
    terms = StockTerms.objects.select_for_update().filter(pk=product_id).first() or StockTerms(pk=product_id)
    fresh = terms._state.adding
    changes = _apply(
        terms,
        {
            "backorder": backorder,
            "backorder_limit": backorder_limit,
            "is_unlimited": is_unlimited,
            "low_threshold": low_threshold,
        },
    )
    if fresh or changes:
        terms.save()
        _record(actor, terms, "qudao.stock_terms.changed", changes)
    return terms


def _apply(row: Any, fields: dict[str, Any]) -> dict[str, list[str]]:
    """Set fields and say what changed: name → [before, after] as text."""
    changes = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = ["" if before is None else str(before), "" if value is None else str(value)]
            setattr(row, name, value)
    return changes


def _record(actor: Any, row: Any, action: str, changes: dict[str, list[str]]) -> None:
    core.record(actor=actor, instance=row, action=action, data={"changes": changes})
