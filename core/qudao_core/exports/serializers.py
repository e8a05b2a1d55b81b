"""How a PDF on its way is described to programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from .models import Export


class ExportOutput(serializers.Serializer):
    """A PDF. ``state``: waiting, running, done (fetch ``file``), failed (``message`` says why)."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    language = serializers.CharField()
    state = serializers.ChoiceField(Export.State.choices)
    done = serializers.IntegerField(help_text="Parts written so far.")
    total = serializers.IntegerField()
    message = serializers.CharField()
    file = serializers.URLField(allow_null=True)
    created_at = serializers.DateTimeField()


def export_document(export: Export, file_path: str, request: Request) -> dict[str, Any]:
    """An export as the API shows it; ``file_path`` is where its file will be."""
    return {
        "id": export.pk,
        "title": export.title,
        "language": export.language,
        "state": export.state,
        "done": export.done,
        "total": export.total,
        "message": export.message,
        "file": request.build_absolute_uri(file_path) if export.state == Export.State.DONE else None,
        "created_at": export.created_at,
    }
