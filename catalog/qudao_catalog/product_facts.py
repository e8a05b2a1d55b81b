"""What ordering, pricing and lists must know of one product: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .measures import UnitFacts

ACTIVE, ANNOUNCED, DISCONTINUED = "active", "announced", "discontinued"


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What ordering, pricing and lists must know of one orderable product (standalone or variant).

    Quantities are in ``unit``; ``pack_size`` is units per ``pack_unit`` (1 and ``""`` when it is not packed).
    ``tax_rate`` is a fraction. ``picture`` is the stored name of the main picture, ``""`` without one.
    """

    id: int
    sku: str
    title: str
    title_zh: str = ""
    line_id: int | None = None
    line_code: str = ""
    unit: str = "piece"
    unit_zh: str = ""
    unit_decimals: int = 0
    pack_unit: str = ""
    pack_unit_zh: str = ""
    pack_size: Decimal = Decimal(1)
    sold_in_packs: bool = False
    min_quantity: Decimal = Decimal(1)
    max_quantity: Decimal | None = None
    tax_rate: Decimal = Decimal(0)
    status: str = ACTIVE
    replacement_id: int | None = None
    barcode: str = ""
    external_key: str = ""
    parent_id: int | None = None
    picture: str = ""
    unit_code: str = ""
    pack_unit_code: str = ""
    tax_code: str = ""

    @property
    def measure(self) -> UnitFacts:
        """The unit, with what it says of fractions."""
        plural = str(getattr(self.unit, "plural", ""))
        return UnitFacts(self.unit_code, str(self.unit), plural, str(self.unit_zh), self.unit_decimals)

    @property
    def pk(self) -> int:
        return self.id

    def name(self, language: str) -> str:
        """The title in ``language`` (``zh-hans`` or ``en``), else in the source language."""
        return self.title_zh if self.title_zh and language.startswith("zh") else self.title

    def unit_name(self, language: str) -> str:
        return self.unit_zh if self.unit_zh and language.startswith("zh") else self.unit

    def pack_name(self, language: str) -> str:
        return self.pack_unit_zh if self.pack_unit_zh and language.startswith("zh") else self.pack_unit

    @property
    def step(self) -> Decimal:
        """What an allowed quantity is a multiple of: the pack, or the smallest part of the unit."""
        return self.pack_size if self.sold_in_packs else Decimal(1).scaleb(-self.unit_decimals)
