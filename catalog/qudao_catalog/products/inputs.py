"""Read the fields of a product that come from outside (API, import file, form). Plain Python, no database.

A field that is absent stays as it is; an empty one is cleared. Codes of other rows are only read here;
``services`` looks them up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qudao_core.numbers import rules as numbers

STATUSES = ("active", "announced", "discontinued")
TRUE = frozenset({"1", "true", "yes", "y", "on", "是"})
FALSE = frozenset({"0", "false", "no", "n", "off", "否"})
#: Any printable text; ``ext:``, ``id:`` … say in references what kind of name follows.
_SKU = re.compile(r"(?!(?:ext|id|sku|barcode):)[^\x00-\x1f\x7f\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class InputIssue:
    """A value that cannot be taken. ``code`` is stable; ``params`` are the figures of the message."""

    code: str
    field: str
    params: dict[str, object] = field(default_factory=dict)


class InputError(ValueError):
    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class CleanRow:
    """A row whose values have the right types. ``values`` holds only what was given."""

    sku: str
    values: dict[str, Any]
    issues: tuple[InputIssue, ...] = ()


def clean_row(row: Mapping[str, Any]) -> CleanRow:
    """One product as given: ``sku`` and any of :data:`FIELDS`. Issues are collected, not raised.

    ``title_zh-hans`` (or ``title:zh-hans``) is the title in that language; ``description`` works the
    same way. ``attributes`` is a mapping of attribute code to value; ``attribute:<code>`` sets one.
    """
    issues: list[InputIssue] = []
    values: dict[str, Any] = {}
    sku = _clean("sku", _sku, row.get("sku"), issues) or ""
    for name, raw in row.items():
        if name == "sku":
            continue
        base, mark, rest = _split(str(name))
        if mark and base in ("title", "description"):
            values.setdefault(f"{base}s", {})[rest] = _clean(name, TRANSLATED[base], raw, issues)
        elif mark and base == "attribute":
            values.setdefault("attributes", {})[rest] = raw
        elif name not in FIELDS:
            issues.append(InputIssue("unknown_field", str(name), {"known": sorted(FIELDS)}))
        elif name == "attributes":
            values.setdefault("attributes", {}).update(_clean(name, _mapping, raw, issues) or {})
        else:
            values[name] = _clean(name, FIELDS[name], raw, issues)
    bad = {issue.field for issue in issues}
    return CleanRow(sku, {k: v for k, v in values.items() if k not in bad}, tuple(issues))


def as_sent(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a program: its numbers are digits with a point, however they would be read elsewhere."""
    return {name: _sent(name, raw) for name, raw in row.items()}


def _sent(name: str, raw: Any) -> Any:
    if name == "attributes" and isinstance(raw, Mapping):
        return {code: _sent("attribute:", value) for code, value in raw.items()}
    number = name in NUMBERS or name.startswith("attribute:")
    return numbers.TextWithFormat.of(raw, numbers.PROGRAM) if number and isinstance(raw, str) else raw


def _split(name: str) -> tuple[str, str, str]:
    base, mark, rest = name.partition(":")
    if not mark and name.startswith(("title_", "description_")):
        base, mark, rest = name.partition("_")
    return base, mark, "zh-hans" if rest in ("zh", "zh_hans", "zh-cn") else rest


def _clean(name: str, read: Callable[[Any], Any], raw: Any, issues: list[InputIssue]) -> Any:
    try:
        return read(raw)
    except InputError as error:
        issues.append(InputIssue(error.code, name, error.params))
        return None


def _sku(raw: Any) -> str:
    text = _text(64)(raw)
    if not text:
        raise InputError("required")
    if not _SKU.fullmatch(text):
        raise InputError("invalid_sku", value=text)
    return text


def _text(longest: int, *, required: bool = False) -> Callable[[Any], str]:
    def read(raw: Any) -> str:
        if raw is not None and not isinstance(raw, str | int | Decimal):
            raise InputError("not_a_text")
        text = "" if raw is None else str(raw).strip()
        if "\x00" in text:
            raise InputError("not_a_text")
        if len(text) > longest:
            raise InputError("too_long", longest=longest, length=len(text))
        if required and not text:
            raise InputError("required")
        return text

    return read


def _number(*, places: int = 3, digits: int = 11, empty: bool = False) -> Callable[[Any], Decimal | None]:
    def read(raw: Any) -> Decimal | None:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if empty:
                return None
            raise InputError("required")
        if isinstance(raw, bool):
            raise InputError("not_a_number", value=str(raw))
        number = read_number(raw)
        if not number.is_finite() or number <= 0 or number >= Decimal(10) ** digits:
            raise InputError("not_positive", value=str(raw)[:40])
        if numbers.has_more_places(number, places):
            raise InputError("too_many_decimals", places=places)
        return number

    return read


def read_number(raw: Any) -> Decimal:
    """A number as it was given; a :class:`numbers.TextWithFormat` text says how its source writes numbers.

    :raises InputError: ``not_a_number``; ``ambiguous_number`` with ``one`` and ``other``.
    """
    if isinstance(raw, Decimal) or (isinstance(raw, int) and not isinstance(raw, bool)):
        return Decimal(raw)
    try:
        return numbers.read_number(str(raw), getattr(raw, "marks", numbers.UNKNOWN))
    except numbers.NumberError as error:
        if error.code == numbers.AMBIGUOUS:
            one, other = error.readings
            raise InputError(error.code, value=str(raw)[:40], one=one, other=other) from error
        raise InputError("not_a_number", value=str(raw)[:40]) from error


def _flag(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().casefold()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise InputError("not_a_flag", value=text[:20])


def _status(raw: Any) -> str:
    text = str(raw or "").strip().casefold()
    if text not in STATUSES:
        raise InputError("unknown_choice", value=text[:20], known=list(STATUSES))
    return text


def _list(raw: Any) -> tuple[str, ...]:
    """A list, or a text whose parts are separated by ``|`` or ``;`` or a line break."""
    if raw is None:
        return ()
    if isinstance(raw, str):
        raw = re.split(r"[|;；\n]", raw)
    if not isinstance(raw, Iterable) or isinstance(raw, Mapping | bytes):
        raise InputError("not_a_list")
    return tuple(dict.fromkeys(text for text in (str(each).strip() for each in raw) if text))


def _mapping(raw: Any) -> dict[str, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise InputError("not_a_mapping")
    return {str(key): value for key, value in raw.items()}


def _country(raw: Any) -> str:
    text = _text(2)(raw).upper()
    if text and not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise InputError("unknown_choice", value=text, known=["CN", "DE", "…"])
    return text


NUMBERS = frozenset({"pack_size", "min_quantity", "max_quantity", "weight_kg"})
TRANSLATED: dict[str, Callable[[Any], Any]] = {"title": _text(255), "description": _text(20_000)}


def _translations(read: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    return lambda raw: {language: read(text) for language, text in _mapping(raw).items()}


#: What may be set, and how it is read.
FIELDS: dict[str, Callable[[Any], Any]] = {
    "title": _text(255, required=True),
    "titles": _translations(TRANSLATED["title"]),
    "description": _text(20_000),
    "descriptions": _translations(TRANSLATED["description"]),
    "external_key": _text(80),
    "barcode": _text(32),
    "status": _status,
    "line": _text(40),
    "unit": _text(20),
    "pack_unit": _text(20),
    "pack_size": _number(),
    "sold_in_packs": _flag,
    "min_quantity": _number(),
    "max_quantity": _number(empty=True),
    "tax_class": _text(40),
    "product_type": _text(128),
    "parent": _text(64),
    "replacement": _text(64),
    "categories": _list,
    "attributes": _mapping,
    "weight_kg": _number(digits=7, empty=True),
    "origin": _country,
    "is_public": _flag,
}
