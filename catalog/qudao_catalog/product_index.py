"""The products at their positions, and sets of them as bitmaps.

A bitmap is a whole number whose bit at a product's position says whether the product is in the set.

"And", "or" and counting are single operations of Python's integers, microseconds for 50,000 products. Plain Python.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from itertools import compress, islice

#: One bit per position.
Bitmap = int
_BITS = bytes.maketrans(b"01", b"\x00\x01")
#: Prices are whole numbers of this; the columns hold 64 bits.
PRICE_STEP = Decimal("0.0001")
NO_PRICE = -1


def bitmap(positions: Iterable[int], size: int) -> Bitmap:
    """
    >>> bin(bitmap([0, 3], size=5))
    '0b1001'
    """
    flags = bytearray(b"0") * size
    for position in positions:
        flags[position] = 49
    flags.reverse()
    return int(bytes(flags), 2) if size else 0


def everything(size: int) -> Bitmap:
    return (1 << size) - 1


def mask(bits: Bitmap, size: int) -> bytes:
    """A byte 0 or 1 for each position.

    >>> list(mask(0b1001, size=5))
    [1, 0, 0, 1, 0]
    """
    return format(bits, f"0{size}b").encode().translate(_BITS)[::-1] if size else b""


def positions(bits: Bitmap, size: int) -> Iterator[int]:
    """The positions in a set, smallest first."""
    return compress(range(size), mask(bits, size))


def window(bits: Bitmap, size: int, order: Sequence[int], start: int, count: int) -> list[int]:
    """``count`` positions of a set in the order ``order``, from the ``start``-th on."""
    wanted = mask(bits, size)
    return list(islice(compress(order, map(wanted.__getitem__, order)), start, start + count))


@dataclass(frozen=True, slots=True)
class ProductIndex:
    """The products that can be ordered, at positions by SKU; equal for everybody.

    ``serial`` is another one for each index that was made: what is kept about positions counts for one index only.
    ``lowest`` is the smallest quantity that may be ordered.
    """

    serial: int
    ids: Sequence[int]
    position: Mapping[int, int]
    by_id: Sequence[int]
    lowest: Sequence[Decimal]
    line_ids: Sequence[int | None]
    statuses: Mapping[str, Bitmap]
    children: Mapping[int, tuple[int, ...]]

    @property
    def size(self) -> int:
        return len(self.ids)

    def bitmap(self, ids: Iterable[int]) -> Bitmap:
        """The set of the products ``ids``; others are left out."""
        place = self.position.get
        return bitmap((found for pk in ids if (found := place(pk)) is not None), self.size)

    def products(self, bits: Bitmap) -> list[int]:
        """The ids of a set."""
        return list(compress(self.ids, mask(bits, self.size)))


@dataclass(frozen=True)
class OwnPrices:
    """What one viewer pays for the smallest quantity of each product: ``values`` by position, in 1/10,000."""

    index: ProductIndex
    values: array[int]

    @cached_property
    def _priced(self) -> array[int]:
        """Positions of what has a price, by price and then by id."""
        values = self.values
        priced = [place for place in self.index.by_id if values[place] != NO_PRICE]
        return array("l", sorted(priced, key=values.__getitem__))

    @cached_property
    def _unpriced(self) -> array[int]:
        return array("l", (place for place in self.index.by_id if self.values[place] == NO_PRICE))

    @cached_property
    def ascending(self) -> Sequence[int]:
        """All positions by price, then by id; products without a price last."""
        return self._priced + self._unpriced

    @cached_property
    def descending(self) -> Sequence[int]:
        values = self.values
        priced = [place for place in self.index.by_id if values[place] != NO_PRICE]
        return array("l", sorted(priced, key=values.__getitem__, reverse=True)) + self._unpriced

    def between(self, low: Decimal | None, high: Decimal | None) -> Bitmap:
        """Products with a price from ``low`` to ``high``, both included."""
        order, value = self._priced, self.values.__getitem__
        start, stop = 0, len(order)
        if low is not None:
            start = bisect_left(order, _steps(low, ROUND_CEILING), key=value)
        if high is not None:
            stop = bisect_right(order, _steps(high, ROUND_FLOOR), key=value)
        return bitmap(order[start:stop], self.index.size)

    def span(self, bits: Bitmap) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest price in a set; ``None`` when nothing in it has one."""
        wanted = mask(bits, self.index.size)
        low = next((place for place in self._priced if wanted[place]), None)
        if low is None:
            return None
        high = next(place for place in reversed(self._priced) if wanted[place])
        return self.values[low] * PRICE_STEP, self.values[high] * PRICE_STEP


def _steps(price: Decimal, rounding: str) -> int:
    return int((price / PRICE_STEP).to_integral_value(rounding=rounding))


@dataclass(frozen=True, slots=True)
class AttributeColumn:
    """The values of one filter: sets by option or yes/no, and numbers with their positions, smallest first."""

    sets: Mapping[int | bool, Bitmap]
    numbers: Sequence[float]
    places: Sequence[int]
    size: int

    def within(self, keys: Iterable[int | bool], low: Decimal | None, high: Decimal | None) -> Bitmap:
        """Products with one of the options, or with a number between the bounds."""
        if low is None and high is None:
            found = 0
            for key in keys:
                found |= self.sets.get(key, 0)
            return found
        start = 0 if low is None else bisect_left(self.numbers, float(low))
        stop = len(self.numbers) if high is None else bisect_right(self.numbers, float(high))
        return bitmap(self.places[start:stop], self.size)

    def span(self, bits: Bitmap) -> tuple[float | None, float | None]:
        """The smallest and the largest number in a set."""
        if not self.numbers:
            return None, None
        wanted = mask(bits, self.size)
        is_in = wanted.__getitem__
        low = next(compress(self.numbers, map(is_in, self.places)), None)
        return low, next(compress(reversed(self.numbers), map(is_in, reversed(self.places))), None)
