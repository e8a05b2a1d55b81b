"""What a list of products may be narrowed and sorted by, read from the address. Plain Python, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from qudao_core.numbers import rules as numbers

from ..product_references import case_variants

SORTS = ("sku", "name", "new", "price", "-price", "relevance")
#: The order of a list that a text narrows, until another is chosen; without a text it means ``sku``.
RELEVANCE = "relevance"
VIEWS = ("table", "grid")
STATUSES = ("active", "announced", "discontinued")
LONGEST_TEXT = 100
MOST_WORDS = 8
MOST_VALUES = 50
#: Attribute filters are called ``attr_<code>``, their bounds ``attr_<code>_min`` and ``_max``.
PREFIX = "attr_"


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value of a filter.

    ``value`` stands in the address, ``key`` in the database (option id or yes/no).
    """

    value: str
    key: int | bool
    label: str
    label_zh: str = ""

    def name(self, language: str) -> str:
        return self.label_zh if self.label_zh and language.startswith("zh") else self.label


@dataclass(frozen=True, slots=True)
class FacetDefinition:
    """An attribute that lists are filtered by. ``kind``: ``option``, ``flag`` or ``range``.

    Attributes of several product types with the same code are one filter.
    """

    code: str
    kind: str
    label: str
    label_zh: str = ""
    unit: str = ""
    attribute_ids: tuple[int, ...] = ()
    options: tuple[FacetOption, ...] = ()

    @property
    def key(self) -> str:
        return f"{PREFIX}{self.code}"

    def name(self, language: str) -> str:
        words = self.label_zh if self.label_zh and language.startswith("zh") else self.label
        return f"{words} ({self.unit})" if self.unit else words


@dataclass(frozen=True, slots=True)
class AttributeChoice:
    """What was chosen in one attribute filter; any one of ``keys`` is enough, both bounds are included."""

    keys: tuple[int | bool, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None

    def __bool__(self) -> bool:
        return bool(self.keys) or self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class Issue:
    """A part of the address that was not understood; pages leave it out, the API refuses it."""

    code: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What the search found by a list's text: ids of products, best first, and what it made of the words.

    ``corrected``: the text that was searched for because nothing has the one typed; ``did_you_mean``: others to try;
    ``partial``: no product has all the words, these have some; ``query_id`` names the logged query for clicks.
    """

    ids: tuple[int, ...] = ()
    corrected: str = ""
    did_you_mean: tuple[str, ...] = ()
    partial: bool = False
    query_id: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of products. Empty means "not narrowed". ``found`` is what ``words`` find, once they are looked up."""

    words: tuple[str, ...] = ()
    found: SearchResult | None = None
    category_ids: frozenset[int] = frozenset()
    lines: tuple[int, ...] = ()
    statuses: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    available: bool = False
    price_low: Decimal | None = None
    price_high: Decimal | None = None
    attributes: Mapping[str, AttributeChoice] = field(default_factory=dict)
    sort: str = "sku"
    issues: tuple[Issue, ...] = ()

    @property
    def has_price(self) -> bool:
        return self.price_low is not None or self.price_high is not None

    @property
    def active(self) -> int:
        """How many filters are set, the text not counted."""
        return len(self.lines) + self.available + self.has_price + sum(map(bool, self.attributes.values()))


def read_listing(
    query: Mapping[str, Sequence[str]],
    *,
    definitions: Iterable[FacetDefinition],
    line_ids: Mapping[str, int],
    category_ids: frozenset[int] = frozenset(),
) -> Listing:
    """Read the query string: ``q sort line status sku available price_min price_max attr_<code>``.

    A filter by an attribute that does not exist is an issue ``unknown_parameter``.

    ``line_ids`` maps codes to ids. Nothing raises: what cannot be read is in ``issues`` and narrows nothing.
    """
    issues: list[Issue] = []
    text = " ".join(query.get("q", ()))[:LONGEST_TEXT]
    lines = _known("line", query, line_ids, issues)
    words = tuple(text.replace("\x00", "").split()[:MOST_WORDS])
    sort = _choice("sort", query, SORTS, issues) or (RELEVANCE if words else SORTS[0])
    statuses = tuple(each for each in query.get("status", ()) if _is_one(each, "status", STATUSES, issues))
    return Listing(
        words=words,
        category_ids=category_ids,
        lines=tuple(sorted(set(lines))),
        statuses=statuses,
        skus=tuple(
            sorted(
                set().union(
                    *(case_variants(each.strip()) for each in query.get("sku", ())[:200] if each.strip())
                )
            )
        ),
        available=_flag("available", query, issues),
        price_low=_number("price_min", query, issues),
        price_high=_number("price_max", query, issues),
        attributes=_attributes(query, definitions, issues),
        sort=SORTS[0] if sort == RELEVANCE and not words else sort,
        issues=tuple(issues),
    )


def _attributes(
    query: Mapping[str, Sequence[str]], definitions: Iterable[FacetDefinition], issues: list[Issue]
) -> dict[str, AttributeChoice]:
    found: dict[str, AttributeChoice] = {}
    if not any([name.startswith(PREFIX) for name in query]):  # a list not narrowed by one: the most frequent
        return found
    definitions = list(definitions)
    known = {
        f"{each.key}{end}"
        for each in definitions
        for end in (("_min", "_max") if each.kind == "range" else ("",))
    }
    issues += [
        Issue("unknown_parameter", name[:80], name[:60])
        for name in query
        if name.startswith(PREFIX) and name not in known
    ]
    for each in definitions:
        keys = {option.value: option.key for option in each.options}
        choice = AttributeChoice(
            keys=tuple(_known(each.key, query, keys, issues)) if each.kind != "range" else (),
            low=_number(f"{each.key}_min", query, issues) if each.kind == "range" else None,
            high=_number(f"{each.key}_max", query, issues) if each.kind == "range" else None,
        )
        if choice:
            found[each.code] = choice
    return found


def _known(
    name: str, query: Mapping[str, Sequence[str]], known: Mapping[str, int | bool], issues: list[Issue]
) -> list[int]:
    given = list(dict.fromkeys(query.get(name, ())))[:MOST_VALUES]
    issues += [Issue("unknown_value", name, each[:60]) for each in given if each and each not in known]
    return [known[each] for each in given if each in known]


def _is_one(value: str, name: str, allowed: Sequence[str], issues: list[Issue]) -> bool:
    if value and value not in allowed:
        issues.append(Issue("unknown_value", name, value[:60]))
    return value in allowed


def _choice(
    name: str, query: Mapping[str, Sequence[str]], allowed: Sequence[str], issues: list[Issue]
) -> str:
    value = (list(query.get(name, ())) or [""])[-1]
    return value if _is_one(value, name, allowed, issues) else ""


def _flag(name: str, query: Mapping[str, Sequence[str]], issues: list[Issue]) -> bool:
    return _choice(name, query, ("1", "true", "0", "false"), issues) in ("1", "true")


def _number(name: str, query: Mapping[str, Sequence[str]], issues: list[Issue]) -> Decimal | None:
    text = (list(query.get(name, ())) or [""])[-1].strip()
    if not text:
        return None
    try:
        number = numbers.read_number(text, numbers.POINT)
    except numbers.NumberError as error:
        issues.append(Issue(error.code, name, text[:60]))
        return None
    if abs(number) > Decimal("1e12"):
        issues.append(Issue("not_a_number", name, text[:60]))
        return None
    return number
