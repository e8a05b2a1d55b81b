"""How products are named: ``LED-7`` (a SKU), ``ext:ERP-7``, ``barcode:6901234567892``, ``id:42`` or the number 42.

The same in every endpoint, file and field. Plain Python, no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from qudao_core.headless.rules import Reference, parse_reference

#: Kind of name → attribute. ``id`` is read apart.
KINDS = {"sku": "sku", "ext": "external_key", "barcode": "barcode"}
#: What a name without a kind may be where people type it: SKU before external key before barcode.
ANY = ("sku", "ext", "barcode")
#: What it is where programs write: they say what else they mean.
SKU_ONLY = ("sku",)


class Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def sku(self) -> str: ...
    @property
    def external_key(self) -> str: ...
    @property
    def barcode(self) -> str: ...


Row = TypeVar("Row", bound=Named)


class CodeMatches(dict[int | str, Row], Generic[Row]):
    """Code as it was given → product. ``ambiguous``: code → the SKUs it names, where it names several."""

    def __init__(self) -> None:
        super().__init__()
        self.ambiguous: dict[int | str, list[str]] = {}


def read_code(code: int | str) -> Reference | None:
    """What a code names; a colon after another word than the kinds' belongs to the SKU.

    >>> read_code("ext:E-1"), read_code("po:7")
    (Reference(kind='ext', value='E-1'), Reference(kind='', value='po:7'))
    """
    found = parse_reference(code)
    if found is None or found.kind in ("", "id", *KINDS):
        return found
    return Reference("", str(code).strip())


def case_variants(name: str) -> set[str]:
    """A name in capitals as Python and the databases write them: SQLite knows A to Z, PostgreSQL one letter for one.

    >>> sorted(case_variants("straße-7"))
    ['STRASSE-7', 'STRAßE-7']
    """
    single = "".join([letter.upper() if len(letter.upper()) == 1 else letter for letter in name])
    plain = "".join([letter.upper() if letter.isascii() else letter for letter in name])
    return {name.upper(), single, plain}


@dataclass
class Codes:
    """Codes by the kinds of name they may be, in upper case: ``wanted["sku"]`` …, and ``ids``."""

    plain: Sequence[str] = ANY
    read: dict[int | str, Reference] = field(default_factory=dict)
    wanted: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    ids: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, codes: Iterable[int | str], plain: Sequence[str] = ANY) -> Codes:
        found = cls(plain)
        for code in codes:
            reference = read_code(code)
            if reference is not None:
                found._add(code, reference)
        return found

    def _add(self, code: int | str, reference: Reference) -> None:
        self.read[code] = reference
        if reference.kind == "id":
            self.ids |= {reference.id} if reference.id else set()
            return
        for kind in self._kinds(reference):
            self.wanted[kind] |= case_variants(reference.value)

    def _kinds(self, reference: Reference) -> Sequence[str]:
        return (reference.kind,) if reference.kind else self.plain

    def match(self, rows: Iterable[Row]) -> CodeMatches[Row]:
        """What the codes name among `rows`: at the first kind that names something, and only if it names one."""
        by_id: dict[int, Row] = {}
        by_name: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            by_id[row.id] = row
            for kind, attribute in KINDS.items():
                if name := getattr(row, attribute):
                    by_name[kind, name.upper()].append(row)
        found = CodeMatches[Row]()
        for code, reference in self.read.items():
            if reference.kind == "id":
                candidates = [by_id[reference.id]] if reference.id in by_id else []
            else:
                candidates = self._named(reference, by_name)
            if len(candidates) == 1:
                found[code] = candidates[0]
            elif candidates:
                found.ambiguous[code] = sorted(row.sku for row in candidates)
        return found

    def _named(self, reference: Reference, by_name: dict[tuple[str, str], list[Row]]) -> list[Row]:
        for kind in self._kinds(reference):
            candidates = by_name.get((kind, reference.value.upper()), [])
            exact = [row for row in candidates if getattr(row, KINDS[kind]) == reference.value]
            if candidates:
                return exact if len(exact) == 1 else candidates
        return []
