"""Load the territory table that is shipped. It knows no network."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core.audit.services import record
from qudao_core.cache_versions.services import bump
from qudao_core.errors import Refusal
from qudao_core.viewer import Viewer
from qudao_core.viewers import require_permission

from . import rules
from .models import Territory

SOURCE = Path(__file__).resolve().parent / "data" / "cn.csv"

Row = tuple[str, str, str]


def shipped() -> list[Row]:
    """``(code, English name, Chinese name)`` of China, its provinces and its cities."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return [(row["code"], row["name"], row["name_zh"]) for row in csv.DictReader(file)]


def fill(model: Any, rows: list[Row]) -> int:
    """Write the tree into an empty table in one statement per 500 rows; used by the migration.

    ``model`` is :class:`Territory` or its historical twin. Returns the number of rows written.
    """
    return len(
        model.objects.bulk_create([model(**asdict(place)) for place in rules.places(rows)], batch_size=500)
    )


@transaction.atomic
def load_territories(*, rows: list[Row] | None = None) -> dict[str, int]:
    """Bring the table up to ``rows`` (the shipped file): add what is missing, rename what changed, remove nothing.

    Returns counts of ``added`` and ``renamed``. Safe to repeat. Raises the version of the facts ``companies``.
    """
    rows = shipped() if rows is None else rows
    known = {row.code: row for row in Territory.objects.all()}
    if not known:
        return {"added": fill(Territory, rows), "renamed": 0}
    renamed = _rename(known, rows)
    added = [row for row in sorted(rows, key=lambda row: len(row[0])) if row[0] not in known]
    for code, name, name_zh in added:
        _add(code, name, name_zh)
    if added or renamed:
        bump("companies")
    return {"added": len(added), "renamed": renamed}


def _rename(known: dict[str, Territory], rows: list[Row]) -> int:
    changed = []
    for code, name, name_zh in rows:
        row = known.get(code)
        if row and (row.name, row.name_zh) != (name, name_zh):
            row.name, row.name_zh = name, name_zh
            changed.append(row)
    Territory.objects.bulk_update(changed, ["name", "name_zh"], batch_size=200)
    return len(changed)


def _add(code: str, name: str, name_zh: str) -> None:
    """New places are few; treebeard keeps the order of siblings."""
    parent = Territory.objects.filter(code=rules.parent_code(code)).first()
    fields = {"code": code, "name": name, "name_zh": name_zh}
    if parent:
        parent.add_child(**fields)
    else:
        Territory.add_root(**fields)


@transaction.atomic
def save_territory(
    *,
    viewer: Viewer,
    code: str,
    name: str,
    name_zh: str = "",
    above: str = "",
    territory_id: int | None = None,
) -> Territory:
    """Add a place inside ``above`` (a code; empty: a country), or rename ``territory_id``; its code stays.

    Records it and raises the version of the facts ``companies``.

    :raises Refusal: ``unknown_territory``. :raises Forbidden: no permission.
    """
    require_permission(viewer, f"qudao_partner_portal.{'change' if territory_id else 'add'}_territory")
    bump("companies")
    if territory_id:
        place = Territory.objects.get(pk=territory_id)
        place.name, place.name_zh = name, name_zh
        place.save(update_fields=["name", "name_zh"])
    else:
        around = Territory.objects.filter(code=above).first() if above else None
        if above and around is None:
            raise Refusal("unknown_territory", _("There is no territory with this code."), field="above")
        fields = {"code": code, "name": name, "name_zh": name_zh}
        place = around.add_child(**fields) if around else Territory.add_root(**fields)
    record(actor=viewer, instance=place, action="qudao.territory.saved", data={"note": f"{code} {name}"})
    return place
