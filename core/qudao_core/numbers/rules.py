"""The one reader of numbers. Plain Python; what separates digits in a language comes from CLDR (babel).

A separator is read only where its meaning is sure: from the value (``1,234.56``), from other values of the same file
(:func:`evidence`), or from the language of the person who typed it (:func:`number_format_of`). Everything else is
refused with both readings, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

#: No number anybody means has more characters; a longer text only costs time.
LONGEST = 40
NOT_A_NUMBER, AMBIGUOUS, TOO_LARGE, TOO_MANY_DECIMALS = (
    "not_a_number",
    "ambiguous_number",
    "too_large",
    "too_many_decimals",
)


class NumberError(ValueError):
    """The text is no number that can be taken. ``code`` is stable, ``params`` are the figures of its message.

    ``ambiguous_number`` has ``readings``: the two numbers it could be, as texts with a decimal point.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    @property
    def readings(self) -> tuple[str, str]:
        """Both readings of an ambiguous number."""
        found = self.params.get("readings", ("", ""))
        assert isinstance(found, tuple)
        return found


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What is known of the separators of a text: ``decimal`` before the decimals, ``group`` between thousands.

    Both empty: nothing is known. ``mixed``: the file contradicts itself. ``strict``: digits and a point only.
    """

    decimal: str = ""
    group: str = ""
    mixed: bool = False
    strict: bool = False


#: What programs send: digits, a point before the decimals, nothing else.
PROGRAM = NumberFormat(".", strict=True)
#: A file that has not shown how it writes numbers.
UNKNOWN = NumberFormat()
POINT, COMMA, MIXED = NumberFormat(".", ","), NumberFormat(",", "."), NumberFormat(mixed=True)

_GROUP, _SURE = "'", "\u066b"
_SPACES = " \u00a0\u2002\u2003\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
#: Full-width digits and letters, as Chinese input methods write them. (NFKC would read 3² as 32.)
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALIKE = (
    _WIDTHS
    | dict.fromkeys(map(ord, _SPACES + "’‘ʼ＇٬"), _GROUP)
    | dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d"), "-")
    | {0xFE50: ",", 0xFE52: ".", 0x3002: _SURE, 0xFF61: _SURE}
)
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x061C))
_NUMBER = re.compile(rf"([+-]?){_GROUP}?([\d.,{_GROUP}{_SURE}]+)", re.ASCII)
_PROGRAM = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_OPEN = re.compile(r"^[^.,]*(?:,[^.,]*|[1-9]\d{0,2}\.\d{3}(?!\d)[^.,]*)$", re.ASCII)
_CURRENCY = r"(?:[¥￥$€£₩]|元|人民币|RMB|CNY|USD|EUR|GBP|HKD|HK\$|US\$)"
_AMOUNT = re.compile(
    rf"(?:([-+\u2212－]?)\s*{_CURRENCY}\s*)?(.*?)(?:\s*{_CURRENCY})?", re.IGNORECASE | re.DOTALL
)


def read_number(text: str, marks: NumberFormat = UNKNOWN) -> Decimal:
    """The number a text says.

    >>> read_number("１，２３４．５０"), read_number("1.234,5"), read_number("1 250", POINT)
    (Decimal('1234.50'), Decimal('1234.5'), Decimal('1250'))

    :raises NumberError: ``not_a_number``; ``ambiguous_number`` where a separator has two meanings.
    """
    if len(text) > LONGEST * 4:
        raise NumberError(NOT_A_NUMBER, value=text[:LONGEST])
    if marks.strict:
        return _read_strictly(text)
    sign, body = _parts(text)
    whole, decimals = _split(body, marks, text)
    return Decimal(f"{sign}{whole or 0}.{decimals or 0}") if decimals else Decimal(f"{sign}{whole}")


def read_amount(text: str, marks: NumberFormat = UNKNOWN) -> Decimal:
    """As :func:`read_number`, for prices: a currency may stand before or behind (``¥12.50``, ``12.50 元``).

    :raises NumberError: as :func:`read_number`.
    """
    found = _AMOUNT.fullmatch(text.strip())
    assert found is not None  # both currencies and the sign may be missing
    return read_number((found.group(1) or "") + found.group(2), marks)


def bounded(number: Decimal, *, places: int, digits: int = 14) -> Decimal:
    """``number`` where a column of ``digits`` digits with ``places`` decimals holds it.

    :raises NumberError: ``too_large`` (``max``), ``too_many_decimals`` (``places``).
    """
    limit = Decimal(10) ** (digits - places)
    if not number.is_finite():
        raise NumberError(NOT_A_NUMBER, value=str(number))
    if abs(number) >= limit:
        raise NumberError(TOO_LARGE, max=str(limit - 1))
    if has_more_places(number, places):
        raise NumberError(TOO_MANY_DECIMALS, places=places)
    return number


def has_more_places(number: Decimal, places: int) -> bool:
    """Whether ``number`` says something beyond ``places`` decimals: ``1.500`` does not beyond one.

    >>> has_more_places(Decimal("1.500"), 1), has_more_places(Decimal("0.5"), 0)
    (False, True)
    """
    return -int(number.normalize().as_tuple().exponent) > places if number else False


@cache
def number_format_of(language: str) -> NumberFormat:
    """How people write numbers in ``language`` (``en``, ``zh-hans``, ``de``), by CLDR; English where it is unknown.

    >>> number_format_of("de")
    NumberFormat(decimal=',', group='.', mixed=False, strict=False)
    """
    try:
        locale = Locale.parse(language or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    decimal, group = get_decimal_symbol(locale), get_group_symbol(locale)
    return NumberFormat(decimal.translate(_ALIKE), group.translate(_ALIKE))


def evidence(texts: Iterable[str]) -> NumberFormat:
    """What the values of a file prove about its separators; :data:`MIXED` where they contradict each other.

    >>> evidence(["12,50", "1.250"]), evidence(["1,250"]) == UNKNOWN
    (NumberFormat(decimal=',', group='.', mixed=False, strict=False), True)
    """
    proved = set(filter(None, map(_proof, texts)))
    if len(proved) > 1:
        return MIXED
    return {".": POINT, ",": COMMA}[proved.pop()] if proved else UNKNOWN


def is_ambiguous(text: str) -> bool:
    """Whether only other values of the file can say what ``text`` means: ``1.250``, ``1,5``, but not ``12.50``."""
    return bool(_OPEN.search(text.translate(_ALIKE)))


class TextWithFormat(str):
    """A text of a file together with what the file shows of its separators, for whoever reads it later."""

    marks: NumberFormat = UNKNOWN

    @classmethod
    def of(cls, text: str, marks: NumberFormat) -> TextWithFormat:
        found = cls(text)
        found.marks = marks
        return found


def first_known_format(*found: NumberFormat) -> NumberFormat:
    """The first of these that knows anything: a column's own evidence before that of the whole file."""
    return next((marks for marks in found if marks != UNKNOWN), UNKNOWN)


def _proof(text: str) -> str:
    """The decimal mark this value proves, ``""`` where it proves none."""
    if not ("," in text or "." in text or "，" in text or "．" in text) or len(text) > LONGEST * 2:
        return ""
    try:
        found = _AMOUNT.fullmatch(text.strip())
        _sign, body = _parts(found.group(2) if found else text)
    except NumberError:
        return ""
    kinds = [letter for letter in body if letter in ",."]
    if len(set(kinds)) == 2:
        return kinds[-1] if kinds.count(kinds[-1]) == 1 and _grouped(body.rpartition(kinds[-1])[0]) else ""
    if len(kinds) > 1:
        return {",": ".", ".": ","}[kinds[0]] if _grouped(body) else ""
    if not kinds or body.endswith(kinds[0]):
        return ""
    return "" if _grouped(body) and _GROUP not in body else kinds[0]


def _read_strictly(text: str) -> Decimal:
    plain = text.strip()
    if _PROGRAM.fullmatch(plain) and len(plain) <= LONGEST:
        return Decimal(plain)
    try:
        read_number(text, NumberFormat(".", ","))
    except NumberError as error:
        if error.code == AMBIGUOUS:
            raise
    else:
        _refuse_thousands(text)
    raise NumberError(NOT_A_NUMBER, value=text[:LONGEST])


def _refuse_thousands(text: str) -> None:
    """``1,250`` from a program: 1250 or 1.25 is asked, not guessed."""
    body = _parts(text)[1]
    if body.count(",") == 1 and not set(body) & {".", _GROUP, _SURE}:
        raise _ambiguous(text, body, ",")


def _parts(text: str) -> tuple[str, str]:
    """Sign and digits with separators, in ASCII."""
    plain = text.translate(_INVISIBLE).strip().translate(_ALIKE)
    plain = "".join(_digit(letter) for letter in plain)
    found = _NUMBER.fullmatch(plain)
    if found is None or len(plain) > LONGEST or not any(letter.isdigit() for letter in plain):
        raise NumberError(NOT_A_NUMBER, value=text[:LONGEST])
    return found.group(1), found.group(2)


def _digit(letter: str) -> str:
    """Digits of every script as ASCII; ``3²`` stays what it is, because ² is no decimal digit."""
    return letter if letter.isascii() or not letter.isdecimal() else str(unicodedata.decimal(letter))


def _split(body: str, marks: NumberFormat, text: str) -> tuple[str, str]:
    """The digits before and behind the decimal mark."""
    kinds = {letter for letter in body if not letter.isdigit()}
    mark = _decimal_mark(body, kinds, marks, text)
    whole, _mark, decimals = body.partition(mark) if mark else (body, "", "")
    if decimals and not decimals.isdigit():
        raise NumberError(NOT_A_NUMBER, value=text[:LONGEST])
    if not whole.isdigit() and whole and not _grouped(whole):
        raise NumberError(NOT_A_NUMBER, value=text[:LONGEST])
    return "".join(filter(str.isdigit, whole)), decimals


def _decimal_mark(body: str, kinds: set[str], marks: NumberFormat, text: str) -> str:
    """Which of the separators in ``body`` stands before decimals; ``""`` for none.

    :raises NumberError: ``ambiguous_number``, ``not_a_number``.
    """
    if _SURE in kinds:
        return _SURE
    others = kinds - {_GROUP}
    if not others:
        return ""
    if len(others) == 2:
        return max(others, key=body.rindex)
    mark = others.pop()
    if _GROUP in kinds:
        return mark
    if body.count(mark) > 1:
        return ""
    return _single_mark(body, mark, marks, text)


def _single_mark(body: str, mark: str, marks: NumberFormat, text: str) -> str:
    """One point or comma and nothing else: the only case in which a value does not say enough."""
    if body.endswith(mark):
        if mark != (marks.decimal or "."):
            raise NumberError(NOT_A_NUMBER, value=text[:LONGEST])
        return mark
    may_group = _grouped(body)
    if mark == marks.decimal:
        return mark
    if mark == marks.group and may_group:
        return ""
    if mark == "." and not marks.decimal and not (marks.mixed and may_group):
        return mark  # what documentation asks files to write
    raise _ambiguous(text, body, mark)


def _grouped(whole: str) -> bool:
    """Digits in threes behind one kind of separator (in India in twos before the last three)."""
    return bool(
        re.fullmatch(r"[1-9]\d{0,2}(?:([.,'])\d{3})(?:\1\d{3})*|[1-9]\d?([.,'])(?:\d{2}\2)+\d{3}", whole)
    ) or (whole.isdigit())


def _ambiguous(text: str, body: str, mark: str) -> NumberError:
    sign = "-" if text.strip()[:1] in "-\u2212" else ""
    whole, _mark, decimals = body.partition(mark)
    shown = sign + (whole or "0") + "." + decimals
    joined = sign + str(int(whole + decimals))
    return NumberError(AMBIGUOUS, value=text.strip()[:LONGEST], readings=(_plain(shown), joined))


def _plain(shown: str) -> str:
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def format_number(number: Decimal) -> str:
    """Digits without zeros that say nothing and without an exponent: ``36.000`` → ``36``.

    >>> format_number(Decimal("1200.500")), format_number(Decimal("1E+2"))
    ('1200.5', '100')
    """
    return _plain(format(number, "f"))


# --- Answers of the API: every field of a kind has the same number of places ---

QUANTITY, UNIT_PRICE, AMOUNT, RATE = Decimal("0.001"), Decimal("0.0001"), Decimal("0.01"), Decimal("0.0001")
_WIDE = Context(prec=40)


def quantity(number: Decimal | None) -> Decimal | None:
    """Three places: ``1`` → ``1.000``."""
    return None if number is None else number.quantize(QUANTITY, context=_WIDE)


def unit_price(number: Decimal | None) -> Decimal | None:
    """Four places; percentages of price lists too."""
    return None if number is None else number.quantize(UNIT_PRICE, context=_WIDE)


def amount(number: Decimal | None) -> Decimal | None:
    """Two places."""
    return None if number is None else number.quantize(AMOUNT, context=_WIDE)


def rate(number: Decimal | None) -> Decimal | None:
    """A fraction with four places: ``0.13`` → ``0.1300``."""
    return None if number is None else number.quantize(RATE, context=_WIDE)
