"""The territory tree through the API."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from qudao_core.headless import HeadlessView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from .models import Territory
from .queries import territories


class TerritoryFilters(serializers.Serializer):  # type: ignore[type-arg]
    below = serializers.CharField(required=False, max_length=20)
    depth = serializers.IntegerField(required=False, min_value=1, max_value=20)
    search = serializers.CharField(required=False, max_length=80)


class TerritoryOutput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()
    name_zh = serializers.CharField(allow_blank=True)
    depth = serializers.IntegerField(help_text="1 country, 2 province, 3 city")


class Territories(HeadlessView):
    tags = ("companies",)
    ordering = ("path",)

    @extend_schema(parameters=[TerritoryFilters], responses=TerritoryOutput(many=True))
    def get(self, request: Request) -> Response:
        """Country, provinces and cities in the order of the tree."""
        rows = territories(**self.read_query(TerritoryFilters))
        return self.page(rows, lambda page: [_describe(row) for row in page])


def _describe(row: Territory) -> dict[str, object]:
    return {"code": row.code, "name": row.name, "name_zh": row.name_zh, "depth": row.depth}
