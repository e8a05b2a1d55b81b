"""Translations of many products at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..bulk_rows import parts, upsert
from . import rules
from .models import ProductTranslation

if TYPE_CHECKING:
    from .bulk import Work


def save_translations(works: list[Work]) -> None:
    wanted: dict[tuple[int, str], dict[str, str]] = {}
    owners: dict[int, Work] = {}
    for work in works:
        owners[work.product.pk] = work
        for name, field_name in (("titles", "title"), ("descriptions", "description")):
            for language, text in work.values.get(name, {}).items():
                wanted.setdefault((work.product.pk, language), {})[field_name] = text
    if not wanted:
        return
    now = _translations_of({pk for pk, _language in wanted})
    rows = []
    for (pk, language), words in wanted.items():
        row = now.get((pk, language)) or ProductTranslation(product_id=pk, language=language)
        if not all(getattr(row, name) == text for name, text in words.items()):
            for name, text in words.items():
                owners[pk].change(f"{name}_{language}", getattr(row, name), text)
                setattr(row, name, text)
            row.sort_key = rules.sort_key(row.title)
            rows.append(row)
    upsert(
        ProductTranslation, rows, ["product", "language"], ["title", "description", "sort_key"], insert=True
    )


def _translations_of(product_ids: set[int]) -> dict[tuple[int, str], ProductTranslation]:
    found = {}
    for part in parts(sorted(product_ids)):
        rows = ProductTranslation.objects.filter(product_id__in=part)
        found |= {(row.product_id, row.language): row for row in rows}
    return found
