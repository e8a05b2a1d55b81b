"""Drafts in a headless client: the editor's preview hands it a token, and the API gives it the draft as it is typed.

The tokens and the addresses are those of wagtail-headless-preview, so clients written for it work unchanged. It is
used where the host has installed it and names its clients (``WAGTAIL_HEADLESS_PREVIEW``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from wagtail.models import Page, Site

from .models import ChapterPage, HandbookPage, TopicPage
from .tree import TYPES

MODE = "headless"
#: How long a client may show what it was handed.
LIFETIME = timedelta(hours=12)
APP = "wagtail_headless_preview"


def is_offered() -> bool:
    """Whether editors are offered the preview in a headless client."""
    clients = getattr(settings, "WAGTAIL_HEADLESS_PREVIEW", {}).get("CLIENT_URLS")
    return apps.is_installed(APP) and bool(clients)


def modes() -> list[tuple[str, Any]]:
    """What Wagtail's preview offers beside the page itself."""
    return [(MODE, _("In the app (headless)"))] if is_offered() else []


def serve(request: HttpRequest, page: Page) -> HttpResponse:
    """The client in a frame, with the token of the draft. Side effect: the draft is kept for a day."""
    from wagtail_headless_preview.models import (  # noqa: PLC0415 - an optional part of the host
        HeadlessPreviewMixin,
        PagePreview,
        get_client_root_url_from_site,
    )

    PagePreview.garbage_collect()
    named = f"id={page.pk}" if page.pk else f"parent_id={page.get_parent().pk};page_type={page._meta.label}"
    token = HeadlessPreviewMixin.get_preview_signer().sign(named)
    kept = {"content_type": page.cached_content_type, "content_json": page.to_json()}
    PagePreview.objects.update_or_create(token=token, defaults=kept)
    query = urlencode({"content_type": f"{page._meta.app_label}.{page._meta.model_name}", "token": token})
    address = f"{get_client_root_url_from_site(Site.find_for_request(request))}?{query}"
    return render(request, "wagtail_headless_preview/preview.html", {"preview_url": address})


def get_preview(token: str) -> HandbookPage | ChapterPage | TopicPage:
    """The draft that a token names. Whoever holds the token was handed it by an editor.

    :raises core.NotFound: never made, not a page of a handbook, or its time is over.
    """
    if not apps.is_installed(APP):
        raise _gone()
    from wagtail_headless_preview.models import (  # noqa: PLC0415 - an optional part of the host
        HeadlessPreviewMixin,
        PagePreview,
    )

    try:
        HeadlessPreviewMixin.get_preview_signer().unsign(token, max_age=LIFETIME)
    except BadSignature as error:
        raise _gone() from error
    found = PagePreview.objects.filter(token=token).select_related("content_type").first()
    if found is None or found.content_type.model_class() not in TYPES:
        raise _gone()
    return found.as_page()  # type: ignore[return-value]


def _gone() -> core.NotFound:
    return core.NotFound(
        "preview_not_found", _("There is no such preview, or it has expired."), field="token"
    )
