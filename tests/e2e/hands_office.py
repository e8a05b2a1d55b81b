"""The pages that our plugins put into Wagtail's admin: found in its registries, so that a new one is walked, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import wagtail.admin.urls  # noqa: F401 - fills the registry
from django.urls import reverse
from qudao_partner_portal.models import Company
from wagtail.admin.viewsets import viewsets

#: Reviewed: Wagtail's own pages about a record, and what is a part of a page, an answer to a form or a file.
NOT_PAGES = re.compile(
    r"results|history|usage|^(reorder|copy|template|status|rejected|replay|resend|revoke|choose|chosen|chosen_multiple"
    r"|attributes|attributes_of|preview_page)$"
)
#: Pages outside the viewsets: name → address.
REPORTS = {
    "reports/document-texts": "/admin/reports/document-texts/",
    "reports/searches": "/admin/reports/searches/",
}


def ours() -> list[Any]:
    return [each for each in viewsets.viewsets if type(each).__module__.startswith("qudao_")]


def office_pages() -> dict[str, str]:
    """label → the name of the page's address."""
    found: dict[str, str] = {}
    for viewset in ours():
        for pattern in viewset.get_urlpatterns():
            if not NOT_PAGES.search(pattern.name):
                found[f"{viewset.url_prefix}:{pattern.name}"] = f"{viewset.url_namespace}:{pattern.name}"
    return found | REPORTS


def address_of(label: str, name: str) -> str | None:
    """Where the page is in the channel at hand; None where nothing of its kind exists."""
    if name.startswith("/"):
        return name
    for values in _arguments(label):
        try:
            return reverse(name, args=values) + _asking(label)
        except Exception:  # noqa: BLE001, S112 - another number of parameters
            continue
    return None


def _asking(label: str) -> str:
    """A form that asks for a company, chosen in a window of Wagtail's, opens with one."""
    if label.startswith("channel/") and label.endswith(":add"):
        return f"?company={Company.objects.get(code='D-1').pk}"
    return ""


def _arguments(label: str) -> Iterator[list[Any]]:
    yield []
    prefix = label.partition(":")[0]
    viewset = next(each for each in ours() if each.url_prefix == prefix)
    model = getattr(viewset, "model", None)
    newest = model._default_manager.order_by("pk").last() if model else None
    if newest is not None:
        yield [newest.pk]
    if prefix == "imports":
        yield ["products"]
