"""The body of a topic for one reader: products, pictures and documents read at once, and links that open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_partner_portal import api as portal
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.models import Page
from wagtail.rich_text.rewriters import LinkRewriter

from .. import hooks
from ..pictures import rules as product_pictures
from ..product_facts import ProductFacts
from ..products.detail import AttributeFact, attributes_of
from ..products.presenters import product_rows, product_url
from ..products.queries import product_facts
from .blocks import WARNINGS
from .bodies import raw_of
from .models import TopicPage
from .queries import handbook_tree, handbooks, page_url
from .rules import Anchors

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
class References:
    """Ids of what blocks show. ``priced`` are products shown with price and stock, ``described`` with attributes."""

    priced: set[int] = field(default_factory=set)
    described: set[int] = field(default_factory=set)
    pictures: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)


def list_items(raw: Any) -> list[Any]:
    """The values of a list block's stream data, also as early versions of Wagtail wrote them.

    >>> items([{"type": "item", "value": 3, "id": "a"}, 4])
    [3, 4]
    """
    return [
        each["value"] if isinstance(each, Mapping) and each.get("type") == "item" else each
        for each in raw or ()
    ]


def chosen_ids(raw: Any) -> list[int]:
    """The ids in a list of choosers; empty choices are left out."""
    return [each for each in list_items(raw) if isinstance(each, int)]


def collect_references(raws: Iterable[Sequence[Mapping[str, Any]]]) -> References:
    """Everything the bodies point at."""
    wanted = References()
    for raw in raws:
        for block in raw:
            _gather_block(wanted, str(block["type"]), block["value"])
    return wanted


def _gather_block(wanted: References, name: str, value: Any) -> None:
    if name == "text":
        wanted.texts.append(value or "")
        return
    for part in block_parts(name, value):
        wanted.texts.extend(part.get(key) or "" for key in RICH.get(name, ()))
        wanted.documents.update(_given(part, DOCUMENTS.get(name, ())))
        wanted.pictures.update(_given(part, PICTURES.get(name, ())))
    if name == "downloads":
        wanted.documents.update(chosen_ids(value.get("documents")))
    if name in ("products", "script"):
        wanted.priced.update(chosen_ids(value.get("products")))
    if name == "parameters":
        wanted.described.update(chosen_ids(value.get("products")))


def block_parts(name: str, value: Any) -> list[Any]:
    """The parts of a block that has a list of them; else the block's value alone."""
    return list_items(value.get(PARTS[name])) if name in PARTS else [value]


def _given(part: Mapping[str, Any], keys: Iterable[str]) -> list[int]:
    return [part[key] for key in keys if isinstance(part.get(key), int)]


#: As wide as the measure, twice that for fine screens, and what zooming shows.
PAGE, FINE, LARGE = "max-720x1200|format-webp", "max-1440x2400|format-webp", "max-2800x2800|format-webp"
#: Vector drawings stay what they are.
VECTOR = "original|preserve-svg"


@dataclass(frozen=True, slots=True)
class ReadableDocuments:
    """Documents that the reader may open."""

    found: Mapping[int, dict[str, Any]]

    @classmethod
    def read(cls, viewer: core.Viewer, wanted: Iterable[int]) -> ReadableDocuments:
        ids = sorted(set(wanted))
        if not ids:
            return cls({})
        rows = get_document_model().objects.filter(pk__in=ids)
        may_open = portal.may_open_documents(viewer, ids)
        return cls({row.pk: _paper(row) for row in rows if row.pk in may_open})

    def get(self, pk: int | None) -> dict[str, Any] | None:
        return self.found.get(pk) if pk else None


def _paper(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "url": row.url,
        "filename": row.filename,
        "extension": row.file_extension,
        "size": row.file_size,
        "content_type": row.content_type,
    }


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures at the sizes pages show. A size is made when it is first asked for."""

    found: Mapping[int, Any]

    @classmethod
    def read(cls, wanted: Iterable[int]) -> Pictures:
        ids = sorted(set(wanted))
        if not ids:
            return cls({})
        rows = get_image_model().objects.filter(pk__in=ids)
        return cls({row.pk: row for row in rows.prefetch_renditions(PAGE, FINE, LARGE, VECTOR)})

    def get(self, pk: int | None, words: str = "") -> dict[str, Any] | None:
        """A picture for a page; ``None`` when it or its file is gone. ``words`` describe it where it does not."""
        image = self.found.get(pk) if pk else None
        if image is None:
            return None
        try:
            return _picture(image, words)
        except (OSError, ValueError, InvalidFilterSpecError):
            return None


def _picture(image: Any, words: str) -> dict[str, Any]:
    specs = [VECTOR] * 3 if image.is_svg() else [PAGE, FINE, LARGE]
    made = image.get_renditions(*dict.fromkeys(specs))
    small, fine, large = (made[spec] for spec in specs)
    return {
        "id": image.pk,
        "alt": image.description or words or image.title,
        "src": small.url,
        "width": small.width,
        "height": small.height,
        "srcset": f"{small.url} {small.width}w, {fine.url} {fine.width}w" if fine.width > small.width else "",
        "large": large.url,
        "large_width": large.width,
        "large_height": large.height,
        "file": large,
    }


#: Never part of a text; texts are rewritten as one.
BETWEEN = "\x1e"
_LINK = re.compile(r'<a\b[^>]*\blinktype="(page|document)"[^>]*>')
_ID = re.compile(r'\bid="(\d+)"')
NOWHERE = "<a>"


@dataclass(frozen=True, slots=True)
class Links:
    """Page id → address, of the pages that the reader may open; and the documents linked."""

    pages: Mapping[str, str]
    documents: frozenset[int]

    @classmethod
    def read(cls, viewer: core.Viewer, texts: Iterable[str], versions: core.Versions) -> Links:
        """Four statements at most when texts link to pages outside handbooks, else none."""
        wanted: dict[str, set[int]] = {"page": set(), "document": set()}
        for text in texts:
            for found in _LINK.finditer(text):
                number = _ID.search(found.group())
                if number:
                    wanted[found.group(1)].add(int(number.group(1)))
        pages = _topics(viewer, wanted["page"], versions) if wanted["page"] else {}
        return cls(pages, frozenset(wanted["document"]))


def linked(texts: Sequence[str], links: Links, papers: ReadableDocuments) -> list[str]:
    """The texts with every link leading to where the reader may go; closed and lost ones lead nowhere."""
    if not texts:
        return []

    def page(attributes: list[Mapping[str, str]]) -> list[str]:
        return [_tag(links.pages.get(each.get("id", ""))) for each in attributes]

    def document(attributes: list[Mapping[str, str]]) -> list[str]:
        found = [papers.get(_number(each.get("id", ""))) for each in attributes]
        return [_tag(paper["url"] if paper else None) for paper in found]

    rewrite = LinkRewriter(bulk_rules={"page": page, "document": document})
    together = BETWEEN.join(text.replace(BETWEEN, "") for text in texts)
    return [mark_safe(text) for text in str(rewrite(together)).split(BETWEEN)]  # noqa: S308 - Wagtail's own features


def _topics(viewer: core.Viewer, wanted: set[int], versions: core.Versions) -> dict[str, str]:
    known = handbook_tree(versions)
    mine = {pk for pk in wanted if pk in known.keys}
    trees = handbooks(viewer, versions) if mine else []
    by_key = {each.key: each for tree in trees for each in tree.walk()}
    seen = {pk: by_key.get(known.keys[pk]) for pk in mine}
    found = {str(pk): page_url(each.url_path) for pk, each in seen.items() if each}
    return found | _other_pages(viewer, wanted - mine)


def _other_pages(viewer: core.Viewer, wanted: set[int]) -> dict[str, str]:
    if not wanted:
        return {}
    rows = dict(Page.objects.live().filter(pk__in=wanted).order_by().values_list("pk", "url_path"))
    may_open = portal.may_open_pages(viewer, rows)
    return {str(pk): page_url(url_path) for pk, url_path in rows.items() if pk in may_open}


def _tag(url: str | None) -> str:
    return f'<a href="{escape(url)}">' if url else NOWHERE


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() else None


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
        wanted = collect_references(raws)
        wanted.priced.update(products)
        self.language = viewer.language
        self.offers: dict[int, hooks.Offer] = {}
        links = Links.read(viewer, wanted.texts, versions)
        self.papers = ReadableDocuments.read(viewer, wanted.documents | links.documents)
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
        found = [self.facts[pk] for pk in chosen_ids(value["products"]) if pk in self.attributes]
        chosen = [str(code) for code in list_items(value["attributes"])]
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
            for number, each in enumerate(list_items(value["steps"]), 1)
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
            for each in list_items(value["questions"])
        ]
        return {"questions": questions}

    def _downloads(self, value: Any) -> Block | None:
        documents = [paper for pk in chosen_ids(value["documents"]) if (paper := self.papers.get(pk))]
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
        for pk in dict.fromkeys(chosen_ids(raw)):
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
