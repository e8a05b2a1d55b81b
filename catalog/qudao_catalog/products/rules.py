"""What may be ordered of a product, and how people write a quantity. Plain Python, no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from anyascii import anyascii
from qudao_core.numbers import rules as numbers

from ..measures import LARGEST, UnitFacts, quantity_fault

ONE = Decimal(1)
ACTIVE, ANNOUNCED, DISCONTINUED = "active", "announced", "discontinued"
#: A number with whatever separators, and the word for a unit behind it.
_QUANTITY = re.compile(r"([\W\d_]*[\d.,。．，])\s*([^\d\s.,。．，+-]\D*)?")
#: Words that mean the same unit. A word is compared without case, full stops and plural endings.
SAME_UNIT: tuple[frozenset[str], ...] = (
    frozenset({"piece", "pc", "pce", "ea", "each", "个", "件", "只", "支", "台", "枚"}),
    frozenset({"carton", "ctn", "case", "cs", "箱"}),
    frozenset({"box", "boxe", "bx", "盒"}),
    frozenset({"pack", "pk", "packet", "包"}),
    frozenset({"bag", "袋"}),
    frozenset({"pallet", "plt", "托", "托盘", "板"}),
    frozenset({"roll", "rl", "卷"}),
    frozenset({"reel", "drum", "盘"}),
    frozenset({"set", "套", "组"}),
    frozenset({"pair", "pr", "对", "双"}),
    frozenset({"bundle", "捆", "扎"}),
    frozenset({"metre", "meter", "m", "mtr", "米"}),
    frozenset({"kilogram", "kg", "kilo", "千克", "公斤"}),
    frozenset({"litre", "liter", "l", "升"}),
)


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


@dataclass(frozen=True, slots=True)
class QuantityIssue:
    """Why a quantity cannot be ordered. ``code`` is stable; ``params`` are the figures of the message."""

    code: str
    params: dict[str, object] = field(default_factory=dict)


class UnreadableQuantity(ValueError):
    """The text is no quantity of this product; ``issue`` says why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.issue = QuantityIssue(code, params)


def parse_quantity(text: str, facts: ProductFacts, marks: numbers.NumberFormat = numbers.POINT) -> Decimal:
    """Read what a person typed as a number of the product's units.

    ``36``, ``３６``, ``1,200``, ``3箱``, ``3 ctn``; ``marks`` says how the person writes numbers.

    The number is not checked against minimum and pack; :func:`check_quantity` does that.

    :raises UnreadableQuantity: codes ``quantity_unreadable``, ``quantity_ambiguous`` (``1,5``, with both readings),
        ``quantity_unit_unknown``, ``quantity_too_large``.
    """
    plain = str(text).strip()
    found = _QUANTITY.fullmatch(plain[: numbers.LONGEST * 2])
    if found is None or len(plain) > numbers.LONGEST * 2:
        raise UnreadableQuantity("quantity_unreadable", text=plain[:40])
    written, word = found.groups()
    number = _number(written, marks)
    quantity = number * _units_of(word.strip(), facts) if word else number
    if abs(quantity) > LARGEST:
        raise UnreadableQuantity("quantity_too_large", text=plain[:40])
    return quantity


def _number(written: str, marks: numbers.NumberFormat) -> Decimal:
    try:
        return numbers.read_number(written, marks)
    except numbers.NumberError as error:
        if error.code == numbers.AMBIGUOUS:
            one, other = error.readings
            raise UnreadableQuantity("quantity_ambiguous", text=written[:40], one=one, other=other) from error
        raise UnreadableQuantity("quantity_unreadable", text=written[:40]) from error


def check_quantity(facts: ProductFacts, quantity: Decimal) -> tuple[QuantityIssue, ...]:
    """Everything that is wrong with ordering ``quantity`` units, the most basic first; empty when nothing is.

    Codes: ``quantity_not_positive``, ``quantity_too_large``, ``quantity_fractional``, ``below_minimum``, ``off_pack``,
    ``above_maximum``.
    """
    if not quantity.is_finite() or quantity <= 0:
        return (QuantityIssue("quantity_not_positive", {"quantity": quantity}),)
    if quantity > LARGEST:
        return (QuantityIssue("quantity_too_large", {"text": f"{quantity:f}"}),)
    issues = []
    if quantity_fault(quantity, facts.measure) == "quantity_fractional":
        issues.append(QuantityIssue("quantity_fractional", {"decimals": facts.unit_decimals}))
    if quantity < facts.min_quantity:
        issues.append(QuantityIssue("below_minimum", {"minimum": lowest_quantity(facts)}))
    if facts.sold_in_packs and quantity % facts.pack_size:
        issues.append(
            QuantityIssue("off_pack", {"pack": facts.pack_size, "nearest": snap_quantity(facts, quantity)})
        )
    if facts.max_quantity is not None and quantity > facts.max_quantity:
        issues.append(QuantityIssue("above_maximum", {"maximum": highest_quantity(facts)}))
    return tuple(issues)


def snap_quantity(facts: ProductFacts, quantity: Decimal) -> Decimal:
    """The nearest quantity that may be ordered: upwards to minimum and pack, but never above the maximum.

    >>> lamp = ProductFacts(1, "A", "Lamp", pack_size=Decimal(12), sold_in_packs=True)
    >>> snap_quantity(lamp, Decimal(30))
    Decimal('36')
    """
    if not quantity.is_finite():
        return lowest_quantity(facts)
    wanted = max(_to_step(quantity, facts.step, ROUND_CEILING), lowest_quantity(facts))
    highest = highest_quantity(facts)
    return wanted if highest is None else max(min(wanted, highest), lowest_quantity(facts))


def lowest_quantity(facts: ProductFacts) -> Decimal:
    """The smallest quantity that may be ordered.

    The minimum, rounded up to whole packs where they are required.
    """
    if facts.min_quantity == 1 and not facts.sold_in_packs and not facts.unit_decimals:
        return ONE  # most products; lists ask for every row
    return _to_step(facts.min_quantity, facts.step, ROUND_CEILING)


def highest_quantity(facts: ProductFacts) -> Decimal | None:
    """The largest quantity of one line, or ``None`` without a limit."""
    if facts.max_quantity is None:
        return None
    return _to_step(facts.max_quantity, facts.step, ROUND_FLOOR)


def orderable_part(facts: ProductFacts, available: Decimal) -> Decimal | None:
    """The largest quantity up to ``available`` that may be ordered; ``None`` when there is none."""
    highest = highest_quantity(facts)
    whole = _to_step(available if highest is None else min(available, highest), facts.step, ROUND_FLOOR)
    return whole if whole >= lowest_quantity(facts) and whole > 0 else None


def pack_count(facts: ProductFacts, quantity: Decimal) -> Decimal | None:
    """How many whole packs ``quantity`` is; ``None`` when it is not packed or no whole number of packs."""
    if not facts.pack_unit or facts.pack_size <= 1 or quantity % facts.pack_size:
        return None
    return plain_number(quantity / facts.pack_size)


def plain_number(quantity: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent: ``36.000`` → ``36``.

    >>> plain_number(Decimal("1200.500"))
    Decimal('1200.5')
    """
    whole = quantity.to_integral_value()
    return whole.quantize(Decimal(1)) if quantity == whole else quantity.normalize()


def sort_key(title: str) -> str:
    """What a title is sorted by: Chinese by its sound, Latin without case and accents.

    At most 255 characters.

    >>> sorted(["网络交换机", "插座", "LED 灯"], key=sort_key)
    ['插座', 'LED 灯', '网络交换机']
    """
    return " ".join(anyascii(unicodedata.normalize("NFKC", title)).casefold().split())[:255]


def _to_step(quantity: Decimal, step: Decimal, rounding: str) -> Decimal:
    return plain_number((quantity / step).to_integral_value(rounding=rounding) * step)


def _units_of(word: str, facts: ProductFacts) -> Decimal:
    """How many units one ``word`` is."""
    units = (facts.unit, getattr(facts.unit, "plural", ""), facts.unit_zh, facts.unit_code)
    if _means(word, units, exactly=True):
        return Decimal(1)
    packs = (
        facts.pack_unit,
        getattr(facts.pack_unit, "plural", ""),
        facts.pack_unit_zh,
        facts.pack_unit_code,
    )
    if _means(word, packs, exactly=True) or _means(word, packs):
        return facts.pack_size
    if _means(word, units):
        return Decimal(1)
    raise UnreadableQuantity(
        "quantity_unit_unknown", word=word[:20], unit=facts.unit, pack_unit=facts.pack_unit
    )


def _means(word: str, names: Iterable[str], *, exactly: bool = False) -> bool:
    wanted = _stem(word)
    known = {_stem(name) for name in names if name}
    if exactly or not known:
        return wanted in known
    return any(wanted in same and not known.isdisjoint(same) for same in SAME_UNIT)


def _stem(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).strip().rstrip(".").casefold()
    return plain[:-1] if len(plain) > 2 and plain.endswith("s") else plain
