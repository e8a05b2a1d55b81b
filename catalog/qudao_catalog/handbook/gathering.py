"""What the blocks of bodies point at, so that everything is read at once, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Where rich text stands in the blocks.
RICH = {
    "steps": ("text",),
    "warning": ("text",),
    "faq": ("answer",),
    "video": ("transcript",),
    "script": ("answer", "why"),
}
#: Where documents and pictures stand.
DOCUMENTS = {"drawing": ("document",), "video": ("document",)}
PICTURES = {"drawing": ("image",), "steps": ("image",), "video": ("poster",)}
#: Blocks that hold a list of parts, and what the list is called.
PARTS = {"steps": "steps", "faq": "questions"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Ids of what blocks show. ``priced`` are products shown with price and stock, ``described`` with attributes."""

    priced: set[int] = field(default_factory=set)
    described: set[int] = field(default_factory=set)
    pictures: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)


def items(raw: Any) -> list[Any]:
    """The values of a list block's stream data, also as early versions of Wagtail wrote them.

    >>> items([{"type": "item", "value": 3, "id": "a"}, 4])
    [3, 4]
    """
    return [
        each["value"] if isinstance(each, Mapping) and each.get("type") == "item" else each
        for each in raw or ()
    ]


def ids(raw: Any) -> list[int]:
    """The ids in a list of choosers; empty choices are left out."""
    return [each for each in items(raw) if isinstance(each, int)]


def gather(raws: Iterable[Sequence[Mapping[str, Any]]]) -> Wanted:
    """Everything the bodies point at."""
    wanted = Wanted()
    for raw in raws:
        for block in raw:
            _gather_block(wanted, str(block["type"]), block["value"])
    return wanted


def _gather_block(wanted: Wanted, name: str, value: Any) -> None:
    if name == "text":
        wanted.texts.append(value or "")
        return
    for part in parts(name, value):
        wanted.texts.extend(part.get(key) or "" for key in RICH.get(name, ()))
        wanted.documents.update(_given(part, DOCUMENTS.get(name, ())))
        wanted.pictures.update(_given(part, PICTURES.get(name, ())))
    if name == "downloads":
        wanted.documents.update(ids(value.get("documents")))
    if name in ("products", "script"):
        wanted.priced.update(ids(value.get("products")))
    if name == "parameters":
        wanted.described.update(ids(value.get("products")))


def parts(name: str, value: Any) -> list[Any]:
    """The parts of a block that has a list of them; else the block's value alone."""
    return items(value.get(PARTS[name])) if name in PARTS else [value]


def _given(part: Mapping[str, Any], keys: Iterable[str]) -> list[int]:
    return [part[key] for key in keys if isinstance(part.get(key), int)]
