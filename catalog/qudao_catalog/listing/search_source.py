"""Products in the search: what the index holds of them, and how results are shown.

Own price and stock are read from the database when results are shown.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_search.hooks import AccessRule, Card, Document, FacetText

from .. import hooks
from ..categories.queries import category_tree
from ..categories.rules import CategoryNode, CategoryTree
from ..pictures import rules as pictures
from ..pictures.queries import picture_prefix
from ..product_facts import DISCONTINUED, ProductFacts
from ..product_index import window
from ..products import access, serializers
from ..products.models import OptionTranslation, ProductProfile, ProductTranslation
from ..products.presenters import cart_url, product_rows
from ..products.queries import CHINESE, Terms, product_facts, terms, text_in
from .columns import facet_definitions
from .matching import matches
from .rules import FacetDefinition, Listing

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
        self.access = access.access_tokens([row[:3] for row in rows])
        self.words = _words(ids)
        self.attributes = _attributes(ids)
        self._above: dict[int, tuple[int, ...]] = {}

    def document(self, row: tuple[Any, ...]) -> Document:
        pk, parent_id, line_id, sku, external_key, barcode, status, listed_at, *english = row
        tokens = self.access[pk]
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
            access=(AccessRule(access.POLICY, tokens),),
            boost=FADED if status == DISCONTINUED else 1.0,
            dated_at=listed_at,
        )

    def _texts(
        self, pk: int, parent_id: int | None, english: Sequence[str | None]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Title and description by language; the family's where the product has none of its own."""
        title, description, parent_title, parent_description = (text or "" for text in english)
        titles = {settings.LANGUAGES[0][0]: title or parent_title}
        texts = {settings.LANGUAGES[0][0]: without_markup(description or parent_description)}
        for each in (parent_id, pk):
            for language, words, text in self.words.get(each, ()):
                titles |= {language: words} if words else {}
                texts |= {language: without_markup(text)} if text else {}
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


def without_markup(text: str) -> str:
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


KIND = "product"
TEMPLATE = "qudao_catalog/_found.html"


class ProductSource:
    """What can be ordered: standalone products and variants."""

    label = gettext_lazy("Products")
    icon = "package"

    def items(self) -> Iterable[str]:
        """Every orderable product, in parts."""
        rows = ProductProfile.objects.filter(product__structure__in=(Product.STANDALONE, Product.CHILD))
        return (str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True).iterator(5000))

    def documents(self, items: Sequence[str]) -> Iterator[Document]:
        """See :func:`..products.indexed.product_documents`."""
        return product_documents(items)

    def cards(self, reader: Any, items: Sequence[str], request: Any = None) -> dict[str, Card]:
        """Own price and stock of those of the products the reader may see; facts, filing, and one set of offers."""
        versions = core.Versions.read()
        facts = product_facts(reader, _ids(items), versions)
        offers = hooks.offer_provider().offers(reader, list(facts), facts=facts, versions=versions)
        found = list(facts.values())
        rows = product_rows(found, offers, reader.language, pictures.THUMBNAIL)
        prefix = picture_prefix()
        base = request.build_absolute_uri(prefix) if request is not None else prefix
        data = serializers.product_documents(found, offers, reader.language, base)
        paths = _paths(found, category_tree(versions), reader.language)
        shared = {"sells": hooks.sells(), "cart_url": cart_url() if reader.is_member else ""}
        return {
            str(each.id): Card(
                title=row["name"],
                url=row["url"],
                summary=row["pack_text"],
                path=paths.get(each.id, ()),
                picture=row["image_url"],
                icon=self.icon,
                template=TEMPLATE,
                context={"product": row, **shared},
                data=document,
            )
            for each, row, document in zip(found, rows, data, strict=True)
        }

    def facet_texts(self, reader: Any, facets: Mapping[str, Collection[str]]) -> dict[str, FacetText]:
        """Names of lines, categories, attribute values and states, in that order; mostly one statement."""
        versions = core.Versions.read()
        language = reader.language
        lines, tree = terms(versions).lines, category_tree(versions)
        known = {
            "line": (_("Product line"), _line_names(lines.values(), language)),
            "category": (_("Category"), _category_names(tree, facets.get("category", ()), language)),
        }
        for each in filter(is_facet, facet_definitions(versions)):
            known[each.key] = (each.name(language), {one.value: one.name(language) for one in each.options})
        states = {value: str(label) for value, label in ProductProfile.Status.choices}
        known["status"] = (_("Status"), states)
        return {
            key: FacetText(label, {one: names[one] for one in facets[key] if one in names})
            for key, (label, names) in known.items()
            if key in facets
        }

    def by_price(self, reader: Any, items: Sequence[str], *, descending: bool) -> list[str]:
        """In the order of the own price for the smallest quantity."""
        found = matches(reader, Listing())
        if found.prices is None:
            return [str(pk) for pk in sorted(_ids(items))]
        order = found.prices.descending if descending else found.prices.ascending
        bits = found.index.bitmap(_ids(items))
        return [str(found.index.ids[place]) for place in window(bits, found.index.size, order, 0, len(items))]


def _ids(items: Iterable[str]) -> list[int]:
    return [int(item) for item in items if item.isdecimal()]


def _line_names(lines: Iterable[tuple[str, str, str]], language: str) -> dict[str, str]:
    chinese = language.startswith("zh")
    return {code: name_zh if chinese and name_zh else name for code, name, name_zh in lines}


def _category_names(tree: CategoryTree, values: Iterable[str], language: str) -> dict[str, str]:
    """A name that two of them share is told apart by what stands above."""
    nodes = [node for pk in _ids(values) if (node := tree.get(pk))]
    labels = [node.label(language) for node in nodes]
    return {
        str(node.id): _full(tree, node, language) if labels.count(label) > 1 else label
        for node, label in zip(nodes, labels, strict=True)
    }


def _full(tree: CategoryTree, node: CategoryNode, language: str) -> str:
    return " › ".join(each.label(language) for each in (*tree.above(node)[-1:], node))


def _paths(found: Iterable[ProductFacts], tree: CategoryTree, language: str) -> dict[int, tuple[str, ...]]:
    """Where each product stands in the category tree, from the top down; one statement."""
    owner = {facts.id: facts.parent_id or facts.id for facts in found}
    rows = get_model("catalogue", "ProductCategory").objects.filter(product_id__in=set(owner.values()))
    filed: dict[int, CategoryNode] = {}
    for pk, category_id in rows.order_by("pk").values_list("product_id", "category_id"):
        node = tree.get(category_id)
        if node and pk not in filed:
            filed[pk] = node
    return {
        pk: tuple(each.label(language) for each in (*tree.above(filed[family]), filed[family]))
        for pk, family in owner.items()
        if family in filed
    }
