"""Handbooks as the API writes them: contents without bodies, topics with every block resolved for the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from qudao_core import api as core

from ..products.documents import product_documents
from .queries import bodies, url_of
from .resolve import Block, Body, resolve
from .rules import CHAPTER, Seen

#: What a picture is to a program: addresses, sizes, words.
PICTURE = ("id", "alt", "width", "height", "large_width", "large_height")
DOCUMENT = ("id", "title", "filename", "extension", "size", "content_type")
#: Makes a whole address of a path.
Absolute = Callable[[str], str]


def absolute(site: str) -> Absolute:
    """Makes whole addresses of paths; ``site`` ends without a slash. Nothing stays nothing."""
    return lambda url: urljoin(f"{site}/", url) if url else ""


def handbook_document(seen: Seen, whole: Absolute) -> dict[str, Any]:
    """A handbook in a list: no contents."""
    return {**_head(seen, whole), "topics": len(seen.topics)}


def contents_document(seen: Seen, whole: Absolute) -> dict[str, Any]:
    """A handbook with its chapters and topics, as deep as it is; no bodies."""
    return {
        **_head(seen, whole),
        "topics": len(seen.topics),
        "children": [_entry(each, whole) for each in seen.children],
    }


def _entry(seen: Seen, whole: Absolute) -> dict[str, Any]:
    return {**_head(seen, whole), "children": [_entry(each, whole) for each in seen.children]}


def topic_row(seen: Seen, whole: Absolute) -> dict[str, Any]:
    """A topic in a list: where it stands, no body."""
    chapter = next((each for each in reversed(seen.above) if each.type == CHAPTER), None)
    return {
        **_head(seen, whole),
        "handbook": {"id": seen.handbook.source_id, "title": seen.handbook.title},
        "chapter": {"id": chapter.source_id, "title": chapter.title} if chapter else None,
    }


def topic_document(
    viewer: core.Viewer,
    seen: Seen,
    around: tuple[Seen | None, Seen | None],
    *,
    base: str,
    whole: Absolute,
    versions: core.Versions | None = None,
) -> dict[str, Any]:
    """A topic with its blocks: pictures in their sizes, documents and products the caller may see, prices of now.

    A constant number of statements. ``base`` is what addresses of product pictures begin with.
    """
    page = bodies([seen.id])[seen.id]
    body = resolve(viewer, [page], versions)[seen.id]
    before, after = around
    return {
        **topic_row(seen, whole),
        "keywords": page.words,
        **body_document(viewer, body, base=base, whole=whole),
        "previous": _neighbour(before, whole),
        "next": _neighbour(after, whole),
    }


def body_document(viewer: core.Viewer, body: Body, *, base: str, whole: Absolute) -> dict[str, Any]:
    """Blocks and the topic's own products."""
    written = _products(viewer, body, base)
    return {
        "blocks": [_block(block, written, whole) for block in body.blocks],
        "products": [
            {"role": role, "product": written[row["id"]]}
            for role, row in body.products
            if row["id"] in written
        ],
    }


def _head(seen: Seen, whole: Absolute) -> dict[str, Any]:
    return {
        "id": seen.source_id,
        "type": seen.type,
        "title": seen.title,
        "summary": seen.summary,
        "kind": seen.kind or None,
        "language": seen.language,
        "languages": list(seen.languages),
        "published_at": seen.published_at,
        "source_changed_at": seen.changed_at,
        "url": whole(url_of(seen)),
    }


def _neighbour(seen: Seen | None, whole: Absolute) -> dict[str, Any] | None:
    if seen is None:
        return None
    return {"id": seen.source_id, "type": seen.type, "title": seen.title, "url": whole(url_of(seen))}


def _products(viewer: core.Viewer, body: Body, base: str) -> dict[int, dict[str, Any]]:
    """Every product shown with its price, as the products endpoint writes it; no statement."""
    ids = {row["id"] for _role, row in body.products}
    for block in body.blocks:
        if block["type"] in ("products", "script"):
            ids.update(row["id"] for row in block["products"])
    facts = [body.facts[pk] for pk in sorted(ids)]
    return {row["id"]: row for row in product_documents(facts, body.offers, viewer.language, base)}


def _block(block: Block, products: Mapping[int, dict[str, Any]], whole: Absolute) -> dict[str, Any]:
    return {key: _value(block["type"], key, value, products, whole) for key, value in block.items()}


def _value(kind: str, key: str, value: Any, products: Mapping[int, dict[str, Any]], whole: Absolute) -> Any:
    if key in ("image", "poster"):
        return _picture(value, whole)
    if key == "document":
        return _paper(value, whole)
    if key == "documents":
        return [_paper(each, whole) for each in value]
    if key == "products" and kind != "parameters":
        return [products[row["id"]] for row in value if row["id"] in products]
    if key == "products":
        return [{**row, "url": whole(row["url"])} for row in value]
    if key == "rows":
        return [[cell["text"] for cell in row] for row in value]
    if key in ("steps", "questions"):
        return [_part(each, whole) for each in value]
    return value


def _part(part: Mapping[str, Any], whole: Absolute) -> dict[str, Any]:
    return {key: _picture(value, whole) if key == "image" else value for key, value in part.items()}


def _picture(picture: Mapping[str, Any] | None, whole: Absolute) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        **{key: picture[key] for key in PICTURE},
        "src": whole(picture["src"]),
        "srcset": _srcset(picture["srcset"], whole),
        "large": whole(picture["large"]),
    }


def _srcset(text: str, whole: Absolute) -> str:
    pairs = (each.strip().partition(" ") for each in text.split(",") if each.strip())
    return ", ".join(f"{whole(url)} {width}" for url, _blank, width in pairs)


def _paper(paper: Mapping[str, Any] | None, whole: Absolute) -> dict[str, Any] | None:
    return None if paper is None else {**{key: paper[key] for key in DOCUMENT}, "url": whole(paper["url"])}


def find_topics(trees: Iterable[Seen], *, handbook: int | None, kinds: Sequence[str]) -> list[Seen]:
    """Topics of the trees, in reading order, narrowed to one handbook (any of its ids) and to kinds."""
    return [
        topic
        for tree in trees
        if handbook is None or handbook in (tree.id, tree.source_id)
        for topic in tree.topics
        if not kinds or topic.kind in kinds
    ]


__all__ = [
    "absolute",
    "body_document",
    "contents_document",
    "find_topics",
    "handbook_document",
    "topic_document",
    "topic_row",
]
