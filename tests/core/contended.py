"""Views that meet another writer in the database as often as they are told."""

from __future__ import annotations

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from psycopg.errors import DeadlockDetected
from qudao_core.headless import HeadlessView, IdempotentParts, idempotent, idempotent_by_part
from qudao_core.pages import Page
from qudao_partner_portal.models import Tier
from qudao_site.urls import (
    handler404,  # noqa: F401
    handler500,  # noqa: F401
)
from qudao_site.urls import urlpatterns as site_urlpatterns
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response


class Meeting:
    """How often the next units of work still meet somebody, and how often they were begun."""

    left = 0
    begun = 0

    @classmethod
    def prepare(cls, times: int) -> None:
        cls.left, cls.begun = times, 0

    @classmethod
    def happen(cls) -> None:
        cls.begun += 1
        if cls.left > 0:
            cls.left -= 1
            raise OperationalError("deadlock detected") from DeadlockDetected("deadlock detected")


def make_tier(code: str) -> Tier:
    with transaction.atomic():
        tier: Tier = Tier.objects.create(code=code, name=code)
        Meeting.happen()
    return tier


class OneInput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()


class ManyInput(serializers.Serializer):  # type: ignore[type-arg]
    codes = serializers.ListField(child=serializers.CharField())
    unfinished = serializers.BooleanField(required=False)


class Endpoint(HeadlessView):
    @extend_schema(request=OneInput)
    @idempotent
    def post(self, request: Request) -> Response:
        return Response({"id": make_tier(request.data["code"]).pk}, status=201)

    @extend_schema(request=OneInput)
    def put(self, request: Request) -> Response:
        return Response({"id": make_tier(request.data["code"]).pk})


class Closed(HeadlessView):
    """Open to nobody; who the caller is cannot be read at first."""

    def perform_authentication(self, request: Request) -> None:
        Meeting.happen()
        super().perform_authentication(request)

    def check_permissions(self, request: Request) -> None:
        self.permission_denied(request)

    def get(self, request: Request) -> Response:
        return Response({"secret": True})


class Parted(HeadlessView):
    """Makes many tiers, each in a transaction of its own."""

    @extend_schema(request=ManyInput)
    @idempotent_by_part
    def post(self, request: Request, parts: IdempotentParts) -> Response:
        made = []
        for code in request.data["codes"]:
            with transaction.atomic():
                if parts.first_time(code):
                    made.append(make_tier(code).code)
        if request.data.get("unfinished"):
            parts.unfinished()
        return Response({"made": made})


class Contended(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
        Meeting.happen()
        return HttpResponse("read")

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("first"):
            Tier.objects.create(code=request.POST["first"], name="First")
        make_tier(request.POST["code"])
        return HttpResponse("made")


urlpatterns = [
    path("api/v1/contended/", Endpoint.as_view()),
    path("api/v1/closed/", Closed.as_view()),
    path("api/v1/parted/", Parted.as_view()),
    path("contended/", Contended.as_view()),
    *site_urlpatterns,
]
