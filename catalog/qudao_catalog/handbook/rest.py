"""Handbooks in the API: contents, topics with their blocks resolved, drafts for headless clients, PDF."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from qudao_core import api as core
from qudao_core.exports.rest import accepted_response
from qudao_core.exports.rules import file_name
from qudao_core.exports.serializers import export_document
from qudao_core.exports.web import file_response
from qudao_core.headless import HeadlessView, SignedIn, idempotent, list_page, versioned
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from ..products.queries import facts_of
from ..products.rest import CatalogueView
from . import documents, previews, queries, schemas
from .models import Kind, TopicPage
from .pdf import queries as exports
from .pdf import services
from .pdf.models import HandbookExport
from .resolve import Body, resolve
from .rules import Seen
from .tree import TYPES


class HandbookView(CatalogueView):
    """What the handbook endpoints share."""

    tags = ("handbooks",)

    @cached_property
    def whole(self) -> documents.Absolute:
        return documents.absolute(self.request.build_absolute_uri("/").rstrip("/"))

    def answer(self, document: dict[str, Any]) -> Response:
        """The document, or 304 for who has it already."""
        return self.document(document)


class HandbookList(HandbookView):
    """Handbooks the caller sees something of."""

    @extend_schema(responses=schemas.HandbookOutput(many=True))
    def get(self, request: Request) -> Response:
        """Handbooks in which the caller may read something."""
        found = queries.handbooks(self.viewer, self.versions)
        return list_page(
            request,
            found,
            lambda seen: seen.key,
            lambda rows: [documents.handbook_document(each, self.whole) for each in rows],
        )


class HandbookItem(HandbookView):
    """One handbook with its contents: chapters, sections and topics, without bodies."""

    @extend_schema(responses=schemas.ContentsOutput)
    @versioned()
    def get(self, request: Request, pk: int) -> Response:
        """One handbook with its contents: chapters, sections and topics, without bodies."""
        seen = queries.get_handbook(self.viewer, pk, self.versions)
        return self.answer(documents.contents_document(seen, self.whole))


class TopicList(HandbookView):
    """Topics the caller may read, in reading order."""

    @extend_schema(
        parameters=[
            OpenApiParameter("handbook", int, description=_("Only topics of this handbook.")),
            OpenApiParameter("kind", str, many=True, enum=Kind.values),
            OpenApiParameter("sku", str, description=_("Only topics about this product, or mentioning it.")),
        ],
        responses=schemas.TopicRowOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """Topics the caller may read, in reading order."""
        found = self._found(request)
        return list_page(
            request,
            found,
            lambda seen: seen.key,
            lambda rows: [documents.topic_row(each, self.whole) for each in rows],
        )

    def _found(self, request: Request) -> list[Seen]:
        handbook, kinds = self._filters(request)
        trees = queries.handbooks(self.viewer, self.versions)
        found = documents.find_topics(trees, handbook=handbook, kinds=kinds)
        sku = request.query_params.get("sku", "")
        if not sku:
            return found
        product = facts_of(self.viewer, sku, self.versions)
        about = queries.topics_of_product(self.viewer, product.id, self.versions)
        keys = {seen.key for _role, seen in about}
        return [each for each in found if each.key in keys]

    def _filters(self, request: Request) -> tuple[int | None, list[str]]:
        handbook = request.query_params.get("handbook", "")
        kinds = request.query_params.getlist("kind")
        if handbook and not (handbook.isascii() and handbook.isdecimal() and len(handbook) < 19):
            raise _unreadable("handbook", handbook)
        for kind in kinds:
            if kind not in Kind.values:
                raise _unreadable("kind", kind)
        return int(handbook) if handbook else None, kinds


class TopicItem(HandbookView):
    """One topic, its blocks resolved for the caller: sizes of pictures, open documents, own prices and stock."""

    @extend_schema(responses=schemas.TopicOutput)
    @versioned()
    def get(self, request: Request, pk: int) -> Response:
        """One topic, its blocks resolved for the caller: sizes of pictures, open documents, own prices and stock."""
        seen = queries.get_topic(self.viewer, pk, self.versions)
        around = queries.neighbours(self.viewer, pk, self.versions)
        return self.answer(
            documents.topic_document(
                self.viewer, seen, around, base=self.base, whole=self.whole, versions=self.versions
            )
        )


class PreviewItem(HandbookView):
    """A draft for a headless client, by the token the editor's preview gave it."""

    permission_classes = (AllowAny,)

    @extend_schema(
        parameters=[OpenApiParameter("token", str, required=True)], responses=schemas.PreviewOutput
    )
    def get(self, request: Request) -> Response:
        """A draft for a headless client, by the token from the editor's preview."""
        page = previews.get_preview(request.query_params.get("token", ""))
        is_topic = isinstance(page, TopicPage)
        body = resolve(self.viewer, [page], self.versions)[page.pk or 0] if is_topic else Body(())
        return Response(
            {
                "id": page.pk,
                "type": TYPES[type(page)],
                "title": page.title,
                "summary": page.summary,
                "kind": page.kind if is_topic else None,
                "language": page.locale.language_code,
                **documents.body_document(self.viewer, body, base=self.base, whole=self.whole),
            },
            headers={"Cache-Control": "no-store"},
        )


class ExportsView(HeadlessView):
    permission_classes = (SignedIn,)
    tags = ("handbooks",)


class ExportList(ExportsView):
    """The caller's PDFs of the last days."""

    ordering = ("-pk",)

    @extend_schema(responses=schemas.ExportOutput(many=True))
    def get(self, request: Request) -> Response:
        """The caller's PDFs of the last days."""
        rows = exports.exports(self.viewer)
        return self.page(rows, lambda found: [_export(each, request) for each in found])

    @extend_schema(request=schemas.ExportInput, responses={202: schemas.ExportOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Have a chapter or a handbook made into a PDF, in the background."""
        given = self.read(schemas.ExportInput)
        export = services.request_export(viewer=self.viewer, page_id=given["page"], scope=given["scope"])
        where = reverse("catalog-api:handbook-export", args=(export.pk,))
        return accepted_response(_export(export, request), where, request)


class ExportItem(ExportsView):
    """How far a PDF is."""

    @extend_schema(responses=schemas.ExportOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The state and progress of one PDF."""
        return Response(_export(exports.get_export(self.viewer, pk), request))


class ExportContent(ExportsView):
    """The finished PDF."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY)})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The finished PDF."""
        export = exports.get_file(self.viewer, pk)
        return file_response(export, name=file_name(export.title))  # type: ignore[return-value]


def _export(export: HandbookExport, request: Request) -> dict[str, Any]:
    file = reverse("catalog-api:handbook-export-file", args=(export.pk,))
    return export_document(export, file, request) | {"scope": export.scope}


def _unreadable(field: str, value: str) -> core.Refusal:
    return core.Refusal(
        "invalid_filter",
        _("“%(value)s” cannot be read as %(field)s.") % {"value": value[:60], "field": field},
        field=field,
        params={"value": value[:60]},
        status=400,
    )
