"""Pages of the handbook, and of PDFs made of it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.exports.rules import file_name
from qudao_core.exports.web import ExportFile as FilePage
from qudao_core.exports.web import ExportProgress, ExportUrls, file_response
from qudao_core.pages import Page
from qudao_core.requests import get_versions
from wagtail.models import Site
from wagtail.url_routing import RouteResult

from .. import hooks
from ..products.presenters import cart_url
from ..views import OpenPage
from . import pdf, presenters, queries, rules
from .content import Body, resolve
from .models import HandbookExport, HandbookPage, TopicPage
from .queries import APP, MODE, TYPES, handbook_tree, node_url
from .rules import HANDBOOK, TOPIC, VisibleNode

TEMPLATES = {
    HANDBOOK: "qudao_catalog/handbook/start.html",
    rules.CHAPTER: "qudao_catalog/handbook/chapter.html",
    TOPIC: "qudao_catalog/handbook/topic.html",
}


def route(request: HttpRequest, page: HandbookPage, path_components: list[str]) -> RouteResult:
    """The page that an address below a handbook leads to, in the reader's language or else in the original's.

    Wagtail's own routing stays inside one language's tree and knows no substitute.

    :raises Http404: nothing is published there. Who may read it is asked when it is served.
    """
    known = handbook_tree(get_versions(request))
    tree = next((each for each in known.handbooks if each.key == known.keys.get(page.pk)), None)
    node = rules.by_slugs(tree, path_components) if tree else None
    if node is None:
        raise Http404
    version = node.version(get_language() or "en")
    return RouteResult(page if version.page_id == page.pk else _page(version))


def _page(version: rules.Version) -> Any:
    model = next(model for model, name in TYPES.items() if name == version.type)
    return get_object_or_404(model, pk=version.page_id)


def serve(request: HttpRequest, page: Any) -> HttpResponse:
    """A published page as Wagtail serves it, after Wagtail's and the portal's own checks."""
    return Reading.as_view()(request, page=page)  # type: ignore[return-value]


def more_previews() -> list[tuple[str, Any]]:
    """Where else editors may look at a draft: (mode, label)."""
    return headless_preview_modes()


def serve_preview(request: HttpRequest, page: Any, mode: str = "") -> HttpResponse:
    """A draft as its editor sees it while writing: the page alone, without what stands around it."""
    if mode == queries.MODE:
        return serve_headless_preview(request, page)
    return Preview.as_view()(request, page=page)  # type: ignore[return-value]


class HandbookList(OpenPage):
    """Every handbook the reader sees; one alone is opened at once."""

    in_previews = True

    def get(self, request: HttpRequest) -> HttpResponse:
        found = queries.handbooks(self.viewer)
        if len(found) == 1:
            return redirect(queries.node_url(found[0]))
        entries = [presenters.contents(each, each) for each in found]
        return render(request, "qudao_catalog/handbook/list.html", {"handbooks": entries})


class Preview(OpenPage):
    """A draft in the admin's preview."""

    in_previews = True

    def get(self, request: HttpRequest, page: Any) -> HttpResponse:
        is_topic = isinstance(page, TopicPage)
        body = resolve(self.viewer, [page])[page.pk or 0] if is_topic else Body(())
        context = {"page": page, "body": body, **_selling(self.viewer, request)}
        context["kind"] = page.get_kind_display() if is_topic else ""
        return render(request, "qudao_catalog/handbook/preview.html", context)


class Reading(OpenPage):
    """A handbook, chapter or topic for one reader."""

    in_previews = True

    def get(self, request: HttpRequest, page: Any) -> HttpResponse:
        viewer, versions = self.viewer, get_versions(request)
        trees = queries.handbooks(viewer, versions, admitted={page.pk})
        seen = rules.find(trees, page.pk, handbook_tree(versions).keys)
        if seen is None:
            raise queries.not_found()
        tree = next(each for each in trees if each.key == seen.handbook.key)
        contents = presenters.contents(tree, seen)
        context = {
            "seen": seen,
            "page": page,
            "tree": contents,
            "children": presenters.contents(seen, seen)["children"],
            "crumbs": presenters.breadcrumbs(seen, several=len(trees) > 1),
            "around": presenters.around(tree, seen),
            "pdfs": presenters.pdf_links(seen),
            "edit_url": _edit_url(request, viewer, page),
            "search_action": queries.node_url(tree),
            **_selling(viewer, request),
        }
        if seen.type == TOPIC:
            context |= _topic(viewer, page, versions)
        elif seen.type == HANDBOOK:
            context |= presenters.search_context(viewer, request, seen)
        return render(request, TEMPLATES[seen.type], context)


def _topic(viewer: core.Viewer, page: TopicPage, versions: core.Versions) -> dict[str, Any]:
    body = resolve(viewer, [page], versions)[page.pk]
    links = [link for source in hooks.topic_links for link in source(viewer, page.pk)]
    return {"body": body, "kind": page.get_kind_display(), "links": links}


def _selling(viewer: core.Viewer, request: HttpRequest) -> dict[str, Any]:
    """What product cards need beside the products."""
    return {
        "sells": hooks.sells(),
        "cart_url": cart_url() if viewer.is_member else "",
        "currency": viewer.currency,
        "here": request.get_full_path(),
    }


def _edit_url(request: HttpRequest, viewer: core.Viewer, page: Any) -> str:
    if not viewer.is_staff or not page.permissions_for_user(request.user).can_edit():
        return ""
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


SHOWN = 10


class PdfOf(Page):
    """``/handbook-pdf/<page>/<scope>/``: a page that has the PDF made; for a topic that was made today, the PDF."""

    def get(self, request: HttpRequest, page_id: int, scope: str) -> HttpResponseBase:
        seen = queries.exportable_node(self.viewer, page_id, scope)
        ready = queries.pdf_made_today(self.viewer, seen, scope) if scope == rules.TOPIC else None
        if ready is not None:
            return file_response(ready, name=file_name(ready.title), as_attachment=False)
        context = {
            "seen": seen,
            "scope": scope,
            "count": len(seen.topics),
            "back": node_url(seen),
            "exports": list(queries.pdf_exports(self.viewer)[:SHOWN]),
        }
        return render(request, "qudao_catalog/handbook/pdf/ask.html", context)

    def post(self, request: HttpRequest, page_id: int, scope: str) -> HttpResponse:
        export = pdf.request_export(viewer=self.viewer, page_id=page_id, scope=scope)
        return redirect("catalog:handbook-export", export.pk)


class ExportPage(ExportProgress):
    """How far the PDF of a handbook is."""

    def export(self, pk: int) -> HandbookExport:
        return queries.get_pdf_export(self.viewer, pk)

    def places(self, export: Any) -> ExportUrls:
        seen = self._part(export)
        return ExportUrls(
            status=reverse("catalog:handbook-export", args=(export.pk,)),
            file=reverse("catalog:handbook-export-file", args=(export.pk,)),
            again=reverse("catalog:handbook-pdf", args=(export.page_id, export.scope)),
            back=node_url(seen) if seen else "",
            back_label=_("Back to reading"),
            writing=_("Writing the topics"),
            note=_("This takes about a second for each topic. You may go on working and come back."),
        )

    def _part(self, export: HandbookExport) -> VisibleNode | None:
        try:
            return queries.exportable_node(self.viewer, export.page_id, export.scope)
        except core.NotFound:
            return None


class ExportFile(FilePage):
    """The finished file."""

    status_url = "catalog:handbook-export"

    def export(self, pk: int) -> HandbookExport:
        return queries.get_pdf_file(self.viewer, pk)


def headless_preview_offered() -> bool:
    """Whether editors are offered the preview in a headless client."""
    clients = getattr(settings, "WAGTAIL_HEADLESS_PREVIEW", {}).get("CLIENT_URLS")
    return apps.is_installed(APP) and bool(clients)


def headless_preview_modes() -> list[tuple[str, Any]]:
    """What Wagtail's preview offers beside the page itself."""
    return [(MODE, _("In the app (headless)"))] if headless_preview_offered() else []


def serve_headless_preview(request: HttpRequest, page: Any) -> HttpResponse:
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
