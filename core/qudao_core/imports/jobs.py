"""An import as the API shows it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from ..headless import HeadlessView, JSONParser
from . import services
from .leases import is_interrupted
from .models import ImportJob
from .undoing.queries import can_be_undone

TAGS = ("imports",)


class JobOutput(serializers.Serializer):  # type: ignore[type-arg]
    """One import. ``state``: unmapped (say what is what), uploaded, checked (look at the preview,
    then apply), running, done, failed, discarded, undoing, undone.

    The counts are the preview's while it is ``checked``, and what was written when it is ``done``.
    """

    id = serializers.IntegerField()
    kind = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField(allow_blank=True))
    file_name = serializers.CharField()
    file_hash = serializers.CharField(help_text=_("SHA-256 of the file."))
    state = serializers.ChoiceField(choices=ImportJob.State.choices)
    message = serializers.CharField()
    total = serializers.IntegerField()
    progress = serializers.IntegerField(help_text=_("Rows handled so far."))
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    mapping = serializers.DictField(help_text=_("The column mapping; empty: as the header says."))
    shape = serializers.CharField(help_text=_("The same for files with the same columns."))
    preview = serializers.DictField(help_text=_("columns, unused, sample (first rows), problems, totals."))
    rejected_url = serializers.URLField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True, help_text=_("When the import was undone."))
    can_be_undone = serializers.BooleanField(
        help_text=_("Whether this import can be undone, unless a record prevents it.")
    )
    interrupted = serializers.BooleanField(
        help_text=_("Processing was interrupted; nothing was written. Resume it or discard it.")
    )


class ImportsView(HeadlessView):
    tags = TAGS
    throttle_scope = "import"
    parser_classes = (MultiPartParser, JSONParser)

    def get_throttles(self) -> Any:
        """Reading counts as reading; only uploads and applying are rare."""
        if self.request.method in ("GET", "HEAD", "OPTIONS"):
            self.throttle_scope = None  # type: ignore[assignment]
        return super().get_throttles()


def describe(job: ImportJob, request: Request) -> dict[str, Any]:
    return {
        "id": job.pk,
        "kind": job.kind,
        "options": job.options,
        "file_name": job.file_name,
        "file_hash": job.file_hash,
        "state": job.state,
        "message": job.message,
        "total": job.total,
        "progress": services.progress_of(job),
        "created": job.created_count,
        "changed": job.updated_count,
        "unchanged": job.unchanged_count,
        "rejected": job.rejected_count,
        "mapping": job.mapping,
        "shape": job.shape,
        "preview": job.preview,
        "rejected_url": address(request, job) + "rejected/" if job.report else None,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "undone_at": job.undone_at if job.state == ImportJob.State.UNDONE else None,
        "can_be_undone": can_be_undone(job),
        "interrupted": is_interrupted(job),
    }


def address(request: Request, job: ImportJob) -> str:
    """The job's address, whatever prefix and namespace the host mounted the API under."""
    base = request.path.partition("/imports/")[0]
    return str(request.build_absolute_uri(f"{base}/imports/{job.pk}/"))
