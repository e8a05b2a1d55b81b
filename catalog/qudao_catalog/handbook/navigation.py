"""The handbook's entry in the portal's navigation, and its topics on the page of a product."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.pages import fact_versions
from qudao_partner_portal.hooks import NavItem

from ..hooks import EditorLink, ProductLink
from . import queries
from .models import TopicProduct
from .rules import Seen


def navigation(viewer: core.Viewer, request: HttpRequest) -> Iterable[NavItem]:
    """An entry for whoever sees a handbook: to it, or to the list when there are several. No statement for people
    of companies while the handbooks are unchanged."""
    found = queries.first_pages(viewer, fact_versions(request))
    if found:
        yield NavItem("handbook", _("Handbook"), start(found), "book-open")


def start(found: list[Seen]) -> str:
    """The handbook, or the list of them when there are several."""
    return queries.url_of(found[0]) if len(found) == 1 else reverse("catalog:handbooks")


def product_links(viewer: core.Viewer, product_id: int) -> Iterable[ProductLink]:
    """Topics of a product, for its page: those about it, then those that mention it."""
    found = queries.topics_of_product(viewer, product_id)
    return [ProductLink("topic", seen.title, queries.url_of(seen), "book-open") for _role, seen in found]


def editor_links(product_id: int) -> Iterable[EditorLink]:
    """Topics of a product in every language, for its editor."""
    rows = TopicProduct.objects.filter(product_id=product_id).select_related("topic__locale")
    return [
        EditorLink(row.topic.title, _edit_url(row.topic_id), str(row.topic.locale))
        for row in rows.order_by("topic__title")
    ]


def _edit_url(page_id: int) -> str:
    try:
        return reverse("wagtailadmin_pages:edit", args=(page_id,))
    except NoReverseMatch:
        return ""
