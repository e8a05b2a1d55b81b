"""Audience keys to choose from, for programs and pickers of the back office."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..companies.rights import require_permission
from ..headless import HeadlessView
from .queries import audience_choices


class KeyFilters(serializers.Serializer):  # type: ignore[type-arg]
    search = serializers.CharField(required=False, max_length=80, allow_blank=True, default="")


class KeyOutput(serializers.Serializer):  # type: ignore[type-arg]
    key = serializers.CharField()
    label = serializers.CharField()


class AudienceKeys(HeadlessView):
    tags = ("companies",)

    @extend_schema(parameters=[KeyFilters], responses=KeyOutput(many=True))
    def get(self, request: Request) -> Response:
        """At most 20 keys of each kind whose name contains `search`. For the back office."""
        if not self.viewer.may("qudao_partner_portal.view_company"):
            require_permission(self.viewer, "wagtailadmin.access_admin")
        found = audience_choices(self.read_query(KeyFilters)["search"], self.viewer.language)
        rows = [{"key": key, "label": label} for key, label in found]
        return Response({"results": rows, "next": None, "previous": None})
