"""By which access rules a product, and a document attached to it, may be found and opened.

The tokens of a rule are facts of the product (``line:3``, ``category:8``, ``set:5``: assortment 5 names it), never of
people: an assortment or an audience changes and the next search knows, without one product being indexed again.
Whatever :mod:`..assortments.queries` says in SQL, this says about tokens; a test holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models.signals import post_delete, post_save
from django.urls import NoReverseMatch, reverse
from oscar.core.loading import get_model
from qudao_partner_portal import api as portal
from qudao_partner_portal import hooks as portal_hooks

from ..assortments import rules
from ..assortments.models import AssortmentItem
from ..assortments.queries import visibility_rule
from ..bulk_rows import chunks
from ..reindexing import products_reindexed
from .models import ProductDocument, ProductProfile, ProductTranslation
from .queries import CHINESE

#: The name of the policy in the index.
POLICY = "assortment"


class TokenFacts(NamedTuple):
    """What the tokens of an access rule say, as the rules of assortments read it."""

    line_id: int | None
    category_ids: frozenset[int]
    product_sets: frozenset[int]


def product_access(product_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The tokens of each product: its line, the categories it or its family is filed in, assortments naming either.

    Three statements for every five thousand products; unknown products are left out.
    """
    found: dict[int, frozenset[str]] = {}
    for part in chunks(sorted(set(product_ids))):
        rows = ProductProfile.objects.filter(pk__in=part).order_by()
        found |= access_tokens(list(rows.values_list("pk", "product__parent_id", "line_id")))
    return found


def access_tokens(products: Sequence[tuple[int, int | None, int | None]]) -> dict[int, frozenset[str]]:
    """The same for products given as (id, parent's id, line's id); two statements."""
    around = sorted({pk for row in products for pk in row[:2] if pk is not None})
    filed = _tokens("category", _filed(around))
    named = _tokens("set", _named(around))
    return {
        pk: frozenset(
            [
                *([f"line:{line_id}"] if line_id else []),
                *(token for each in (pk, parent_id) for of in (filed, named) for token in of.get(each, ())),
            ]
        )
        for pk, parent_id, line_id in products
    }


def visible_by_tokens(reader: Any, token_sets: Sequence[frozenset[str]]) -> list[bool]:
    """For each token set whether products behind it may be seen now; at most four statements, mostly one."""
    sight = visibility_rule(reader)
    if sight.nothing:
        return [False] * len(token_sets)
    return [_sees(sight, _read(tokens)) for tokens in token_sets]


def _sees(sight: rules.VisibilityRule, facts: TokenFacts) -> bool:
    about = facts._asdict()
    return rules.covers(sight.granted, **about) and not rules.covers(sight.denied, **about)


@lru_cache(maxsize=20_000)
def _read(tokens: frozenset[str]) -> TokenFacts:
    of: dict[str, set[int]] = {"line": set(), "category": set(), "set": set()}
    for token in tokens:
        kind, _colon, pk = token.partition(":")
        of[kind].add(int(pk))
    return TokenFacts(next(iter(of["line"]), None), frozenset(of["category"]), frozenset(of["set"]))


def _filed(ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    rows = get_model("catalogue", "ProductCategory").objects.filter(product_id__in=ids).order_by()
    return rows.values_list("product_id", "category_id")


def _named(ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    rows = AssortmentItem.objects.filter(product_id__in=ids).order_by()
    return rows.values_list("product_id", "assortment_id")


def _tokens(kind: str, rows: Iterable[tuple[int, int]]) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = {}
    for product_id, pk in rows:
        found.setdefault(product_id, []).append(f"{kind}:{pk}")
    return found


Product = get_model("catalogue", "Product")


def document_access(document_ids: Sequence[int]) -> dict[int, list[portal_hooks.DocumentAccessRule]]:
    """The access rules of the products each document is attached to; a family opens with any of its variants.

    What is attached to products that are not public only has no rule. Six statements, only the first when nothing
    is attached.
    """
    rows = ProductDocument.objects.filter(document_id__in=document_ids).order_by(
        "document_id", "position", "pk"
    )
    attached = list(rows.values_list("document_id", "product_id"))
    if not attached:
        return {}
    members = _members({product_id for _document_id, product_id in attached})
    access = product_access(pk for each in members.values() for pk in each)
    about = _about(members)
    found: dict[int, list[portal_hooks.DocumentAccessRule]] = defaultdict(list)
    for document_id, product_id in attached:
        names, url = about.get(product_id, ({}, ""))
        tokens = dict.fromkeys(access[pk] for pk in members.get(product_id, ()) if pk in access)
        found[document_id] += [portal_hooks.DocumentAccessRule(POLICY, each, names, url) for each in tokens]
    return found


def update_document_access(product_ids: Iterable[int], **kwargs: Any) -> None:
    """What opens these products has changed: so has what opens their documents, and those of their families."""
    for part in chunks(sorted(set(product_ids))):
        children = Product.objects.filter(pk__in=part, parent_id__isnull=False).order_by()
        around = {*part, *children.values_list("parent_id", flat=True)}
        rows = ProductDocument.objects.filter(product_id__in=around).order_by()
        found = set(rows.values_list("document_id", flat=True))
        if found:
            portal.update_documents(document_ids=found)


def connect() -> None:
    """Attaching a document, and taking it away, changes who may open it."""
    portal_hooks.document_access.register("products", document_access)
    products_reindexed.connect(update_document_access, dispatch_uid="product-documents")
    for signal in (post_save, post_delete):
        signal.connect(_changed, sender=ProductDocument, dispatch_uid=f"product-documents-{id(signal)}")


def _changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        portal.update_documents(document_ids=[instance.document_id])


def _members(product_ids: Iterable[int]) -> dict[int, list[int]]:
    """Product → itself and its variants, as far as they are public."""
    ids = sorted(product_ids)
    found: dict[int, list[int]] = defaultdict(list)
    public = Product.objects.filter(is_public=True).exclude(parent__is_public=False).order_by("pk")
    for pk in public.filter(pk__in=ids).values_list("pk", flat=True):
        found[pk].append(pk)
    for family, pk in public.filter(parent_id__in=ids).values_list("parent_id", "pk"):
        found[family].append(pk)
    return found


def _about(product_ids: Iterable[int]) -> dict[int, tuple[Mapping[str, str], str]]:
    """Names and address of products; two statements."""
    ids = sorted(product_ids)
    rows = ProductProfile.objects.filter(pk__in=ids).order_by()
    english = {
        pk: (sku, title or parent or sku)
        for pk, sku, title, parent in rows.values_list(
            "pk", "sku", "product__title", "product__parent__title"
        )
    }
    words = ProductTranslation.objects.filter(product_id__in=ids, language=CHINESE).order_by()
    chinese = dict(words.values_list("product_id", "title"))
    return {
        pk: ({"en": name} | ({CHINESE: chinese[pk]} if chinese.get(pk) else {}), _address(sku))
        for pk, (sku, name) in english.items()
    }


def _address(sku: str) -> str:
    try:
        return reverse("catalog:product", args=[sku])
    except NoReverseMatch:
        return ""
