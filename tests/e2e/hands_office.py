"""The pages that our plugins put into Wagtail's admin: found in its registries, so that a new one is walked, too."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import wagtail.admin.urls  # noqa: F401 - fills the registry
from django.urls import NoReverseMatch, reverse
from qudao_catalog.models import ProductProfile
from qudao_partner_portal.models import Company
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.chooser import ChooserViewSet

#: Reviewed: Wagtail's own pages about a record, what is a part of a page, an answer to a form, or a file.
NOT_PAGES = re.compile(
    r"results|history|usage|^(reorder|copy|template|status|rejected|replay|resend|revoke"
    r"|attributes|attributes_of|preview_page)$"
)
#: Pages outside the viewsets: label → address; "" where the channel says it.
OTHERS = {
    "reports:document-texts": "/admin/reports/document-texts/",
    "reports:searches": "/admin/reports/searches/",
    "preview:choose": "/admin/channel/preview/",
    "pages:topic": "",
    "pages:translation": "",
}
#: What is done to chosen products of the list.
BULK = ("edit", "discontinue", "delete")


#: A run uses the controls of one of so many parts of these subjects, and looks at the others.
TURNS = 4
#: Subjects whose every control has been seen to act for all and at both widths; a further one is added when it has.
IN_TURN = (
    "arrivals",
    "channel/tiers",
    "preview",
    "productline",
    "reports",
    "taxclass",
    "unit",
    "warehouse",
)


def turn() -> int:
    """Whose turn it is: each commit has its own, so that a failure can be repeated; without Git, each day."""
    given = os.environ.get("QUDAO_TEST_HANDS_TURN")
    if not given:
        count = subprocess.run(
            ["git", "rev-list", "--count", "HEAD"],  # noqa: S607
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
        given = count.stdout.strip() or str(datetime.now(UTC).toordinal())
    return int(given) % TURNS


def ours() -> list[Any]:
    """Our viewsets, without the windows in which something is chosen: they are used from the forms."""
    return [
        each
        for each in viewsets.viewsets
        if type(each).__module__.startswith("qudao_") and not isinstance(each, ChooserViewSet)
    ]


def office_pages() -> dict[str, str]:
    """label → the name of the page's address, or the address."""
    found: dict[str, str] = {}
    for viewset in ours():
        for pattern in viewset.get_urlpatterns():
            if not NOT_PAGES.search(pattern.name):
                found[f"{viewset.url_prefix}:{pattern.name}"] = f"{viewset.url_namespace}:{pattern.name}"
    return found | {f"bulk-products:{action}": "" for action in BULK} | OTHERS


def address_of(label: str, name: str, paths: Mapping[str, str]) -> str:
    """Where the page is in the channel at hand: what the channel says, or that of the newest row."""
    if found := paths.get(label) or (name if name.startswith("/") else ""):
        return found
    subject, _colon, action = label.partition(":")
    if subject == "bulk-products":
        chosen = ProductProfile.objects.order_by("pk").last()
        assert chosen is not None
        address = reverse("wagtail_bulk_action", args=("qudao_catalog", "productprofile", action))
        return f"{address}?id={chosen.pk}&next={reverse('qudao_products:index')}"
    for values in _arguments(subject):
        try:
            return reverse(name, args=values) + _asking(label)
        except NoReverseMatch:  # another number of parameters
            continue
    raise LookupError(f"nothing of its kind exists in the channel: {label}")


def _asking(label: str) -> str:
    """A form that asks for a company, chosen in a window of Wagtail's, opens with one."""
    if label.startswith("channel/") and label.endswith(":add"):
        return f"?company={Company.objects.get(code='D-1').pk}"
    return ""


def _arguments(subject: str) -> Iterator[list[Any]]:
    yield []
    viewset = next(each for each in ours() if each.url_prefix == subject)
    model = getattr(viewset, "model", None)
    newest = model._default_manager.order_by("pk").last() if model else None
    if newest is not None:
        yield [newest.pk]
