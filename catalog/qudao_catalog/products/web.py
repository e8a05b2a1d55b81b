"""The page of one product or of a family of variants."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from qudao_core import api as core

from .. import hooks
from ..assortments.explain import not_visible_because
from ..categories.queries import category_tree
from ..pictures import rules as pictures
from ..pictures.queries import picture_prefix
from ..views import OpenPage, breadcrumbs
from .detail import AttributeFact, ProductDetail, get_product
from .models import ProductDocument
from .presenters import cart_url, product_rows, product_url


class ProductPage(OpenPage):
    """Pictures, facts and a panel with own price, stock and quantity.

    A SKU in other letters is redirected.
    """

    in_previews = True

    def get(self, request: HttpRequest, sku: str) -> HttpResponse:
        versions = core.Versions.read()
        detail = get_product(self.viewer, sku, versions)
        if detail.sku != sku:
            return redirect("catalog:product", sku=detail.sku)
        context = page_context(self.viewer, request, detail, versions)
        return render(request, "qudao_catalog/product.html", context)

    def why_missing(self, refusal: core.Refusal, **kwargs: Any) -> core.Refusal:
        """The assortments that keep the product from the company, and for whom they are."""
        return not_visible_because(self.viewer, str(kwargs.get("sku", ""))) or refusal


def page_context(
    viewer: core.Viewer,
    request: HttpRequest,
    detail: ProductDetail,
    versions: core.Versions,
    provider: hooks.OfferProvider | None = None,
) -> dict[str, Any]:
    """What the page shows to ``viewer``; ``provider`` stands in for whoever sells, for a page without prices."""
    sells = hooks.sells() and provider is None
    facts = {each.id: each for each in detail.shown_facts}
    provider = provider or hooks.offer_provider()
    offers = provider.offers(viewer, list(facts), facts=facts, versions=versions)
    language = viewer.language
    rows = {
        row["id"]: row for row in product_rows(list(facts.values()), offers, language, pictures.THUMBNAIL)
    }
    offer = offers.get(detail.id)
    panels = list(provider.panels(viewer, detail.facts, offer)) if detail.facts else []
    category = detail.categories[0] if detail.categories else None
    trail = breadcrumbs(category, category_tree(versions), language)
    if category:
        trail[-1]["href"] = reverse("catalog:category", args=(category.slug,))
    else:
        trail[-1]["href"] = reverse("catalog:catalogue")
    return {
        "detail": detail,
        "name": detail.name(language),
        "description": detail.text(language),
        "crumbs": [*trail, {"label": detail.name(language), "href": ""}],
        "pictures": _pictures(detail, language),
        "product": rows.get(detail.id),
        "offer": offer,
        "problems": [_shown_problem(problem) for problem in (offer.problems if offer else ())],
        "panels": panels,
        "attributes": [
            {"label": each.name(language), "value": attribute_text(each)} for each in detail.attributes
        ],
        "documents": _documents(detail),
        "variants": _variants(detail, rows, language),
        "variant_heads": _variant_heads(detail, language),
        "related": [rows[each.id] for each in detail.related],
        "replacement": rows[detail.replacement.id] if detail.replacement else None,
        "family_url": product_url(detail.family_sku) if detail.family_sku else "",
        "links": [link for source in hooks.product_links for link in source(viewer, detail.id)],
        "sells": sells,
        "cart_url": cart_url() if viewer.is_member else "",
        "currency": offer.currency if offer and offer.currency else viewer.currency,
        "here": request.get_full_path(),
    }


def attribute_text(fact: AttributeFact) -> str:
    """A value with its unit, in the reader's language."""
    if fact.type == "boolean":
        return _("Yes") if fact.value == "Yes" else _("No")
    words = fact.text(get_language() or "en")
    return f"{words} {fact.unit}" if fact.unit else words


def _pictures(detail: ProductDetail, language: str) -> list[dict[str, str]]:
    prefix = picture_prefix()
    return [
        {
            "small": pictures.rendition_url(prefix, original, pictures.THUMBNAIL),
            "page": pictures.rendition_url(prefix, original, pictures.PAGE),
            "large": pictures.rendition_url(prefix, original, pictures.LARGE),
            "caption": caption or detail.name(language),
        }
        for original, caption in detail.images
    ]


def _documents(detail: ProductDetail) -> list[dict[str, Any]]:
    kinds, languages = dict(ProductDocument.Kind.choices), dict(settings.LANGUAGES)
    return [
        {
            "title": each.title,
            "url": each.url,
            "kind_label": kinds.get(each.kind, ""),
            "extension": each.extension,
            "size": each.size,
            "language_label": languages.get(each.language, each.language),
        }
        for each in detail.documents
    ]


def _variants(detail: ProductDetail, rows: dict[int, Any], language: str) -> list[dict[str, Any]]:
    heads = _variant_codes(detail, language)
    found = []
    for facts in detail.variants:
        texts = {fact.code: attribute_text(fact) for fact in detail.variant_attributes.get(facts.id, ())}
        cells = [{"label": label, "value": texts.get(code, "")} for code, label in heads]
        found.append({**rows[facts.id], "cells": cells, "is_current": facts.id == detail.id})
    return found


def _variant_heads(detail: ProductDetail, language: str) -> list[str]:
    return [label for _code, label in _variant_codes(detail, language)]


def _variant_codes(detail: ProductDetail, language: str) -> list[tuple[str, str]]:
    """The attributes that tell the variants apart, in the order they are first met."""
    found: dict[str, str] = {}
    for facts in detail.variant_attributes.values():
        for fact in facts:
            found.setdefault(fact.code, fact.name(language))
    return list(found.items())[:6]


def _shown_problem(problem: core.Problem) -> dict[str, Any]:
    return {"message": problem.message, "remedy": problem.remedy, "remedy_url": problem.remedy_url}
