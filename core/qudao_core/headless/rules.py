"""The conventions of the API in plain Python: references, fingerprints, entity tags, rate windows."""

from __future__ import annotations

import difflib
import hashlib
import json
import math
import re
import secrets
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOKEN_MARK = "qd_"
PREFIX_LENGTH = 9
MAX_KEY_LENGTH = 200
MAX_ID = 2**63 - 1
MAX_ID_DIGITS = 19
#: What is shown of a name that a caller invented.
LONGEST_NAME = 80


#: A longer text names nothing: no number, code or key of ours has more characters.
MAX_REFERENCE = 200
_KIND = re.compile(r"([a-z]{2,12}):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reference:
    """How a caller names a thing: ``kind`` of name (``id``, ``ext``, ``code`` …; empty: not said) and the name."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}" if self.kind else self.value

    @property
    def id(self) -> int | None:
        """The id that is named, if the value can be one."""
        digits = self.value.isascii() and self.value.isdigit() and len(self.value) <= 19
        return int(self.value) if digits and 0 < int(self.value) <= MAX_ID else None


#: Stands for a text that cannot name anything.
NOTHING = Reference("", "")


def parse_reference(given: object) -> Reference | None:
    """Read ``42``, ``SO-1001`` or ``ext:ABC-1`` (a short word before a colon says what kind of name follows).

    A whole number (from JSON) is an id. ``None`` for what cannot name a thing: empty, blank, too long, with
    control characters, of another type.

    >>> parse_reference(42), parse_reference("ext:A:1"), parse_reference("ABC"), parse_reference("ext:")
    (Reference(kind='id', value='42'), Reference(kind='ext', value='A:1'), Reference(kind='', value='ABC'), None)
    """
    if isinstance(given, int) and not isinstance(given, bool):
        return Reference("id", str(given)) if 0 < given <= MAX_ID else None
    if not isinstance(given, str):
        return None
    text = given.strip()
    if not text or len(text) > MAX_REFERENCE or not text.isprintable():
        return None
    match = _KIND.fullmatch(text)
    if match is None:
        return Reference("", text)
    kind, value = match[1], match[2].strip()
    return Reference(kind, value) if value else None


def fingerprint(*, method: str, path: str, company_id: int | None, body: str) -> str:
    """A hash that is equal for equal requests: same verb, address, company and content; `body` is its hash."""
    text = json.dumps([method, path, company_id, body], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def part_key(key: str, part: str) -> str:
    """The name under which one part of a request is kept. No caller's own key looks like it: those are ASCII.

    >>> part_key("k", "SO-1") != part_key("k", "SO-2") and not part_key("k", "SO-1").isascii()
    True
    """
    return "§" + hashlib.sha256(f"{key}\x1f{part}".encode()).hexdigest()


#: Longer answers are kept packed; what is longer than this even so is not kept.
PLAIN_ANSWER, PACKED_ANSWER = 4_096, 1_048_576


def pack_answer(body: bytes) -> tuple[str, bytes | None]:
    """An answer as it is kept for repeats: as text, or packed (``b""`` then); ``None`` if too long for both.

    >>> pack_answer(b"[]")
    ('[]', b'')
    """
    if len(body) <= PLAIN_ANSWER:
        return body.decode(), b""
    packed = zlib.compress(body, 1)
    return "", packed if len(packed) <= PACKED_ANSWER else None


def unpack_answer(text: str, packed: bytes) -> bytes:
    """The answer that :func:`pack_answer` kept."""
    return zlib.decompress(packed) if packed else text.encode()


def entity_tag(*parts: object) -> str:
    """A strong ETag from whatever identifies one state of a document (its kind, id, version, language …).

    >>> entity_tag("cart", 1, 2) == entity_tag("cart", 1, 2) != entity_tag("cart", 1, 3)
    True
    """
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()
    return f'"{digest[:24]}"'


def document_tag(document: bytes, state: str = "") -> str:
    """An ETag in two parts: the state that writers may change, and the document as it is shown now.

    >>> state_of(document_tag(b"[1]", entity_tag("cart", 1, 2))) == entity_tag("cart", 1, 2)
    True
    """
    shown = entity_tag(hashlib.sha256(document).hexdigest())
    return f"{state[:-1]}.{shown[1:]}" if state else shown


def state_of(etag: str) -> str:
    """The state that a tag names, without what the document showed."""
    state, dot, _shown = etag.partition(".")
    return f'{state}"' if dot else etag


def tag_matches(header_tags: Sequence[str], etag: str) -> bool:
    """Whether a parsed ``If-Match`` or ``If-None-Match`` names ``etag``; weak tags count too."""
    return "*" in header_tags or etag in {tag.removeprefix("W/") for tag in header_tags}


def new_token() -> str:
    """A fresh API token: 256 random bits, recognisable by its mark."""
    return TOKEN_MARK + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token. It is long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


_PERIODS = {"s": 1, "min": 60, "m": 60, "h": 3600, "hour": 3600, "day": 86400, "d": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """``limit`` requests in every window of ``seconds``."""

    limit: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read ``600/min``.

        :raises ValueError: not a number and a period.
        """
        count, _, period = text.partition("/")
        if period not in _PERIODS or not count.isdigit() or int(count) < 1:
            raise ValueError(f"{text!r} is not a rate such as 600/min")
        return cls(int(count), _PERIODS[period])

    def window(self, now: float) -> tuple[int, int]:
        """The number of the window `now` (seconds) falls in, and the seconds until it ends (at least 1)."""
        number = int(now // self.seconds)
        return number, max(1, math.ceil((number + 1) * self.seconds - now))


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a rate after a request; ``reset`` is in seconds from now."""

    limit: int
    remaining: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.remaining < 0

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.remaining)),
            "RateLimit-Reset": str(self.reset),
        }


@dataclass(frozen=True, slots=True)
class FieldError:
    """One complaint about one input: ``path`` is dotted from the root, ``line`` counts entries from 1."""

    path: str
    code: str
    message: str
    line: int | None = None


def flatten_errors(detail: Any, path: tuple[str, ...] = (), line: int | None = None) -> list[FieldError]:
    """Turn DRF's nested error detail into a flat list in the order of the input.

    >>> class E(str): code = "required"
    >>> flatten_errors({"lines": [{}, {"sku": [E("Missing.")]}]})
    [FieldError(path='lines.1.sku', code='required', message='Missing.', line=2)]
    """
    if isinstance(detail, Mapping):
        return [
            error
            for key, value in detail.items()
            for error in flatten_errors(value, _into(path, key), _line(key, line))
        ]
    if isinstance(detail, list | tuple):
        return _flatten_list(detail, path, line)
    return [FieldError(".".join(path), str(getattr(detail, "code", "invalid")), str(detail), line)]


def _flatten_list(details: Sequence[Any], path: tuple[str, ...], line: int | None) -> list[FieldError]:
    """Messages belong to `path`; mappings and lists belong to its n-th item."""
    errors: list[FieldError] = []
    for index, detail in enumerate(details):
        nested = isinstance(detail, Mapping | list | tuple)
        errors += flatten_errors(
            detail, (*path, str(index)) if nested else path, line or index + 1 if nested else line
        )
    return errors


def _into(path: tuple[str, ...], key: Any) -> tuple[str, ...]:
    """A complaint about the whole (DRF's ``non_field_errors``) stays at the path of the whole."""
    return path if key == "non_field_errors" else (*path, str(key))


def _line(key: Any, line: int | None) -> int | None:
    """DRF names items of a list field by integer keys."""
    return key + 1 if line is None and isinstance(key, int) else line


def expand_pairs(query: Mapping[str, Sequence[str]], name: str) -> dict[str, list[str]]:
    """A query string in which ``name=key:value`` is written as ``name_key=value``, which says the same.

    The first is one declared parameter, which generated clients can send; the second is what pages' addresses have.

    >>> expand_pairs({"q": ["led"], "attr": ["colour:red", "power_min:10"]}, "attr")
    {'q': ['led'], 'attr_colour': ['red'], 'attr_power_min': ['10']}
    """
    spread = {key: list(values) for key, values in query.items() if key != name}
    for pair in query.get(name, ()):
        key, _colon, value = pair.partition(":")
        spread.setdefault(f"{name}_{key}", []).append(value)
    return spread


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with these fields (``None``: a value without names of its own), inside so many lists."""

    fields: Mapping[str, Shape | None]
    lists: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that was given and is not declared; ``path`` leads to it, ``line`` counts entries from 1."""

    given: str
    path: tuple[str, ...]
    known: Collection[str]
    line: int | None = None

    @property
    def name(self) -> str:
        return self.given[:LONGEST_NAME]

    @property
    def field(self) -> str:
        return ".".join(self.path)[: 4 * LONGEST_NAME]

    @property
    def meant(self) -> str | None:
        """The declared name it resembles."""
        return next(iter(difflib.get_close_matches(self.name.lower(), self.known, n=1, cutoff=0.7)), None)


def with_shown(taken: Shape, shown: Shape | None) -> Shape:
    """What a PUT takes, and what its document shows beside it: a document may be written back as it was read.

    >>> sorted(with_shown(Shape({"name": None}), Shape({"id": None, "name": None})).fields)
    ['id', 'name']
    """
    if shown is None:
        return taken
    fields: dict[str, Shape | None] = dict.fromkeys(shown.fields)
    for name, inner in taken.fields.items():
        fields[name] = with_shown(inner, shown.fields.get(name)) if inner else None
    return Shape(fields, taken.lists)


def unknown_names(
    shape: Shape, given: Any, path: tuple[str, ...] = (), line: int | None = None
) -> Iterator[Unknown]:
    """Names in `given` that `shape` does not have, however deep. Values of another kind are left to validation.

    >>> lines = Shape({"lines": Shape({"sku": None}, lists=1)})
    >>> [each.field for each in unknown_names(lines, {"lines": [{"sku": "A"}, {"sky": "B"}]})]
    ['lines.1.sky']
    """
    if shape.lists:
        inner = Shape(shape.fields, shape.lists - 1)
        for index, each in enumerate(given if isinstance(given, list) else ()):
            yield from unknown_names(inner, each, (*path, str(index)), line or index + 1)
    elif isinstance(given, Mapping):
        if not given.keys() <= shape.fields.keys():
            for name in given:
                if name not in shape.fields:
                    yield Unknown(str(name), (*path, str(name)[:LONGEST_NAME]), shape.fields.keys(), line)
        for name, deeper in shape.fields.items():
            if deeper is not None and name in given:
                yield from unknown_names(deeper, given[name], (*path, name), line)
