"""The handbook's entry in the portal's navigation, and its topics on the page of a product."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.pages import fact_versions
from qudao_partner_portal.hooks import NavItem

from ..hooks import ProductLink
from . import queries
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
