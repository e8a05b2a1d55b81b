"""Take imported past orders back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from .models import Order
from .services import orders_in_use, remove_imported_orders

CHUNK = 5_000


class PastOrderUndo(core.Undo):
    """An import only adds orders; what was there before it leaves alone."""

    fields = (
        ("number", ""),
        ("external_key", _("Order number")),
        ("company", _("Company")),
        ("status", ""),
        ("revision", ""),
        ("net", _("Net")),
    )

    def touched(self, rows: Sequence[core.Row]) -> core.Images:
        keys = sorted({row["number"] for row in rows})
        found: core.Images = {}
        for chunk in _chunks(keys):
            found |= _images(seller__code=self.importer.given["seller"], external_key__in=chunk)
        return found

    def now(self, ids: Iterable[str]) -> core.Images:
        found: core.Images = {}
        for chunk in _chunks([int(each) for each in ids]):
            found |= _images(pk__in=chunk)
        return found

    def names(self, changes: Sequence[core.Change]) -> Mapping[str, str]:
        return {each.id: f"{self.value(each.after, 'external_key')}" for each in changes}

    def obstacles(self, changes: Sequence[core.Change], since: datetime) -> Mapping[str, tuple[str, str]]:
        used = orders_in_use({int(each.id) for each in changes})
        return {
            str(pk): ("in_use", gettext("It is in use by now: %(what)s.") % {"what": what})
            for pk, what in used.items()
        }

    def hold(self, batches: Iterable[Sequence[core.Change]]) -> None:
        for chunk in _chunks(sorted(int(each.id) for changes in batches for each in changes)):
            list(Order.objects.select_for_update().filter(pk__in=chunk).order_by("pk").values_list("pk"))

    def take_back(self, changes: Sequence[core.Change]) -> None:
        remove_imported_orders(actor=self.importer.viewer, ids=[int(each.id) for each in changes])


def _images(**where: Any) -> core.Images:
    rows = Order.objects.filter(**where).order_by("pk")
    facts = rows.values_list("pk", "number", "external_key", "company__code", "status", "revision", "net")
    return {str(pk): [*values, str(net)] for pk, *values, net in facts}


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
