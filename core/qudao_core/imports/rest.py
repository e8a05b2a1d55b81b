"""Imports through the API: upload, look at the preview, apply, fetch the rejected rows."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..errors import NotFound
from ..headless import idempotent
from . import queries, services
from .example_file import XLSX, example_file
from .importer import Importer, make_importer
from .jobs import ImportsView, JobOutput, address, describe
from .mapping.rest import MappingBody
from .models import ImportJob


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class OptionsField(serializers.JSONField):
    """An object in a form: its part is JSON."""


@extend_schema_field(MappingBody)
class MappingField(serializers.JSONField):
    """A mapping in a form: its part is JSON."""


class UploadInput(serializers.Serializer):  # type: ignore[type-arg]
    """A form with the file and what it is."""

    kind = serializers.CharField(max_length=40)
    file = serializers.FileField()
    options = OptionsField(required=False, default=dict, help_text=_("An object of texts, by option name."))

    mapping = MappingField(
        required=False, default=dict, help_text=_("A column mapping, as `PUT …/mapping/` takes it.")
    )
    ask = serializers.BooleanField(
        default=False,
        help_text=_("Keep a file whose columns are not recognised as `unmapped`, instead of refusing it."),
    )

    def validate_mapping(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError(_("This must be an object."))
        return value

    def validate_options(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            raise serializers.ValidationError(_("This must be an object."))
        read = serializers.CharField(allow_blank=True, trim_whitespace=False).run_validation
        return {read(name): read(str(text)) for name, text in value.items() if text is not None}


class ApplyInput(serializers.Serializer):  # type: ignore[type-arg]
    skip_rejected = serializers.BooleanField(
        default=False, help_text=_("Import the valid rows even if others are rejected.")
    )


class JobFilters(serializers.Serializer):  # type: ignore[type-arg]
    kind = serializers.CharField(required=False)
    state = serializers.ChoiceField(required=False, choices=ImportJob.State.choices)


class TemplateForm(serializers.Serializer):  # type: ignore[type-arg]
    def get_fields(self) -> dict[str, Any]:
        """By hand, because ``as`` is a word of Python's."""
        return {"as": serializers.ChoiceField(["xlsx", "csv"], default="xlsx")}


class ColumnOutput(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField()
    label = serializers.CharField()
    label_zh = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    required = serializers.BooleanField()
    help = serializers.CharField()
    example = serializers.CharField()


class OptionOutput(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField()
    label = serializers.CharField()
    required = serializers.BooleanField()
    default = serializers.CharField()
    help = serializers.CharField()
    choices = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), allow_null=True
    )


class KindOutput(serializers.Serializer):  # type: ignore[type-arg]
    kind = serializers.CharField()
    label = serializers.CharField()
    help = serializers.CharField()
    columns = ColumnOutput(many=True)
    options = OptionOutput(many=True)


class ProblemOutput(serializers.Serializer):  # type: ignore[type-arg]
    line = serializers.IntegerField(allow_null=True)
    column = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()


class JobList(ImportsView):
    ordering = ("-pk",)

    @extend_schema(parameters=[JobFilters], responses=JobOutput(many=True))
    def get(self, request: Request) -> Response:
        """The imports you may see, newest first."""
        filters = self.read_query(JobFilters)
        return self.page(
            queries.jobs(self.viewer).filter(**filters), lambda rows: [describe(job, request) for job in rows]
        )

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={201: JobOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Upload a file and have it checked. A large file is checked in the background: poll until it is
        `checked`.
        """
        given = self.read(UploadInput)
        job = services.upload(
            viewer=self.viewer,
            kind=given["kind"],
            file=given["file"],
            name=given["file"].name or "",
            options=given["options"],
            mapping=given["mapping"],
            ask=given["ask"],
        )
        return Response(describe(job, request), status=201, headers={"Location": address(request, job)})


class JobDetail(ImportsView):
    @extend_schema(responses=JobOutput)
    def get(self, request: Request, pk: int) -> Response:
        """State, progress, counts, preview and the first problems of one import."""
        return Response(describe(queries.get_job(self.viewer, pk), request))


class JobApply(ImportsView):
    @extend_schema(request=ApplyInput, responses=JobOutput, operation_id="apply_import")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Import a checked file. Refused (422 `rows_invalid`) when rows are rejected and `skip_rejected` is
        not set.
        """
        given = self.read(ApplyInput)
        job = queries.get_job(self.viewer, pk)
        return Response(describe(services.apply(viewer=self.viewer, job=job, **given), request))


class JobResume(ImportsView):
    @extend_schema(request=None, responses=JobOutput, operation_id="resume_import")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Continue an interrupted check or import. One that is still being worked on, or is over, stays as it is."""
        job = queries.get_job(self.viewer, pk)
        return Response(describe(services.resume(viewer=self.viewer, job=job), request))


class JobDiscard(ImportsView):
    @extend_schema(request=None, responses=JobOutput, operation_id="discard_import")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Give up a file that has not been imported. Refused (409 `import_running`) while it is being worked on."""
        job = queries.get_job(self.viewer, pk)
        return Response(describe(services.discard(viewer=self.viewer, job=job), request))


class JobRejected(ImportsView):
    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, operation_id="get_rejected_rows")
    def get(self, request: Request, pk: int) -> Any:
        """The rejected rows as CSV (UTF-8) with their line and the reason; correct them there and upload the
        file.
        """
        return rejected_response(queries.get_job(self.viewer, pk))


class KindList(ImportsView):
    pagination_class = None

    @extend_schema(responses=KindOutput(many=True), operation_id="list_import_kinds")
    def get(self, request: Request) -> Response:
        """What you may import, with columns and options."""
        return Response([_kind(kind(self.viewer)) for kind in queries.kinds(self.viewer)])


class KindTemplate(ImportsView):
    @extend_schema(
        parameters=[TemplateForm],
        responses={
            (200, XLSX): OpenApiResponse(OpenApiTypes.BINARY),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.BINARY),
        },
        operation_id="get_import_template",
    )
    def get(self, request: Request, kind: str) -> HttpResponse:
        """A file to start from: header and an example row."""
        return template_response(make_importer(kind, self.viewer), self.read_query(TemplateForm)["as"])


def rejected_response(job: ImportJob) -> FileResponse:
    """The file of rejected rows as a download.

    :raises NotFound: no row was rejected.
    """
    if not job.report:
        raise NotFound("nothing_rejected", _("No row of this import was rejected."))
    name = f"{job.file_name.rsplit('.', 1)[0]}-rejected.csv"
    return FileResponse(
        job.report.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


def template_response(importer: Importer, form: str) -> HttpResponse:
    content, media_type, name = example_file(importer, "csv" if form == "csv" else "xlsx")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _kind(importer: Importer) -> dict[str, Any]:
    return {
        "kind": importer.kind,
        "label": str(importer.label),
        "help": str(importer.help),
        "columns": [
            {
                "name": column.name,
                "label": column.label,
                "label_zh": column.label_zh,
                "aliases": list(column.aliases),
                "required": column.required,
                "help": str(column.help),
                "example": column.example,
            }
            for column in importer.columns
        ],
        "options": [
            {
                "name": option.name,
                "label": str(option.label),
                "required": option.required,
                "default": option.default,
                "help": str(option.help),
                "choices": [list(map(str, pair)) for pair in option.choices(importer.viewer)]
                if option.choices
                else None,
            }
            for option in importer.options
        ],
    }
