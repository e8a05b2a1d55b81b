"""Audience keys to choose from, for programs and pickers of the back office."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from qudao_core.headless import HeadlessView
from qudao_core.viewers import require_permission
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from .queries import audience_choices, audience_reach, unknown_keys


class KeyFilters(serializers.Serializer):  # type: ignore[type-arg]
    search = serializers.CharField(required=False, max_length=80, allow_blank=True, default="")


class KeyOutput(serializers.Serializer):  # type: ignore[type-arg]
    key = serializers.CharField()
    label = serializers.CharField()


class ReachFilters(serializers.Serializer):  # type: ignore[type-arg]
    key = serializers.ListField(child=serializers.CharField(max_length=80), max_length=500)


class ReachOutput(serializers.Serializer):  # type: ignore[type-arg]
    companies = serializers.IntegerField()
    people = serializers.IntegerField()
    guests = serializers.BooleanField(help_text="Visitors who have not signed in are meant, too.")
    others = serializers.BooleanField(
        help_text="There are keys of a plugin's own kind, which are not counted."
    )
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Keys that name nothing.")


class AudienceReach(HeadlessView):
    tags = ("companies",)

    @extend_schema(parameters=[ReachFilters], responses=ReachOutput)
    def get(self, request: Request) -> Response:
        """How many companies and people answer to one of the keys, each counted once. For the back office."""
        if not self.viewer.may("qudao_partner_portal.view_company"):
            require_permission(self.viewer, "wagtailadmin.access_admin")
        keys = self.read_query(ReachFilters)["key"]
        found = audience_reach(keys)
        return Response(
            {
                "companies": found.companies,
                "people": found.people,
                "guests": found.guests,
                "others": found.others,
                "unknown": unknown_keys(keys, of_people=True),
            }
        )


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
