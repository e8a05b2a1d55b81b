"""Mappings through the API: what was understood, another mapping, its first rows, and what is kept."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ...headless import idempotent
from ...viewer import Viewer
from .. import queries, services
from ..importer import make_importer
from ..jobs import ImportsView, JobOutput, describe
from ..models import ImportJob
from ..opening import read_mapping, suggested
from . import messages
from .preview import first_rows
from .queries import every_saved_mapping, get_saved_mapping, is_own
from .rules import DATE_ORDERS, TESTS, FileMapping, to_json
from .services import change_saved_mapping, forget_mapping, save_mapping
from .understanding import Understanding, understand

_COLUMN: dict[str, Any] = {"min_value": 1, "max_value": 500}


class SourceBody(serializers.Serializer):  # type: ignore[type-arg]
    """Where the values of one field come from."""

    columns = serializers.ListField(
        child=serializers.IntegerField(**_COLUMN),
        required=False,
        help_text=_("Counted from 1; several are joined."),
    )
    value = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text=_("For all rows, where there is no column."),
    )
    fill = serializers.BooleanField(required=False, help_text=_("An empty cell repeats the value above."))
    divisor = serializers.CharField(
        required=False, max_length=20, help_text=_("The number in the file is for so many units.")
    )
    rounded = serializers.BooleanField(required=False, help_text=_("Round to the places that are stored."))
    words = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        help_text=_("The value here for each word of the file."),
    )

    def get_fields(self) -> dict[str, Any]:
        """``field`` by hand, because a serializer has an attribute of that name."""
        return {"field": serializers.CharField(max_length=100), **super().get_fields()}


class SpreadBody(serializers.Serializer):  # type: ignore[type-arg]
    column = serializers.IntegerField(**_COLUMN)
    sets = serializers.DictField(
        child=serializers.CharField(), required=False, help_text=_("Fields of the rows this column makes.")
    )


class ExclusionBody(serializers.Serializer):  # type: ignore[type-arg]
    column = serializers.IntegerField(**_COLUMN)
    test = serializers.ChoiceField(TESTS)
    value = serializers.CharField(required=False, allow_blank=True, max_length=500)


class MappingBody(serializers.Serializer):  # type: ignore[type-arg]
    """What is what in a file. Everything may be left out: with an encoding alone, the header says the columns."""

    encoding = serializers.CharField(required=False, allow_blank=True, max_length=20)
    delimiter = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, max_length=1)
    sheets = serializers.ListField(child=serializers.CharField(max_length=200), required=False)
    header = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=_("Line of the header row; 0: there is none."),
    )
    sources = SourceBody(many=True, required=False)
    spread_field = serializers.CharField(required=False, allow_blank=True, max_length=100)
    spread = SpreadBody(
        many=True, required=False, help_text=_("Columns that hold the spread field side by side.")
    )
    sections = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text=_("Headings between the rows: empty, `leave_out`, or the field they fill."),
    )
    section_gaps = serializers.ListField(
        child=serializers.IntegerField(**_COLUMN),
        required=False,
        help_text=_("Columns that are empty in headings."),
    )
    blank = serializers.ListField(
        child=serializers.CharField(max_length=100),
        required=False,
        help_text=_("Words that mean there is no value."),
    )
    excluded = ExclusionBody(many=True, required=False, help_text=_("Rows to leave out."))
    dates = serializers.ChoiceField(DATE_ORDERS, required=False, allow_blank=True)
    joined_by = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, max_length=5)
    variants = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=500,
        help_text=_("Column whose equal values are variants of one product; 0: none."),
    )


class ReadingQuery(serializers.Serializer):  # type: ignore[type-arg]
    encoding = serializers.CharField(required=False, max_length=20)
    delimiter = serializers.CharField(required=False, trim_whitespace=False, max_length=1)
    sheet = serializers.ListField(child=serializers.CharField(max_length=200), required=False)
    header = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)


class SeenOutput(serializers.Serializer):  # type: ignore[type-arg]
    column = serializers.IntegerField()
    letter = serializers.CharField()
    header = serializers.CharField(allow_blank=True)
    examples = serializers.ListField(child=serializers.CharField())


class NoteOutput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    message = serializers.CharField()


class LineOutput(serializers.Serializer):  # type: ignore[type-arg]
    line = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField(allow_blank=True))


class UnderstandingOutput(serializers.Serializer):  # type: ignore[type-arg]
    """How a file is read now (``mapping``), what it seems to be (``suggestion``), and what speaks for it."""

    mapping = MappingBody()
    suggestion = MappingBody()
    format = serializers.ChoiceField(["csv", "xlsx"])
    encoding = serializers.CharField(allow_blank=True)
    delimiter = serializers.CharField(allow_blank=True)
    sheets = serializers.ListField(child=serializers.CharField())
    head = LineOutput(many=True)
    columns = SeenOutput(many=True)
    notes = NoteOutput(many=True)
    shape = serializers.CharField(help_text=_("The same for files with the same columns."))


class FirstRowsOutput(serializers.Serializer):  # type: ignore[type-arg]
    rows = serializers.ListField(
        child=serializers.DictField(), help_text=_("Line, sheet, result, cells, problems.")
    )
    rejected = serializers.IntegerField()
    left_out = serializers.DictField(
        child=serializers.IntegerField(), help_text=_("Rows left out, by reason.")
    )


class SavedMappingOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    kind = serializers.CharField()
    shape = serializers.CharField()
    name = serializers.CharField()
    is_shared = serializers.BooleanField()
    is_own = serializers.BooleanField(help_text=_("Yours to change: your company's, or the back office's."))
    mapping = MappingBody()
    changed_at = serializers.DateTimeField()
    files = serializers.IntegerField(help_text=_("How many of the files you see were read by it."))


class KeepInput(serializers.Serializer):  # type: ignore[type-arg]
    kind = serializers.CharField(max_length=40)
    shape = serializers.CharField(max_length=32, help_text=_("As `GET …/mapping/` of an import returns it."))
    name = serializers.CharField(max_length=120)
    mapping = MappingBody()
    is_shared = serializers.BooleanField(default=False, help_text=_("For everyone who imports this."))


class SavedMappingChange(serializers.Serializer):  # type: ignore[type-arg]
    """What is left out stays as it is."""

    name = serializers.CharField(max_length=120, required=False)
    is_shared = serializers.BooleanField(required=False, help_text=_("For everyone who imports this."))


class SavedMappingFilters(serializers.Serializer):  # type: ignore[type-arg]
    kind = serializers.CharField(max_length=40)


class JobMapping(ImportsView):
    @extend_schema(
        parameters=[ReadingQuery], responses=UnderstandingOutput, operation_id="get_import_mapping"
    )
    def get(self, request: Request, pk: int) -> Response:
        """How a file was understood: a mapping to begin with, its columns with examples, and what should be decided.

        With parameters, as if it were read like that.
        """
        job = queries.get_job(self.viewer, pk)
        given = self.read_query(ReadingQuery)
        importer = make_importer(job.kind, self.viewer, job.options)
        reading = FileMapping(
            encoding=given.get("encoding", ""),
            delimiter=given.get("delimiter", ""),
            sheets=tuple(given.get("sheet", ())),
        )
        messages.check(importer, reading)
        with job.file.open("rb") as file:
            seen = understand(importer, file, reading, header=given.get("header"))
        return Response(_understanding(job, seen, suggested(importer, seen)))

    @extend_schema(request=MappingBody, responses=JobOutput, operation_id="set_import_mapping")
    def put(self, request: Request, pk: int) -> Response:
        """Say what is what in a file that has not been imported; it is checked again. Refused (422 `not_mapped`) when
        a required field has no column.
        """
        given = self.read(MappingBody)
        job = queries.get_job(self.viewer, pk)
        return Response(describe(services.map_file(viewer=self.viewer, job=job, mapping=given), request))


class JobMappingPreview(ImportsView):
    @extend_schema(request=MappingBody, responses=FirstRowsOutput, operation_id="preview_import_mapping")
    def post(self, request: Request, pk: int) -> Response:
        """The first twenty rows as a mapping would import them. Nothing is kept."""
        given = self.read(MappingBody)
        job = queries.get_job(self.viewer, pk)
        importer = make_importer(job.kind, self.viewer, job.options)
        read_mapping(given)
        with job.file.open("rb") as file:
            tally = first_rows(importer, file, given)
        counts = tally.left_out.get("counts", {})
        return Response({"rows": tally.sample, "rejected": tally.rejected, "left_out": counts})


class SavedMappingList(ImportsView):
    ordering = ("-pk",)

    @extend_schema(
        parameters=[SavedMappingFilters],
        responses=SavedMappingOutput(many=True),
        operation_id="list_import_mappings",
    )
    def get(self, request: Request) -> Response:
        """The saved column mappings for a kind: your own, and the shared ones."""
        kind = self.read_query(SavedMappingFilters)["kind"]
        make_importer(kind, self.viewer)
        rows = every_saved_mapping(self.viewer).filter(kind=kind)
        return self.page(rows, lambda rows: [_kept(each, self.viewer) for each in rows])

    @extend_schema(request=KeepInput, responses={201: SavedMappingOutput}, operation_id="keep_import_mapping")
    @idempotent
    def post(self, request: Request) -> Response:
        """Save a column mapping for files of the same shape; it replaces the one saved before."""
        kept = save_mapping(viewer=self.viewer, **self.read(KeepInput))
        return Response(_kept(get_saved_mapping(self.viewer, kept.pk), self.viewer), status=201)


def _kept(kept: Any, viewer: Viewer) -> dict[str, Any]:
    return {
        "id": kept.pk,
        "kind": kept.kind,
        "shape": kept.shape,
        "name": kept.name,
        "is_shared": kept.is_shared,
        "is_own": is_own(viewer, kept),
        "mapping": kept.mapping,
        "changed_at": kept.changed_at,
        "files": kept.files,
    }


class SavedMappingDetail(ImportsView):
    @extend_schema(responses=SavedMappingOutput, operation_id="get_kept_import_mapping")
    def get(self, request: Request, pk: int) -> Response:
        """One saved column mapping, your own or a shared one."""
        return Response(_kept(get_saved_mapping(self.viewer, pk), self.viewer))

    @extend_schema(
        request=SavedMappingChange, responses=SavedMappingOutput, operation_id="change_kept_import_mapping"
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Rename a saved column mapping of your own, share it, or stop sharing it. Refused (403 `not_yours`) when it
        belongs to others, who share it.
        """
        kept = change_saved_mapping(viewer=self.viewer, pk=pk, **self.read(SavedMappingChange))
        return Response(_kept(kept, self.viewer))

    @extend_schema(responses={204: None}, operation_id="forget_import_mapping")
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a saved column mapping. Imports that used it stay as they are."""
        forget_mapping(viewer=self.viewer, pk=pk)
        return Response(status=204)


def _understanding(job: ImportJob, seen: Understanding, suggestion: FileMapping) -> dict[str, Any]:
    return {
        "mapping": job.mapping or to_json(FileMapping()),
        "suggestion": to_json(suggestion),
        "format": seen.format,
        "encoding": seen.encoding,
        "delimiter": seen.delimiter,
        "sheets": list(seen.sheets),
        "head": [{"line": line, "cells": cells} for line, cells in seen.head],
        "columns": [
            {"column": each.number, "letter": each.letter, "header": each.header, "examples": each.examples}
            for each in seen.columns
        ],
        "notes": [{"code": note.code, "message": messages.message_of(note)} for note in seen.notes],
        "shape": seen.shape,
    }
