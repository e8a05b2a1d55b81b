"""Who sees a product, and why: for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_partner_portal import api as portal

from ..categories.queries import category_tree
from . import rules
from .models import Assortment, AssortmentItem

#: More assortments than this are not listed; a channel has dozens.
MOST = 500


@dataclass(frozen=True, slots=True)
class Reason:
    """One assortment that covers the product. ``via`` says by what: ``all``, ``product``, ``line``, ``category``."""

    assortment_id: int
    code: str
    name: str
    effect: str
    via: str
    what: str
    audience: tuple[str, ...]
    counts_today: bool
    applies: bool | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that opens or closes a product; ``visible`` is the answer for one company, or ``None``."""

    reasons: tuple[Reason, ...]
    visible: bool | None = None
    hidden_by_oscar: bool = False


def explain(
    product: Any, *, viewer: core.Viewer | None = None, language: str = "en", on: date | None = None
) -> Explanation:
    """Every assortment that covers ``product`` (directly, by its parent, line or category), and for ``viewer``
    whether it is seen in the end. A fixed number of statements. The caller has checked that staff asks.
    """
    day = on or timezone.localdate()
    via = _coverage(product, language)
    rows = Assortment.objects.filter(pk__in=list(via)) | Assortment.objects.filter(all_products=True)
    found = []
    for row in rows.distinct().prefetch_related("audiences").order_by("effect", "code")[:MOST]:
        how, what = via.get(row.pk, ("all", ""))
        found.append(_reason(row, how, what, viewer, day))
    labels = portal.audience_labels(sorted({key for each in found for key in each.audience}), language)
    named = tuple(_labelled(each, labels) for each in found)
    hidden = not product.is_public or bool(product.parent_id and not product.parent.is_public)
    return Explanation(named, _verdict(found, hidden) if viewer else None, hidden)


def not_visible_because(viewer: core.Viewer, sku: str) -> core.NotFound | None:
    """Why a company whose member is previewed does not see the product; ``None`` when there is no such product."""
    products = get_model("catalogue", "Product").objects.select_related("parent", "profile")
    product = products.filter(profile__sku__iexact=sku.strip()).first() if viewer.is_preview else None
    if product is None:
        return None
    found = explain(product, viewer=viewer, language=viewer.language)
    return core.NotFound("product_not_found", _why_hidden(found, viewer.company_name))


def _why_hidden(found: Explanation, company: str) -> str:
    words = {"company": company}
    if found.hidden_by_oscar:
        return _("Not visible to %(company)s: the product is switched off.") % words
    denied = [each for each in found.reasons if each.applies and each.effect == rules.DENY]
    if denied:
        words["name"] = denied[0].name
        return _("Not visible to %(company)s: the assortment “%(name)s” denies it.") % words
    granted = [each for each in found.reasons if each.counts_today and each.effect == rules.GRANT]
    if not granted:
        return _("Not visible to %(company)s: no assortment grants the product to anyone today.") % words
    words["audiences"] = core.join_list(dict.fromkeys(word for each in granted for word in each.audience))
    return _("Not visible to %(company)s: the audience is %(audiences)s.") % words


def _coverage(product: Any, language: str) -> dict[int, tuple[str, str]]:
    """Assortment id → how it covers the product; the narrowest way wins."""
    ids = [pk for pk in (product.pk, product.parent_id) if pk]
    profile = getattr(product, "profile", None)
    tree = category_tree()
    filed = get_model("catalogue", "ProductCategory").objects.filter(product_id__in=ids)
    nodes = [tree.get(pk) for pk in filed.values_list("category_id", flat=True)]
    above = {each.id: each.label(language) for node in nodes if node for each in [*tree.above(node), node]}
    found: dict[int, tuple[str, str]] = {}
    items = AssortmentItem.objects.filter(category_id__in=list(above)).values_list(
        "assortment_id", "category_id"
    )
    found |= {pk: ("category", above[category_id]) for pk, category_id in items}
    if profile and profile.line_id:
        items = AssortmentItem.objects.filter(line_id=profile.line_id).select_related("line")
        found |= {item.assortment_id: ("line", str(item.line)) for item in items}
    named = AssortmentItem.objects.filter(product_id__in=ids).values_list(
        "assortment_id", "product__profile__sku"
    )
    return found | {pk: ("product", sku or "") for pk, sku in named}


def _reason(row: Assortment, how: str, what: str, viewer: core.Viewer | None, day: date) -> Reason:
    keys = tuple(each.audience_key for each in row.audiences.all())
    started = row.valid_from is None or row.valid_from <= day
    ended = row.valid_until is not None and row.valid_until < day
    counts = row.is_active and started and not ended
    applies = counts and not viewer.audience.isdisjoint(keys) if viewer else None
    return Reason(row.pk, row.code, str(row), row.effect, how, what, keys, counts, applies)


def _labelled(reason: Reason, labels: dict[str, str]) -> Reason:
    words = tuple(labels.get(key, key) for key in reason.audience)
    return Reason(
        reason.assortment_id,
        reason.code,
        reason.name,
        reason.effect,
        reason.via,
        reason.what,
        words,
        reason.counts_today,
        reason.applies,
    )


def _verdict(reasons: list[Reason], hidden: bool) -> bool:
    granted = any(each.applies and each.effect == rules.GRANT for each in reasons)
    denied = any(each.applies and each.effect == rules.DENY for each in reasons)
    return granted and not denied and not hidden
