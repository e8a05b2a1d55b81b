"""What the handbook's texts are made of: every piece of language is a pair (English, Chinese).

Topics are written with the small functions below, one for each kind of block. Products are named by SKU, documents
and drawings by name; the builder puts the real ones in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Pair = tuple[str, str]
#: A cell that reads the same in both languages, one that does not, or a number.
Cell = str | Pair | float
#: A column: (English, Chinese), or the same followed by "number".
Column = tuple[str, ...]


class Words(NamedTuple):
    """The same words in both languages."""

    en: str
    zh: str


class Rich(NamedTuple):
    """The same words as HTML; ``topic:key`` as an address leads to another topic."""

    en: str
    zh: str


class Goods(NamedTuple):
    """Products by SKU."""

    skus: tuple[str, ...]


class Attributes(NamedTuple):
    """Attributes of products by code."""

    codes: tuple[str, ...]


class Papers(NamedTuple):
    """Documents by name, see :mod:`..papers`."""

    names: tuple[str, ...]


class Figure(NamedTuple):
    """A drawing by name, see :mod:`...pictures.figures`."""

    name: str


class Film(NamedTuple):
    """A short film by the name of the drawing that it develops."""

    name: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a topic; ``value`` holds plain values and the leaves above."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Topic:
    """One page. ``state``: live, draft, moderation or scheduled. ``kind`` as the handbook's own.

    ``added`` (rich text, English) came after the translation, which does not say it yet.
    """

    key: str
    title: Words
    about: Words
    blocks: tuple[Block, ...]
    keywords: Words
    kind: str = "guide"
    state: str = "live"
    translated: bool = True
    added: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Topics that belong together. ``audiences`` empty: as the handbook says."""

    key: str
    title: Words
    about: Words
    topics: tuple[Topic, ...]
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handbook:
    """A book of chapters for ``audiences``."""

    key: str
    title: Words
    about: Words
    chapters: tuple[Chapter, ...]
    audiences: tuple[str, ...] = ("members",)


def topic(
    key: str,
    title: Pair,
    about: Pair,
    *blocks: Block,
    keywords: Pair = ("", ""),
    kind: str = "guide",
    state: str = "live",
    translated: bool = True,
    added: str = "",
) -> Topic:
    return Topic(key, Words(*title), Words(*about), blocks, Words(*keywords), kind, state, translated, added)


def chapter(key: str, title: Pair, about: Pair, *topics: Topic, audiences: tuple[str, ...] = ()) -> Chapter:
    return Chapter(key, Words(*title), Words(*about), topics, audiences)


def handbook(
    key: str, title: Pair, about: Pair, *chapters: Chapter, audiences: tuple[str, ...] = ("members",)
) -> Handbook:
    return Handbook(key, Words(*title), Words(*about), chapters, audiences)


# --- Blocks -----------------------------------------------------------------------------------------------------------


def heading(en: str, zh: str, *, level: int = 2) -> Block:
    return Block("heading", {"text": Words(en, zh), "level": str(level)})


def text(*paragraphs: Pair) -> Block:
    """Paragraphs; each pair is one."""
    return Block("text", _joined(paragraphs, "<p>", "</p>"))


def bullets(*points: Pair) -> Block:
    listed = _joined(points, "<li>", "</li>")
    return Block("text", Rich(f"<ul>{listed.en}</ul>", f"<ul>{listed.zh}</ul>"))


def numbered(*points: Pair) -> Block:
    listed = _joined(points, "<li>", "</li>")
    return Block("text", Rich(f"<ol>{listed.en}</ol>", f"<ol>{listed.zh}</ol>"))


def table(caption: Pair, columns: tuple[Column, ...], *rows: tuple[Cell, ...]) -> Block:
    heads = [{"heading": Words(*each[:2]), "type": (*each, "text")[2]} for each in columns]
    return Block(
        "table",
        {
            "caption": Words(*caption),
            "columns": heads,
            "rows": [[_cell(each) for each in row] for row in rows],
        },
    )


def parameters(caption: Pair, skus: str, codes: str) -> Block:
    """A table drawn from the products themselves; SKUs and attribute codes separated by blanks."""
    return Block(
        "parameters",
        {
            "caption": Words(*caption),
            "products": Goods(tuple(skus.split())),
            "attributes": Attributes(tuple(codes.split())),
        },
    )


def drawing(name: str, caption: Pair) -> Block:
    return Block("drawing", {"image": Figure(name), "caption": Words(*caption)})


def step(title: Pair, words: Pair, image: str = "") -> Mapping[str, Any]:
    return {"title": Words(*title), "text": _joined((words,), "<p>", "</p>"), "image": Figure(image)}


def steps(title: Pair, *each: Mapping[str, Any]) -> Block:
    return Block("steps", {"title": Words(*title), "steps": list(each)})


def warning(level: str, title: Pair, words: Pair) -> Block:
    """``level``: note, caution, warning or danger."""
    return Block(
        "warning",
        {"level": level, "title": Words(*title), "text": _joined((words,), "<p>", "</p>")},
    )


def faq(*pairs: tuple[Pair, Pair]) -> Block:
    return Block(
        "faq",
        {
            "questions": [
                {"question": Words(*question), "answer": _joined((answer,), "<p>", "</p>")}
                for question, answer in pairs
            ]
        },
    )


def downloads(title: Pair, names: str) -> Block:
    return Block("downloads", {"title": Words(*title), "documents": Papers(tuple(names.split()))})


def video(name: str, caption: Pair, *transcript: Pair) -> Block:
    return Block(
        "video",
        {
            "document": Film(name),
            "poster": Figure(name),
            "caption": Words(*caption),
            "transcript": _joined(transcript, "<p>", "</p>"),
        },
    )


def products(title: Pair, skus: str) -> Block:
    return Block("products", {"title": Words(*title), "products": Goods(tuple(skus.split()))})


def script(says: Pair, answer: Pair, why: Pair, skus: str = "") -> Block:
    """What a customer says, what one answers, and why that works."""
    return Block(
        "script",
        {
            "customer_says": Words(*says),
            "answer": _joined((answer,), "<p>", "</p>"),
            "why": Words(*why),
            "products": Goods(tuple(skus.split())),
        },
    )


def _joined(pairs: tuple[Pair, ...], before: str, after: str) -> Rich:
    return Rich(*("".join(f"{before}{each}{after}" for each in side) for side in zip(*pairs, strict=True)))


def _cell(cell: Cell) -> Any:
    return Words(*cell) if isinstance(cell, tuple) else cell
