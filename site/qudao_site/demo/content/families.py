"""How products are described: a family has models (7 W, 9 W …), a model may come in variants (warm, neutral
…).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Look:
    """Which drawing with which options."""

    drawing: str
    options: tuple[tuple[str, Any], ...] = ()

    def with_(self, **options: Any) -> Look:
        return Look(self.drawing, tuple(sorted((dict(self.options) | options).items())))

    @property
    def name(self) -> str:
        """The name of its file."""
        words = "-".join(f"{key}-{value}" for key, value in self.options)
        return f"{self.drawing}-{words}".strip("-").replace(" ", "").lower().replace("true", "yes")


def look(drawing: str, **options: Any) -> Look:
    return Look(drawing, tuple(sorted(options.items())))


@dataclass(frozen=True, slots=True)
class Choice:
    """One variant: what is added to SKU and names, which attribute says so, how the picture differs."""

    suffix: str
    name: str
    name_zh: str
    attributes: Mapping[str, Any]
    look: Mapping[str, Any] = field(default_factory=dict)
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Model:
    """One member of a family. ``words`` fill the placeholders of the family's names."""

    code: str
    price: str
    words: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    look: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """Products that differ in figures only. ``pack``: units per carton; ``unit`` the unit of sale."""

    code: str
    category: str
    line: str
    type: str
    name: str
    name_zh: str
    about: str
    about_zh: str
    look: Look
    models: Sequence[Model]
    choices: Sequence[Choice] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    unit: str = "pcs"
    pack_unit: str = "ctn"
    pack: int = 20
    whole_packs: bool = False
    minimum: int = 1
    weight: str = "0.2"


@dataclass(frozen=True, slots=True)
class Item:
    """One product as the catalogue's service takes it, with its list price and its picture."""

    row: Mapping[str, Any]
    price: Decimal
    look: Look
    family: Family
    is_parent: bool = False

    @property
    def sku(self) -> str:
        return str(self.row["sku"])


def items(families: Sequence[Family]) -> Iterator[Item]:
    """Every product of the families, parents before their variants; barcodes are numbered in this order."""
    number = 0
    for family in families:
        for model in family.models:
            for item in _model(family, model):
                number += 1
                barcode = {} if item.is_parent else {"barcode": ean(number)}
                yield Item({**item.row, **barcode}, item.price, item.look, family, item.is_parent)


def _model(family: Family, model: Model) -> Iterator[Item]:
    sku = f"LH-{family.code}{model.code}"
    picture = family.look.with_(**model.look)
    attributes = {**family.attributes, **model.attributes}
    price = Decimal(model.price)
    name, name_zh = family.name.format(**model.words), family.name_zh.format(**model.words)
    row = _row(family, sku, name, name_zh, attributes)
    if not family.choices:
        yield Item(row, price, picture, family)
        return
    yield Item(row, price, picture.with_(**family.choices[0].look), family, is_parent=True)
    for choice in family.choices:
        own = _row(
            family,
            f"{sku}-{choice.suffix}",
            f"{name}, {choice.name}",
            f"{name_zh} {choice.name_zh}",
            {**attributes, **choice.attributes},
        )
        dearer = (price * choice.factor).quantize(CENT, ROUND_HALF_UP)
        yield Item({**own, "parent": sku}, dearer, picture.with_(**choice.look), family)


def _row(family: Family, sku: str, name: str, name_zh: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sku": sku,
        "title": name,
        "title_zh-hans": name_zh,
        "description": family.about,
        "description_zh-hans": family.about_zh,
        "external_key": f"ERP-{sku.removeprefix('LH-')}",
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
        "origin": "CN",
    }


def ean(number: int) -> str:
    """An EAN-13 of the range kept for use inside a firm (prefix 200).

    >>> ean(1)
    '2004170000011'
    """
    digits = f"200417{number:06d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)
