"""Bodies as one reader sees them: links, pictures, documents, products and prices put in, the rest left out.

:func:`resolve` takes any number of topics and costs a constant number of statements. Pages, PDF and API show the same
blocks: mappings with ``type`` and ``id`` and what stands in docs/reference/handbook.md. A block of which nothing is
left (every product of it hidden, every file closed) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from qudao_core import api as core

from .. import hooks
from ..pictures import rules as product_pictures
from ..product_facts import ProductFacts
from ..products.detail import AttributeFact, attributes_of
from ..products.queries import product_facts
from ..products.shown import product_rows, product_url
from .blocks import WARNINGS
from .bodies import raw_of
from .gathering import gather, ids, items
from .media import Papers, Pictures
from .models import TopicPage
from .rich import Links, linked
from .rules import Anchors

#: The theme's notice for each level of a warning.
NOTICES = {"note": "info", "caution": "warn", "warning": "warn", "danger": "error"}
Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """A topic's body, ready to show, and its own products as (role, card).

    ``headings`` are its heading blocks, for the list of what is on the page. ``facts`` and ``offers`` are what the
    cards were made of, of all the bodies resolved together, for the API's own way to write products.
    """

    blocks: tuple[Block, ...]
    products: tuple[tuple[str, Block], ...] = ()
    facts: Mapping[int, ProductFacts] = field(default_factory=dict)
    offers: Mapping[int, hooks.Offer] = field(default_factory=dict)

    @property
    def headings(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block["type"] == "heading")


def resolve(
    viewer: core.Viewer, pages: Sequence[TopicPage], versions: core.Versions | None = None
) -> dict[int, Body]:
    """The bodies of topics, by page id, as the viewer sees them; a constant number of statements for any number.

    Which topics the viewer may read is the caller's question (:mod:`.queries`); drafts may be given for previews.
    """
    versions = versions if versions is not None else core.Versions.read()
    raws = {page.pk or 0: raw_of(page.body) for page in pages}
    own = {page.pk or 0: [(row.role, row.product_id) for row in page.products.all()] for page in pages}
    maker = _Maker(viewer, list(raws.values()), {pk for rows in own.values() for _role, pk in rows}, versions)
    return {
        pk: Body(tuple(maker.blocks(raw)), maker.products(own[pk]), maker.facts, maker.offers)
        for pk, raw in raws.items()
    }


class _Maker:
    """Everything that the blocks of some bodies need, read once."""

    def __init__(
        self,
        viewer: core.Viewer,
        raws: Sequence[list[dict[str, Any]]],
        products: set[int],
        versions: core.Versions,
    ) -> None:
        wanted = gather(raws)
        wanted.priced.update(products)
        self.language = viewer.language
        self.offers: dict[int, hooks.Offer] = {}
        links = Links.read(viewer, wanted.texts, versions)
        self.papers = Papers.read(viewer, wanted.documents | links.documents)
        self.rich = dict(zip(wanted.texts, linked(wanted.texts, links, self.papers), strict=True))
        self.pictures = Pictures.read(wanted.pictures)
        self.facts = product_facts(viewer, wanted.priced | wanted.described, versions)
        self.rows = self._priced(viewer, wanted.priced, versions)
        self.attributes = self._described(wanted.described)

    def _priced(
        self, viewer: core.Viewer, wanted: set[int], versions: core.Versions
    ) -> dict[int, dict[str, Any]]:
        facts = {pk: self.facts[pk] for pk in sorted(wanted) if pk in self.facts}
        if not facts:
            return {}
        self.offers = hooks.offer_provider().offers(viewer, list(facts), facts=facts, versions=versions)
        rows = product_rows(list(facts.values()), self.offers, self.language, product_pictures.CARD)
        return {row["id"]: row for row in rows}

    def _described(self, wanted: set[int]) -> dict[int, tuple[AttributeFact, ...]]:
        parents = {pk: self.facts[pk].parent_id for pk in wanted if pk in self.facts}
        return attributes_of(parents) if parents else {}

    def products(self, own: Iterable[tuple[str, int]]) -> tuple[tuple[str, Block], ...]:
        """A topic's own products; those its blocks show already are left out."""
        rest = [(role, pk) for role, pk in own if pk in self.rows and pk not in self.carded]
        return tuple((role, self.rows[pk]) for role, pk in rest)

    def blocks(self, raw: Iterable[Mapping[str, Any]]) -> list[Block]:
        self.carded: set[int] = set()
        anchors = Anchors()
        made = [self._block(block, anchors) for block in raw]
        return [block for block in made if block is not None]

    def _block(self, block: Mapping[str, Any], anchors: Anchors) -> Block | None:
        name, value = block["type"], block["value"]
        make: Callable[..., Block | None] | None = getattr(self, f"_{name}", None)
        if make is None:
            return None
        shown = make(value, anchors) if name in ("heading", "faq") else make(value)
        return None if shown is None else {"type": name, "id": block.get("id") or "", **shown}

    def _heading(self, value: Any, anchors: Anchors) -> Block:
        return {"text": value["text"], "level": int(value["level"]), "anchor": anchors.of(value["text"])}

    def _text(self, value: Any) -> Block | None:
        html = self.rich.get(value or "", "")
        return {"html": html} if html else None

    def _table(self, value: Any) -> Block | None:
        table = value["table"] or {}
        columns = [
            {"heading": each["heading"], "is_number": each["type"] == "number"}
            for each in table.get("columns", ())
        ]
        rows = [_cells(columns, row["values"]) for row in table.get("rows", ())]
        return {"caption": value["caption"], "columns": columns, "rows": rows} if rows else None

    def _parameters(self, value: Any) -> Block | None:
        found = [self.facts[pk] for pk in ids(value["products"]) if pk in self.attributes]
        chosen = [str(code) for code in items(value["attributes"])]
        described = [(facts, {each.code: each for each in self.attributes[facts.id]}) for facts in found]
        known: dict[str, AttributeFact] = {}
        for _facts, attributes in described:
            known = attributes | known
        codes = [code for code in chosen if code in known] if chosen else list(known)
        if not codes:
            return None
        return {
            "caption": value["caption"],
            "attributes": [
                {"code": code, "label": known[code].name(self.language), "unit": known[code].unit}
                for code in codes
            ],
            "products": [self._described_row(facts, attributes, codes) for facts, attributes in described],
        }

    def _described_row(
        self, facts: ProductFacts, attributes: Mapping[str, AttributeFact], codes: Iterable[str]
    ) -> Block:
        return {
            "id": facts.id,
            "sku": facts.sku,
            "name": facts.name(self.language),
            "url": product_url(facts.sku),
            "values": [self._value(attributes.get(code)) for code in codes],
        }

    def _value(self, fact: AttributeFact | None) -> str:
        if fact is None:
            return ""
        if fact.type == "boolean":
            return _("Yes") if fact.value == "Yes" else _("No")
        return fact.text(self.language)

    def _drawing(self, value: Any) -> Block | None:
        picture = self.pictures.get(value["image"], value["caption"])
        if picture is None:
            return None
        document = self.papers.get(value["document"])
        return {
            "image": picture,
            "caption": value["caption"],
            "number": value["number"],
            "document": document,
        }

    def _steps(self, value: Any) -> Block:
        steps = [
            {
                "number": number,
                "title": each["title"],
                "html": self.rich.get(each["text"] or "", ""),
                "image": self.pictures.get(each.get("image"), each["title"]),
            }
            for number, each in enumerate(items(value["steps"]), 1)
        ]
        return {"title": value["title"], "steps": steps}

    def _warning(self, value: Any) -> Block:
        level = value["level"] if value["level"] in NOTICES else "note"
        return {
            "level": level,
            "label": str(dict(WARNINGS)[level]),
            "kind": NOTICES[level],
            "title": value["title"],
            "html": self.rich.get(value["text"] or "", ""),
        }

    def _faq(self, value: Any, anchors: Anchors) -> Block:
        questions = [
            {
                "question": each["question"],
                "html": self.rich.get(each["answer"] or "", ""),
                "anchor": anchors.of(each["question"]),
            }
            for each in items(value["questions"])
        ]
        return {"questions": questions}

    def _downloads(self, value: Any) -> Block | None:
        documents = [paper for pk in ids(value["documents"]) if (paper := self.papers.get(pk))]
        return {"title": value["title"], "documents": documents} if documents else None

    def _video(self, value: Any) -> Block | None:
        document = self.papers.get(value["document"])
        if document is None and not value["url"]:
            return None
        return {
            "document": document,
            "url": value["url"] or "",
            "poster": self.pictures.get(value["poster"], value["caption"]),
            "caption": value["caption"],
            "transcript": self.rich.get(value["transcript"] or "", ""),
        }

    def _products(self, value: Any) -> Block | None:
        rows = self._cards(value["products"])
        return {"title": value["title"], "products": rows} if rows else None

    def _script(self, value: Any) -> Block:
        return {
            "customer_says": value["customer_says"],
            "html": self.rich.get(value["answer"] or "", ""),
            "why": self.rich.get(value["why"] or "", ""),
            "products": self._cards(value["products"]),
        }

    def _cards(self, raw: Any) -> list[dict[str, Any]]:
        """Rows of cards. One that stood on the page before is ``repeated``: it has no quantity field of its own."""
        rows = []
        for pk in dict.fromkeys(ids(raw)):
            if pk in self.rows:
                rows.append({**self.rows[pk], "repeated": pk in self.carded})
                self.carded.add(pk)
        return rows


def _cells(columns: Sequence[Mapping[str, Any]], values: Sequence[Any]) -> list[Block]:
    return [
        {
            "text": "" if cell is None else str(cell),
            "heading": column["heading"],
            "is_number": column["is_number"],
        }
        for column, cell in zip(columns, values, strict=False)
    ]
