"""Products as the search knows them: every word that finds them, and what they are filtered by."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_search.hooks import AccessRule, Document

from ..categories.queries import category_tree
from ..categories.rules import CategoryTree
from ..listing.definitions import facet_definitions
from ..listing.rules import FacetDefinition
from . import doors
from .models import OptionTranslation, ProductProfile, ProductTranslation
from .queries import CHINESE, Terms, terms, text_in
from .rules import DISCONTINUED

Product = get_model("catalogue", "Product")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
#: What is no longer made is found, but below what is.
FADED = 0.6
#: A filter of more values than this stays in the catalogue's lists. The search counts by combination of values: an
#: attribute that is different on nearly every product would make as many combinations as products.
MOST_OPTIONS = 40
LONGEST_VALUE = 200

COLUMNS = (
    "pk",
    "product__parent_id",
    "line_id",
    "sku",
    "external_key",
    "barcode",
    "status",
    "listed_at",
    "product__title",
    "product__description",
    "product__parent__title",
    "product__parent__description",
)


def product_documents(items: Sequence[str]) -> Iterator[Document]:
    """What the search is to know of these products; at most ten statements, whatever their number (up to a thousand).

    Families are found through their variants. What is not public, or whose family is not, is left out.
    """
    ids = [int(item) for item in items if item.isdecimal()]
    public = ProductProfile.objects.filter(
        pk__in=ids, product__is_public=True, product__structure__in=(Product.STANDALONE, Product.CHILD)
    ).exclude(product__parent__is_public=False)
    rows = list(public.order_by().values_list(*COLUMNS))
    if rows:
        around = _Around(rows)
        yield from (around.document(row) for row in rows)


def is_facet(definition: FacetDefinition) -> bool:
    """Whether the search filters by this attribute: choices and yes/no with few values, never numbers."""
    return definition.kind != "range" and len(definition.options) <= MOST_OPTIONS


class _Around:
    """Everything that is said about some products outside their own rows, read at once."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        versions = core.Versions.read()
        ids = sorted({pk for row in rows for pk in row[:2] if pk is not None})
        self.terms: Terms = terms(versions)
        self.tree: CategoryTree = category_tree(versions)
        self.facets = {each.code: each for each in facet_definitions(versions) if is_facet(each)}
        self.doors = doors.doors_of([row[:3] for row in rows])
        self.words = _words(ids)
        self.attributes = _attributes(ids)
        self._above: dict[int, tuple[int, ...]] = {}

    def document(self, row: tuple[Any, ...]) -> Document:
        pk, parent_id, line_id, sku, external_key, barcode, status, listed_at, *english = row
        tokens = self.doors[pk]
        categories = self._categories(tokens)
        values = {**self.attributes.get(parent_id, {}), **self.attributes.get(pk, {})}
        titles, texts = self._texts(pk, parent_id, english)
        return Document(
            item=str(pk),
            titles=titles,
            texts=texts,
            codes=tuple(dict.fromkeys(code for code in (sku, external_key, barcode) if code)),
            keywords=tuple(dict.fromkeys(self._keywords(line_id, categories, values))),
            facets=self._facets(line_id, status, categories, values),
            access=(AccessRule(doors.POLICY, tokens),),
            boost=FADED if status == DISCONTINUED else 1.0,
            dated_at=listed_at,
        )

    def _texts(
        self, pk: int, parent_id: int | None, english: Sequence[str | None]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Title and description by language; the family's where the product has none of its own."""
        title, description, parent_title, parent_description = (text or "" for text in english)
        titles = {settings.LANGUAGES[0][0]: title or parent_title}
        texts = {settings.LANGUAGES[0][0]: plain(description or parent_description)}
        for each in (parent_id, pk):
            for language, words, text in self.words.get(each, ()):
                titles |= {language: words} if words else {}
                texts |= {language: plain(text)} if text else {}
        return titles, {language: text for language, text in texts.items() if text}

    def _categories(self, tokens: frozenset[str]) -> tuple[int, ...]:
        """The public categories a product stands in and everything above them."""
        filed = sorted(int(token[9:]) for token in tokens if token.startswith("category:"))
        return tuple(dict.fromkeys(pk for each in filed for pk in self._with_above(each)))

    def _with_above(self, category_id: int) -> tuple[int, ...]:
        if category_id not in self._above:
            node = self.tree.get(category_id)
            self._above[category_id] = (
                tuple(each.id for each in (*self.tree.above(node), node)) if node else ()
            )
        return self._above[category_id]

    def _keywords(
        self, line_id: int | None, categories: Iterable[int], values: Mapping[str, _Value]
    ) -> Iterator[str]:
        if line_id in self.terms.lines:
            yield from (name for name in self.terms.lines[line_id][1:] if name)
        for pk in categories:
            node = self.tree.get(pk)
            yield from (name for name in (node.name, node.name_zh) if name) if node else ()
        for value in values.values():
            yield from value.words

    def _facets(
        self, line_id: int | None, status: str, categories: Iterable[int], values: Mapping[str, _Value]
    ) -> dict[str, tuple[str, ...]]:
        found = {"status": (status,), "category": tuple(map(str, categories))}
        if line_id in self.terms.lines:
            found["line"] = (self.terms.lines[line_id][0],)
        for code, definition in self.facets.items():
            if code in values:
                chosen = values[code].keys
                found[definition.key] = tuple(each.value for each in definition.options if each.key in chosen)
        return {key: chosen for key, chosen in found.items() if chosen}


class _Value:
    """What one attribute says of a product: words that find it, and options it is filtered by."""

    __slots__ = ("keys", "words")

    def __init__(self) -> None:
        self.keys: set[int | bool] = set()
        self.words: list[str] = []


def plain(text: str) -> str:
    """A description without its markup."""
    return " ".join(html.unescape(strip_tags(text.replace("<", " <"))).split()) if text else ""


def _words(ids: Sequence[int]) -> dict[int | None, list[tuple[str, str, str]]]:
    rows = ProductTranslation.objects.filter(product_id__in=ids).order_by()
    found: dict[int | None, list[tuple[str, str, str]]] = {}
    for pk, *words in rows.values_list("product_id", "language", "title", "description"):
        found.setdefault(pk, []).append(tuple(words))
    return found


_VALUES = (
    "product_id",
    "attribute__code",
    "attribute__type",
    "attribute__name",
    "attribute__profile__name_zh",
    "attribute__profile__unit",
    "value_option_id",
    "value_option__option",
    "value_text",
    "value_integer",
    "value_float",
    "value_boolean",
    "text_zh",
)


def _attributes(ids: Sequence[int]) -> dict[int | None, dict[str, _Value]]:
    """By product and attribute code; a variant's own values stand before its family's. Three statements."""
    stated = AttributeValue.objects.filter(product_id__in=ids).order_by()
    single = list(
        stated.exclude(attribute__type="multi_option")
        .annotate(text_zh=text_in(CHINESE))
        .values_list(*_VALUES)
    )
    several = list(
        stated.filter(value_multi_option__isnull=False).values_list(
            "product_id", "attribute__code", "value_multi_option", "value_multi_option__option"
        )
    )
    chinese = _option_names({row[6] for row in single if row[6]} | {row[2] for row in several})
    found: dict[int | None, dict[str, _Value]] = {}
    for pk, code, *said in single:
        _read(found.setdefault(pk, {}).setdefault(code, _Value()), said, chinese)
    for pk, code, option_id, name in several:
        _choose(found.setdefault(pk, {}).setdefault(code, _Value()), option_id, name, chinese)
    return found


def _read(value: _Value, said: Sequence[Any], chinese: Mapping[int, str]) -> None:
    kind, name, name_zh, unit, option_id, option, text, whole, number, flag, text_zh = said
    if option_id:
        _choose(value, option_id, option, chinese)
    elif kind == "boolean" and flag is not None:
        value.keys.add(flag)
        value.words += [name, name_zh or ""] if flag else []
    elif kind in ("integer", "float"):
        figure = whole if kind == "integer" else number
        value.words += [f"{figure:g}{unit or ''}"] if figure is not None else []
    elif kind == "text" and text:
        value.words += [f"{each}{unit or ''}"[:LONGEST_VALUE] for each in (text, text_zh) if each]
    value.words[:] = [word for word in value.words if word]


def _choose(value: _Value, option_id: int, name: str, chinese: Mapping[int, str]) -> None:
    value.keys.add(option_id)
    value.words += [word for word in (name, chinese.get(option_id, "")) if word]


def _option_names(ids: set[int]) -> dict[int, str]:
    rows = OptionTranslation.objects.filter(option_id__in=ids, language=CHINESE).order_by()
    return dict(rows.values_list("option_id", "name"))
