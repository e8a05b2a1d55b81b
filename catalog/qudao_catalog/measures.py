"""Units and quantities: a number of a unit that knows how finely it may be divided. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qudao_core.numbers import rules as numbers

#: No quantity of the platform is larger: it is what the database columns hold.
LARGEST = Decimal("99999999999.999")
#: What columns hold; the places of a unit nothing is known of.
MOST_DECIMALS = 3


class UnitName(str):
    """The name of a unit, as for one of it; ``plural`` is its form for every other number, where it has one."""

    plural: str = ""

    @classmethod
    def of(cls, name: str, plural: str = "") -> UnitName:
        found = cls(name)
        found.plural = plural or name
        return found


def unit_form(unit: str, quantity: Decimal | int | None) -> str:
    """``unit`` as it stands behind ``quantity``: ``piece`` behind 1, ``pieces`` behind everything else.

    >>> unit_form(UnitName.of("box", "boxes"), Decimal("1.000")), unit_form(UnitName.of("box", "boxes"), 0)
    ('box', 'boxes')
    """
    return str(unit) if quantity is not None and quantity == 1 else str(getattr(unit, "plural", "") or unit)


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit of sale or packing. ``decimals``: how many places a quantity of it may have."""

    code: str = ""
    name: str = ""
    plural: str = ""
    name_zh: str = ""
    decimals: int = MOST_DECIMALS

    def label(self, language: str) -> UnitName:
        """Its name in ``language``, with the plural where the language has one."""
        if self.name_zh and language.startswith("zh"):
            return UnitName.of(self.name_zh)
        return UnitName.of(self.name or self.code, self.plural)


#: A unit nothing is known of: as fine as the columns are.
ANY_UNIT = UnitFacts()


class QuantityError(ValueError):
    """A number that is no quantity of its unit. ``code`` is stable: ``quantity_fractional``, ``quantity_too_large``,
    ``quantity_unreadable`` (not finite).
    """

    def __init__(self, code: str, unit: UnitFacts) -> None:
        super().__init__(code)
        self.code, self.unit = code, unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """``number`` of ``unit``. There is no such value for half a piece: making it fails.

    >>> Quantity(Decimal("2.000"), UnitFacts("pcs", "piece", decimals=0)).number
    Decimal('2.000')

    :raises QuantityError:
    """

    number: Decimal
    unit: UnitFacts = ANY_UNIT

    def __post_init__(self) -> None:
        if not self.number.is_finite():
            raise QuantityError("quantity_unreadable", self.unit)
        if abs(self.number) > LARGEST:
            raise QuantityError("quantity_too_large", self.unit)
        if numbers.has_more_places(self.number, self.unit.decimals):
            raise QuantityError("quantity_fractional", self.unit)


def quantity_fault(number: Decimal, unit: UnitFacts) -> str | None:
    """The code of why ``number`` is no quantity of ``unit``, or ``None``."""
    try:
        Quantity(number, unit)
    except QuantityError as error:
        return error.code
    return None
