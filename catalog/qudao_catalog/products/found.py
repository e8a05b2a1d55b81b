"""Products as the search shows them: with the reader's own price and stock, read from the database at that moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_search.hooks import Card, Document, FacetText

from .. import hooks
from ..categories.queries import category_tree
from ..categories.rules import CategoryNode, CategoryTree
from ..listing.bitmaps import stretch
from ..listing.definitions import facet_definitions
from ..listing.matching import matches
from ..listing.rules import Listing
from ..pictures import rules as pictures
from ..pictures.queries import picture_prefix
from . import documents, indexed
from .models import ProductProfile
from .queries import Product, product_facts, terms
from .rules import ProductFacts
from .shown import cart_url, product_rows

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
        return indexed.product_documents(items)

    def cards(self, reader: Any, items: Sequence[str], request: Any = None) -> dict[str, Card]:
        """Own price and stock of those of the products the reader may see; facts, filing, and one set of offers."""
        versions = core.Versions.read()
        facts = product_facts(reader, _ids(items), versions)
        offers = hooks.offer_provider().offers(reader, list(facts), facts=facts, versions=versions)
        found = list(facts.values())
        rows = product_rows(found, offers, reader.language, pictures.THUMBNAIL)
        prefix = picture_prefix()
        base = request.build_absolute_uri(prefix) if request is not None else prefix
        data = documents.product_documents(found, offers, reader.language, base)
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
        for each in filter(indexed.is_facet, facet_definitions(versions)):
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
        return [
            str(found.index.ids[place]) for place in stretch(bits, found.index.size, order, 0, len(items))
        ]


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
