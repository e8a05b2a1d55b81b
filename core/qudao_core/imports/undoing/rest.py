"""Undoing through the API: what it would do and what stands in the way, and doing it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ...headless import idempotent
from .. import queries
from ..jobs import ImportsView, JobOutput, describe
from .queries import undo_plan
from .rules import UndoPlan
from .services import undo


class UndoneValueOutput(serializers.Serializer):  # type: ignore[type-arg]
    """One value that is restored."""

    name = serializers.CharField()
    now = serializers.CharField(allow_blank=True)
    then = serializers.CharField(allow_blank=True, help_text=_("The value after undoing."))


class UndoneRowOutput(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField()
    action = serializers.ChoiceField(["remove", "restore", "recreate"])
    values = UndoneValueOutput(many=True)


class ObstacleOutput(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class UndoPlanOutput(serializers.Serializer):  # type: ignore[type-arg]
    """What undoing would do. `rows` are the first, `obstacles` the first hundred of `blocked` records."""

    is_possible = serializers.BooleanField()
    remove = serializers.IntegerField(help_text=_("Records the import created."))
    restore = serializers.IntegerField(help_text=_("Records the import changed."))
    recreate = serializers.IntegerField(help_text=_("Records the import deleted."))
    blocked = serializers.IntegerField(help_text=_("Records that prevent the undo."))
    rows = UndoneRowOutput(many=True)
    obstacles = ObstacleOutput(many=True)


class JobUndo(ImportsView):
    @extend_schema(responses=UndoPlanOutput, operation_id="get_import_undo")
    def get(self, request: Request, pk: int) -> Response:
        """What undoing the import would do, and what prevents it. Refused (422 `undo_impossible`, 409
        `undo_not_recorded`, `nothing_to_undo`, `not_imported`, `already_undone`) when there is nothing that could be.
        """
        return Response(_plan(undo_plan(self.viewer, queries.get_job(self.viewer, pk))))

    @extend_schema(request=None, responses=JobOutput, operation_id="undo_import")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Undo the whole import. Refused (409 `undo_blocked`) when something prevents it; a large one is
        undone in the background: poll until it is `undone`. Repeating it changes nothing.
        """
        job = queries.get_job(self.viewer, pk)
        return Response(describe(undo(viewer=self.viewer, job=job), request))


def _plan(plan: UndoPlan) -> dict[str, Any]:
    return {
        "is_possible": plan.is_possible,
        "remove": plan.remove,
        "restore": plan.restore,
        "recreate": plan.recreate,
        "blocked": plan.blocked,
        "rows": [
            {
                "name": row.name,
                "action": row.action,
                "values": [{"name": name, "now": now, "then": then} for name, now, then in row.values],
            }
            for row in plan.rows
        ],
        "obstacles": [
            {"name": each.name, "code": each.code, "message": each.message} for each in plan.obstacles
        ],
    }
