"""How products are described: a family has models (7 W, 9 W …), a model may come in variants (warm, neutral …)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .files import Part

CENT = Decimal("0.01")


class Choice(Part):
    """One variant: what is added to SKU and names, which attribute says so, how the picture differs."""

    suffix: str
    name: str
    name_zh: str
    attributes: Mapping[str, Any] = {}
    picture: Mapping[str, str] = {}
    factor: Decimal = Decimal(1)


class Model(Part):
    """One member of a family. ``words`` fill the placeholders of its names, ``picture`` those of its picture."""

    code: str
    price: Decimal
    words: Mapping[str, str | int | float] = {}
    attributes: Mapping[str, Any] = {}
    picture: Mapping[str, str] = {}


class Family(Part):
    """Products that differ in figures only. ``pack``: units per carton; ``unit`` the unit of sale.

    ``picture`` is a WebP file of ``pictures/`` without its ending, ``data_sheet`` one of ``data-sheets/``; both may be
    left out. ``choices``
    name variants of the catalogue.
    """

    code: str
    category: str
    line: str
    type: str
    name: str
    name_zh: str
    about: str
    about_zh: str
    models: tuple[Model, ...]
    choices: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = {}
    unit: str = "pcs"
    pack_unit: str = "ctn"
    pack: int = 20
    whole_packs: bool = False
    minimum: int = 1
    weight: str = "0.2"
    picture: str = ""
    data_sheet: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One product as the catalogue's service takes it, with its list price and its picture."""

    row: Mapping[str, Any]
    price: Decimal
    picture: str
    family: Family
    is_parent: bool = False

    @property
    def sku(self) -> str:
        return str(self.row["sku"])


def items(
    families: Sequence[Family], choices: Mapping[str, Choice], prefix: str, origin: str
) -> Iterator[Item]:
    """Every product of the families, parents before their variants; barcodes are numbered in this order."""
    number = 0
    for family in families:
        for model in family.models:
            for item in _model(family, model, [choices[name] for name in family.choices], prefix):
                number += 1
                barcode = {} if item.is_parent else {"barcode": ean(number)}
                row = {**item.row, "origin": origin, **barcode}
                yield Item(row, item.price, item.picture, family, item.is_parent)


def _model(family: Family, model: Model, choices: Sequence[Choice], prefix: str) -> Iterator[Item]:
    sku = f"{prefix}{family.code}{model.code}"
    attributes = {**family.attributes, **model.attributes}
    name, name_zh = family.name.format(**model.words), family.name_zh.format(**model.words)
    row = {**_row(family, sku, name, name_zh, attributes), "external_key": _key(sku, prefix)}
    if not choices:
        yield Item(row, model.price, family.picture.format(**model.picture), family)
        return
    first = family.picture.format(**model.picture, **choices[0].picture)
    yield Item(row, model.price, first, family, is_parent=True)
    for choice in choices:
        code = f"{sku}-{choice.suffix}"
        own = _row(
            family,
            code,
            f"{name}, {choice.name}",
            f"{name_zh} {choice.name_zh}",
            {**attributes, **choice.attributes},
        )
        dearer = (model.price * choice.factor).quantize(CENT, ROUND_HALF_UP)
        picture = family.picture.format(**model.picture, **choice.picture)
        yield Item({**own, "external_key": _key(code, prefix), "parent": sku}, dearer, picture, family)


def _key(sku: str, prefix: str) -> str:
    return f"ERP-{sku.removeprefix(prefix)}"


def _row(family: Family, sku: str, name: str, name_zh: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sku": sku,
        "title": name,
        "title_zh-hans": name_zh,
        "description": family.about,
        "description_zh-hans": family.about_zh,
        "line": family.line,
        "product_type": family.type,
        "unit": family.unit,
        "pack_unit": family.pack_unit,
        "pack_size": family.pack,
        "sold_in_packs": family.whole_packs,
        "min_quantity": family.minimum,
        "tax_class": "standard",
        "categories": [family.category],
        "attributes": dict(attributes),
        "weight_kg": family.weight,
    }


def ean(number: int) -> str:
    """An EAN-13 of the range kept for use inside a firm (prefix 200).

    >>> ean(1)
    '2004170000011'
    """
    digits = f"200417{number:06d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)
