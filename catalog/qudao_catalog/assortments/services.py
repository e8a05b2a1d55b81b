"""Write assortments: who may see which products."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_partner_portal import api as portal

from ..reindexing import reindex, reindexing_at_end
from .models import Assortment, AssortmentAudience, AssortmentItem
from .queries import FACT


@transaction.atomic
def save_assortment(
    *,
    actor: Any,
    code: str,
    name: str,
    name_zh: str = "",
    effect: str = "grant",
    all_products: bool = False,
    is_active: bool = True,
    valid_from: date | None = None,
    valid_until: date | None = None,
    reason: str = "",
    audience_keys: Iterable[str] = (),
    product_ids: Iterable[int] = (),
    line_ids: Iterable[int] = (),
    category_ids: Iterable[int] = (),
    assortment: Assortment | None = None,
) -> Assortment:
    """Create an assortment, or make ``assortment`` say exactly this. Repeating it changes nothing more.

    Side effects: audit entry with what changed, event ``catalogue.assortment_saved``; everybody sees and finds the
    new range at the next request.

    :raises core.Refusal: ``code_taken``, ``dates_reversed``, ``unknown_audience``, ``covers_nothing``,
        ``not_a_choice``.
    """
    core.require_choice(effect, Assortment.Effect.values, field="effect")
    keys = sorted(set(audience_keys))
    items = _items(product_ids, line_ids, category_ids)
    _check(code, assortment, keys, bool(all_products or items), valid_from, valid_until)
    fields = {
        "code": code,
        "name": name,
        "name_zh": name_zh,
        "effect": effect,
        "all_products": all_products,
        "is_active": is_active,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "reason": reason,
    }
    before = _state(assortment) if assortment else {}
    row = assortment or Assortment()
    for field, value in fields.items():
        setattr(row, field, value)
    row.save()
    _set_audiences(row, keys)
    with reindexing_at_end():
        _set_items(row, items)
    core.bump(FACT)
    _tell(actor, row, before, created=assortment is None)
    return row


@transaction.atomic
def delete_assortment(*, actor: Any, assortment: Assortment) -> None:
    """Remove an assortment. Side effects: audit entry; what only it granted is gone at the next request."""
    core.record(actor=actor, instance=assortment, action="qudao.assortment.deleted", data=None)
    assortment.delete()
    core.bump(FACT)


def _check(
    code: str,
    assortment: Assortment | None,
    keys: list[str],
    covers_something: bool,
    valid_from: date | None,
    valid_until: date | None,
) -> None:
    others = Assortment.objects.exclude(pk=assortment.pk if assortment else None)
    if others.filter(code=code).exists():
        raise core.Conflict("code_taken", _("Another assortment has this code."), field="code")
    if valid_from and valid_until and valid_until < valid_from:
        raise core.Refusal("dates_reversed", _("The last day is before the first day."), field="valid_until")
    unknown = portal.unknown_keys(keys)
    if unknown:
        raise core.Refusal(
            "unknown_audience",
            _("There is no audience %(keys)s.") % {"keys": core.join_list(unknown[:10])},
            field="audience_keys",
            params={"keys": unknown},
        )
    if not covers_something:
        raise core.Refusal(
            "covers_nothing",
            _("Specify products, product lines or categories, or choose all products."),
            field="all_products",
        )


def _items(
    product_ids: Iterable[int], line_ids: Iterable[int], category_ids: Iterable[int]
) -> set[tuple[str, int]]:
    named = (("product_id", product_ids), ("line_id", line_ids), ("category_id", category_ids))
    return {(field, pk) for field, ids in named for pk in ids}


def _set_audiences(row: Assortment, keys: list[str]) -> None:
    now = set(row.audiences.values_list("audience_key", flat=True))
    row.audiences.filter(audience_key__in=now - set(keys)).delete()
    fresh = [AssortmentAudience(assortment=row, audience_key=key) for key in keys if key not in now]
    AssortmentAudience.objects.bulk_create(fresh, batch_size=1000)


def _set_items(row: Assortment, wanted: set[tuple[str, int]]) -> None:
    now = {
        _named(values): pk
        for pk, *values in row.items.values_list("pk", "product_id", "line_id", "category_id")
    }
    gone = [pk for key, pk in now.items() if key not in wanted]
    for start in range(0, len(gone), 5000):
        AssortmentItem.objects.filter(pk__in=gone[start : start + 5000]).delete()
    fresh = [AssortmentItem(assortment=row, **{field: pk}) for field, pk in sorted(wanted - set(now))]
    AssortmentItem.objects.bulk_create(fresh, batch_size=1000)
    reindex(pk for field, pk in wanted ^ set(now) if field == "product_id")


def _named(values: Sequence[int | None]) -> tuple[str, int]:
    product_id, line_id, category_id = values
    if product_id is not None:
        return "product_id", product_id
    return ("line_id", line_id) if line_id is not None else ("category_id", category_id or 0)


def _state(row: Assortment) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for values in row.items.values_list("product_id", "line_id", "category_id"):
        kind = _named(list(values))[0].removesuffix("_id")
        counts[kind] = counts.get(kind, 0) + 1
    return {
        "name": row.name,
        "name_zh": row.name_zh,
        "effect": row.effect,
        "all_products": row.all_products,
        "is_active": row.is_active,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "audiences": list(row.audiences.values_list("audience_key", flat=True)),
        "items": ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())),
    }


def _tell(actor: Any, row: Assortment, before: dict[str, Any], *, created: bool) -> None:
    changes = core.differences(before, _state(row))
    if not created and not changes:
        return
    action = "qudao.assortment.created" if created else "qudao.assortment.changed"
    core.record(actor=actor, instance=row, action=action, data={"changes": changes})
    core.emit(
        "catalogue.assortment_saved", aggregate=f"assortment:{row.pk}", payload={"assortment_id": row.pk}
    )
