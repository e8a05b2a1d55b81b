"""The handbook in the API."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
)
from qudao_core import api as core
from qudao_core.exports import serializers as export_serializers
from qudao_core.exports.rest import accepted_response
from qudao_core.exports.rules import file_name
from qudao_core.exports.serializers import export_document
from qudao_core.exports.web import file_response
from qudao_core.headless import HeadlessView, SignedIn, idempotent, list_page, versioned
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from ..products.queries import facts_of
from ..products.serializers import ProductOutput
from ..views import CatalogueView
from . import pdf, presenters, queries
from . import queries as exports
from .content import Body, resolve
from .models import HandbookExport, Kind, TopicPage
from .queries import TYPES
from .rules import VisibleNode

_TYPES = ["handbook", "chapter", "topic"]


class HeadOutput(serializers.Serializer):
    """What handbooks, chapters and topics have in common."""

    id = serializers.IntegerField(help_text="The same in every language.")
    type = serializers.ChoiceField(_TYPES)
    title = serializers.CharField()
    summary = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices, allow_null=True, help_text="Of topics.")
    language = serializers.CharField(help_text="Of the text given: the caller's, else the original's.")
    languages = serializers.ListField(child=serializers.CharField(), help_text="In which it is published.")
    published_at = serializers.DateTimeField(allow_null=True)
    source_changed_at = serializers.DateTimeField(
        allow_null=True, help_text="Since then the original says something else than this translation."
    )
    url = serializers.URLField()


class HandbookOutput(HeadOutput):
    topics = serializers.IntegerField(help_text="How many the caller may read.")


class ContentsEntryOutput(HeadOutput):
    children = serializers.ListField(
        child=serializers.DictField(), help_text="Entries of the same shape: sections and topics."
    )


class ContentsOutput(HandbookOutput):
    children = ContentsEntryOutput(many=True)


class PlaceOutput(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()


class NeighbourOutput(PlaceOutput):
    type = serializers.ChoiceField(_TYPES)
    url = serializers.URLField()


class TopicRowOutput(HeadOutput):
    handbook = PlaceOutput()
    chapter = PlaceOutput(allow_null=True)


class PictureOutput(serializers.Serializer):
    id = serializers.IntegerField()
    alt = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    src = serializers.URLField()
    srcset = serializers.CharField()
    large = serializers.URLField(help_text="For zooming.")
    large_width = serializers.IntegerField()
    large_height = serializers.IntegerField()


class PaperOutput(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    filename = serializers.CharField()
    extension = serializers.CharField()
    size = serializers.IntegerField(allow_null=True, help_text="In bytes; null where it is not known yet.")
    content_type = serializers.CharField()
    url = serializers.URLField(help_text="Checks who asks.")


class BlockOutput(serializers.Serializer):
    """What every block has."""

    type = serializers.CharField()
    id = serializers.CharField()


class HeadingOutput(BlockOutput):
    text = serializers.CharField()
    level = serializers.IntegerField()
    anchor = serializers.CharField()


class TextOutput(BlockOutput):
    html = serializers.CharField(help_text="p, b, i, ul, ol, li, a, br; links lead where the caller may go.")


class ColumnOutput(serializers.Serializer):
    heading = serializers.CharField()
    is_number = serializers.BooleanField()


class TableOutput(BlockOutput):
    caption = serializers.CharField()
    columns = ColumnOutput(many=True)
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class ParameterOutput(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    unit = serializers.CharField()


class ParameterRowOutput(serializers.Serializer):
    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    url = serializers.URLField()
    values = serializers.ListField(
        child=serializers.CharField(), help_text="One for each attribute; empty where there is none."
    )


class ParametersOutput(BlockOutput):
    caption = serializers.CharField()
    attributes = ParameterOutput(many=True)
    products = ParameterRowOutput(many=True)


class DrawingOutput(BlockOutput):
    image = PictureOutput()
    caption = serializers.CharField()
    number = serializers.CharField()
    document = PaperOutput(allow_null=True)


class StepOutput(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    html = serializers.CharField()
    image = PictureOutput(allow_null=True)


class StepsOutput(BlockOutput):
    title = serializers.CharField()
    steps = StepOutput(many=True)


class WarningOutput(BlockOutput):
    level = serializers.ChoiceField(["note", "caution", "warning", "danger"])
    label = serializers.CharField()
    title = serializers.CharField()
    html = serializers.CharField()


class QuestionOutput(serializers.Serializer):
    question = serializers.CharField()
    html = serializers.CharField()
    anchor = serializers.CharField()


class FaqOutput(BlockOutput):
    questions = QuestionOutput(many=True)


class DownloadsOutput(BlockOutput):
    title = serializers.CharField()
    documents = PaperOutput(many=True)


class VideoOutput(BlockOutput):
    document = PaperOutput(allow_null=True)
    url = serializers.CharField()
    poster = PictureOutput(allow_null=True)
    caption = serializers.CharField()
    transcript = serializers.CharField()


class ProductsOutput(BlockOutput):
    title = serializers.CharField()
    products = ProductOutput(many=True)


class ScriptOutput(BlockOutput):
    customer_says = serializers.CharField()
    html = serializers.CharField(help_text="What to answer.")
    why = serializers.CharField()
    products = ProductOutput(many=True)


BLOCKS = {
    "heading": HeadingOutput,
    "text": TextOutput,
    "table": TableOutput,
    "parameters": ParametersOutput,
    "drawing": DrawingOutput,
    "steps": StepsOutput,
    "warning": WarningOutput,
    "faq": FaqOutput,
    "downloads": DownloadsOutput,
    "video": VideoOutput,
    "products": ProductsOutput,
    "script": ScriptOutput,
}


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="HandbookBlock", serializers=BLOCKS, resource_type_field_name="type", many=True
    )
)
class BlocksField(serializers.ListField):
    """Blocks in reading order, each of a shape of its own."""


class TopicProductOutput(serializers.Serializer):
    role = serializers.ChoiceField(["about", "mentions"])
    product = ProductOutput()


class BodyOutput(serializers.Serializer):
    blocks = BlocksField()
    products = TopicProductOutput(many=True)


class TopicOutput(TopicRowOutput, BodyOutput):
    keywords = serializers.ListField(child=serializers.CharField())
    previous = NeighbourOutput(allow_null=True)
    next = NeighbourOutput(allow_null=True)


class PreviewOutput(BodyOutput):
    """A draft as it is being written."""

    id = serializers.IntegerField(allow_null=True)
    type = serializers.ChoiceField(_TYPES)
    title = serializers.CharField()
    summary = serializers.CharField()
    kind = serializers.CharField(allow_null=True)
    language = serializers.CharField()


class ExportInput(serializers.Serializer):
    page = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text="Id of the chapter or handbook."
    )
    scope = serializers.ChoiceField(HandbookExport.Scope.choices)


class ExportOutput(export_serializers.ExportOutput):
    scope = serializers.ChoiceField(HandbookExport.Scope.choices)
    done = serializers.IntegerField(help_text="Topics written so far.")


class HandbookView(CatalogueView):
    """What the handbook endpoints share."""

    tags = ("handbooks",)

    @cached_property
    def whole(self) -> presenters.Absolute:
        return presenters.absolute_url(self.request.build_absolute_uri("/").rstrip("/"))

    def answer(self, document: dict[str, Any]) -> Response:
        """The document, or 304 for who has it already."""
        return self.document(document)


class HandbookList(HandbookView):
    """Handbooks the caller sees something of."""

    @extend_schema(responses=HandbookOutput(many=True))
    def get(self, request: Request) -> Response:
        """Handbooks in which the caller may read something."""
        found = queries.handbooks(self.viewer, self.versions)
        return list_page(
            request,
            found,
            lambda seen: seen.key,
            lambda rows: [presenters.handbook_document(each, self.whole) for each in rows],
        )


class HandbookItem(HandbookView):
    """One handbook with its contents: chapters, sections and topics, without bodies."""

    @extend_schema(responses=ContentsOutput)
    @versioned()
    def get(self, request: Request, pk: int) -> Response:
        """One handbook with its contents: chapters, sections and topics, without bodies."""
        seen = queries.get_handbook(self.viewer, pk, self.versions)
        return self.answer(presenters.contents_document(seen, self.whole))


class TopicList(HandbookView):
    """Topics the caller may read, in reading order."""

    @extend_schema(
        parameters=[
            OpenApiParameter("handbook", int, description=_("Only topics of this handbook.")),
            OpenApiParameter("kind", str, many=True, enum=Kind.values),
            OpenApiParameter("sku", str, description=_("Only topics about this product, or mentioning it.")),
        ],
        responses=TopicRowOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """Topics the caller may read, in reading order."""
        found = self._found(request)
        return list_page(
            request,
            found,
            lambda seen: seen.key,
            lambda rows: [presenters.topic_row(each, self.whole) for each in rows],
        )

    def _found(self, request: Request) -> list[VisibleNode]:
        handbook, kinds = self._filters(request)
        trees = queries.handbooks(self.viewer, self.versions)
        found = presenters.find_topics(trees, handbook=handbook, kinds=kinds)
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

    @extend_schema(responses=TopicOutput)
    @versioned()
    def get(self, request: Request, pk: int) -> Response:
        """One topic, its blocks resolved for the caller: sizes of pictures, open documents, own prices and stock."""
        seen = queries.get_topic(self.viewer, pk, self.versions)
        around = queries.neighbours(self.viewer, pk, self.versions)
        return self.answer(
            presenters.topic_document(
                self.viewer, seen, around, base=self.base, whole=self.whole, versions=self.versions
            )
        )


class PreviewItem(HandbookView):
    """A draft for a headless client, by the token the editor's preview gave it."""

    permission_classes = (AllowAny,)

    @extend_schema(parameters=[OpenApiParameter("token", str, required=True)], responses=PreviewOutput)
    def get(self, request: Request) -> Response:
        """A draft for a headless client, by the token from the editor's preview."""
        page = queries.get_preview(request.query_params.get("token", ""))
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
                **presenters.body_document(self.viewer, body, base=self.base, whole=self.whole),
            },
            headers={"Cache-Control": "no-store"},
        )


class ExportsView(HeadlessView):
    permission_classes = (SignedIn,)
    tags = ("handbooks",)


class ExportList(ExportsView):
    """The caller's PDFs of the last days."""

    ordering = ("-pk",)

    @extend_schema(responses=ExportOutput(many=True))
    def get(self, request: Request) -> Response:
        """The caller's PDFs of the last days."""
        rows = exports.pdf_exports(self.viewer)
        return self.page(rows, lambda found: [_export(each, request) for each in found])

    @extend_schema(request=ExportInput, responses={202: ExportOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Have a chapter or a handbook made into a PDF, in the background."""
        given = self.read(ExportInput)
        export = pdf.request_export(viewer=self.viewer, page_id=given["page"], scope=given["scope"])
        where = reverse("catalog-api:handbook-export", args=(export.pk,))
        return accepted_response(_export(export, request), where, request)


class ExportItem(ExportsView):
    """How far a PDF is."""

    @extend_schema(responses=ExportOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The state and progress of one PDF."""
        return Response(_export(exports.get_pdf_export(self.viewer, pk), request))


class ExportContent(ExportsView):
    """The finished PDF."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY)})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The finished PDF."""
        export = exports.get_pdf_file(self.viewer, pk)
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
