"""The name of a product in the reader's language, where rows of the back office or of the API show one.

Readers of the catalogue get it with everything else from :class:`~.rules.ProductFacts`; here stand the rows that hold
a product and little more: prices, stock, arrivals, terms.
"""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from qudao_search import api as search

from .models import ProductTranslation
from .queries import CHINESE

#: Of a longer text the rest is not compared word by word: SQLite reads conditions only so deep.
MOST_WORDS = 40


def title_lookups(product: str = "product", language: str = "") -> tuple[str, ...]:
    """What to prefetch so that :func:`title_of` costs no statement per row; nothing for readers of the source language.

    ``product``: the way to it from the row, empty for products themselves.
    """
    if not (language or get_language() or "").startswith("zh"):
        return ()
    way = f"{product}__" if product else ""
    return f"{way}translations", f"{way}parent__translations"


def title_of(product: Any, language: str = "") -> str:
    """The product's name for the reader: its own or its parent's, in Chinese where there is one and they read it."""
    language = language or get_language() or ""
    family = (product, product.parent) if product.parent_id else (product,)
    if language.startswith("zh"):
        for each in family:
            if found := next((row.title for row in each.translations.all() if row.language == CHINESE), ""):
                return str(found)
    return next((str(each.title) for each in family if each.title), "")


def sku_of(product: Any) -> str:
    """The product's SKU; empty for one of Oscar's that is not part of the channel, as a family may be."""
    profile = getattr(product, "profile", None)
    return str(profile.sku) if profile is not None else ""


def title_matches(text: str, product: str = "product") -> Q:
    """Rows whose product a box of the back office finds by ``text``.

    What the search finds by it, read as everywhere (word order, units, synonyms, pinyin, other script); and what has
    each of the words in its name or SKU, for the search knows neither what is not public nor the middle of a word.
    """
    named = [_has(word, product) for word in text.split()[:MOST_WORDS]]
    found = [int(item) for item in search.everything_of("product", text) if item.isdecimal()]
    return reduce(and_, named, Q()) | Q(**{f"{product}__in": found}) if found else reduce(and_, named, Q())


class SearchesProducts:
    """A view of the back office whose search field finds rows by their product; further fields in ``search_fields``."""

    #: The way from a row to its product.
    product_path = "product"
    is_searchable = True

    def search_queryset(self, queryset: Any) -> Any:
        view: Any = self
        if not view.is_searching:
            return queryset
        wanted = title_matches(view.search_query, self.product_path)
        for name in view.search_fields or ():
            wanted |= Q(**{f"{name}__icontains": view.search_query})
        return queryset.filter(wanted)


def _has(word: str, product: str) -> Q:
    translated = ProductTranslation.objects.filter(title__icontains=word).order_by().values("product_id")
    return (
        Q(**{f"{product}__profile__sku__icontains": word})
        | Q(**{f"{product}__title__icontains": word})
        | Q(**{f"{product}__parent__title__icontains": word})
        | Q(**{f"{product}__in": translated})
        | Q(**{f"{product}__parent__in": translated})
    )
