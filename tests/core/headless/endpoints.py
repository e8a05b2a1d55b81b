"""A small API over tiers, so that each convention is tested through real views on a real table."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from qudao_core.api import NotFound, Problem, Refusal
from qudao_core.headless import (
    HeadlessView,
    Reference,
    ReferenceKinds,
    SignedInOrOpenCatalogue,
    entity_tag,
    idempotent,
    not_modified,
    require_match,
    resolve,
    versioned,
    window_page,
)
from qudao_partner_portal.models import Tier
from qudao_partner_portal.urls import api_urlpatterns
from qudao_site.urls import (
    handler404,  # noqa: F401
    handler500,  # noqa: F401
)
from qudao_site.urls import urlpatterns as site_urlpatterns
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response


class LineInput(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=20)
    quantity = serializers.IntegerField(min_value=1)


class TierInput(serializers.Serializer[Any]):
    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=80)
    lines = LineInput(many=True, required=False)


class TierOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()


def render(tiers: list[Tier]) -> Any:
    return TierOutput(tiers, many=True).data


class TierList(HeadlessView):
    tags = ("tiers",)

    @extend_schema(parameters=[OpenApiParameter("sort", str)], responses=TierOutput(many=True))
    def get(self, request: Request) -> Response:
        """All tiers."""
        ordering = (request.query_params.get("sort", "rank"), "pk")
        return self.page(Tier.objects.all(), render, ordering=ordering)

    @extend_schema(request=TierInput, responses={201: TierOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create a tier."""
        data = self.read(TierInput)
        tier = Tier.objects.create(code=data["code"], name=data["name"])
        if tier.code == "refused":
            raise Refusal("tier_refused", _("No such tier."), remedy=_("Take another."), field="code")
        if tier.code == "answered":
            return Response({"no": True}, status=409)
        if tier.code == "crash":
            raise RuntimeError("crash")
        return Response(render([tier])[0], status=201, headers={"Location": f"/api/v1/tiers/{tier.pk}/"})


TIER_NAMES = ReferenceKinds(lambda: NotFound("not_found", _("No such tier.")), {"code": "code"})


class TierDetail(HeadlessView):
    tags = ("tiers",)

    def find(self, reference: Reference) -> tuple[Tier, str]:
        tier = resolve(reference, Tier.objects.all(), TIER_NAMES)
        return tier, entity_tag("tier", tier.pk, tier.name)

    @extend_schema(responses=TierOutput)
    @versioned()
    def get(self, request: Request, reference: Reference) -> Response:
        tier, etag = self.find(reference)
        return not_modified(request, etag) or Response(render([tier])[0], headers={"ETag": etag})

    @extend_schema(request=TierInput, responses=TierOutput)
    @versioned()
    def put(self, request: Request, reference: Reference) -> Response:
        tier, etag = self.find(reference)
        require_match(request, etag, required=True)
        tier.name = self.read(TierInput)["name"]
        tier.save()
        return Response(render([tier])[0])


class Window(HeadlessView):
    permission_classes = (SignedInOrOpenCatalogue,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        numbers = list(range(7))
        return window_page(request, lambda offset, limit: numbers[offset : offset + limit])


class Trouble(HeadlessView):
    """One way to fail for each name."""

    @extend_schema(exclude=True)
    def get(self, request: Request, kind: str) -> Response:
        if kind == "denied":
            raise PermissionDenied
        if kind == "lines":
            problems = [
                Problem(
                    "below_minimum", _("Too few."), field="lines.0.quantity", line=1, params={"minimum": 12}
                ),
                Problem("unknown_sku", _("No such product."), field="lines.2.sku", line=3),
            ]
            raise Refusal("lines_refused", _("2 lines need your attention."), problems=problems)
        raise Http404


class Upload(HeadlessView):
    parser_classes = (MultiPartParser,)
    throttle_scope = "import"

    @extend_schema(exclude=True)
    @idempotent
    def post(self, request: Request) -> Response:
        return Response({"size": request.data["file"].size}, status=201)


class WhoAmI(HeadlessView):
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response({"user": self.viewer.user_id, "company": self.viewer.company_id})


urlpatterns = [
    path(
        "api/v1/",
        include(
            [
                path("tiers/", TierList.as_view()),
                path("tiers/<ref:reference>/", TierDetail.as_view()),
                path("window/", Window.as_view()),
                path("trouble/<str:kind>/", Trouble.as_view()),
                path("upload/", Upload.as_view()),
                path("who/", WhoAmI.as_view()),
                *api_urlpatterns,
            ]
        ),
    ),
    *site_urlpatterns,
]
