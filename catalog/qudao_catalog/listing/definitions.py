"""The attributes that lists are filtered by, kept until one of them changes."""

from __future__ import annotations

from collections.abc import Mapping

from oscar.core.loading import get_model
from qudao_core import api as core

from ..products.models import AttributeProfile, OptionTranslation
from ..products.queries import TERMS
from .rules import FacetDefinition, FacetOption

KINDS = {
    "option": "option",
    "multi_option": "option",
    "boolean": "flag",
    "integer": "range",
    "float": "range",
}
_kept: core.VersionedCache[tuple[FacetDefinition, ...]] = core.VersionedCache(size=2)


def facet_definitions(versions: core.Versions | None = None) -> tuple[FacetDefinition, ...]:
    """The attributes flagged as filters, in their order; kept until one of them changes."""
    versions = versions if versions is not None else core.Versions.read()
    return _kept.get("facets", versions.of(TERMS), _read_definitions)


def _read_definitions() -> tuple[FacetDefinition, ...]:
    rows = AttributeProfile.objects.filter(is_facet=True, attribute__type__in=list(KINDS))
    rows = rows.select_related("attribute").order_by("position", "attribute__code", "pk")
    merged: dict[str, list[AttributeProfile]] = {}
    for row in rows:
        merged.setdefault(row.attribute.code, []).append(row)
    options = _options({row.attribute.option_group_id for row in rows if row.attribute.option_group_id})
    return tuple(_definition(code, same, options) for code, same in merged.items())


def _definition(
    code: str, rows: list[AttributeProfile], options: Mapping[int, list[FacetOption]]
) -> FacetDefinition:
    """One filter of the attributes that share ``code``; those of another kind than the first are left out."""
    first = rows[0]
    kind = KINDS[first.attribute.type]
    same = [row for row in rows if KINDS[row.attribute.type] == kind]
    groups = dict.fromkeys(row.attribute.option_group_id for row in same if row.attribute.option_group_id)
    choices = tuple(option for group in groups for option in options.get(group, ()))
    if kind == "flag":
        choices = (FacetOption("1", True, "Yes", "是"), FacetOption("0", False, "No", "否"))
    return FacetDefinition(
        code=code,
        kind=kind,
        label=first.attribute.name,
        label_zh=first.name_zh,
        unit=first.unit,
        attribute_ids=tuple(row.pk for row in same),
        options=choices,
    )


def _options(group_ids: set[int]) -> dict[int, list[FacetOption]]:
    words = dict(
        OptionTranslation.objects.filter(option__group_id__in=group_ids, language="zh-hans").values_list(
            "option_id", "name"
        )
    )
    found: dict[int, list[FacetOption]] = {}
    rows = get_model("catalogue", "AttributeOption").objects.filter(group_id__in=group_ids).order_by("pk")
    for pk, group_id, name, code in rows.values_list("pk", "group_id", "option", "code"):
        found.setdefault(group_id, []).append(FacetOption(code or str(pk), pk, name, words.get(pk, "")))
    return found
