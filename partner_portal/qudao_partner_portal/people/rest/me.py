"""The caller through the API: who, for which company, and for which others."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from qudao_core.errors import Refusal
from qudao_core.headless import HeadlessView
from qudao_core.headless.models import ApiToken
from qudao_core.headless.references import ReferenceField, resolve
from qudao_core.requests import choose_company, get_viewer
from qudao_core.viewer import Viewer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ...companies.models import Company
from ...companies.queries import COMPANY_REFERENCES
from ..queries import companies_of
from ..services import change_profile, prefer_company


class CompanyChoiceOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    status = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())


class PersonOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)


class ActingForOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    status = serializers.CharField()
    is_seller = serializers.BooleanField()
    may_trade = serializers.BooleanField()
    tier = serializers.CharField(allow_null=True)
    territories = serializers.ListField(child=serializers.CharField())
    seller_id = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())


class MeOutput(serializers.Serializer):  # type: ignore[type-arg]
    person = PersonOutput()
    company = ActingForOutput(allow_null=True, help_text=_("The company you act for now."))
    companies = CompanyChoiceOutput(many=True)
    is_back_office = serializers.BooleanField()
    permissions = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField(help_text=_("ETag of this response."))


class ProfileInput(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField(required=False, max_length=150)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    language = serializers.CharField(required=False, allow_blank=True, max_length=12)


class SwitchInput(serializers.Serializer):  # type: ignore[type-arg]
    company = ReferenceField(help_text=_("Id, code or ext:KEY."))


class Me(HeadlessView):
    tags = ("me",)

    @extend_schema(responses=MeOutput)
    def get(self, request: Request) -> Response:
        """Who you are, for which company you act, and for which others you could."""
        return Response(self.describe())

    @extend_schema(request=ProfileInput, responses=MeOutput)
    def patch(self, request: Request) -> Response:
        """Change your name, telephone or language."""
        request._request.user = change_profile(viewer=self.viewer, **self.read(ProfileInput))
        request.user = request._request.user
        return Response(self.describe())

    def describe(self) -> dict[str, Any]:
        viewer, user = self.viewer, self.request.user
        person = {"id": user.pk, "name": user.get_full_name(), "email": user.email}
        for name in ("phone", "language"):
            person[name] = getattr(user, name, "")
        return {
            "person": person,
            "company": _acting_for(viewer),
            "companies": [
                {
                    "id": row.id,
                    "code": row.code,
                    "name": row.name,
                    "status": row.status,
                    "roles": list(row.roles),
                }
                for row in companies_of(viewer.user_id, self.versions)
            ],
            "is_back_office": viewer.is_staff,
            "permissions": sorted(viewer.permissions),
            "language": viewer.language,
        }


class MyCompany(Me):
    http_method_names = ["post", "options"]

    @extend_schema(operation_id="switch_company", request=SwitchInput, responses=MeOutput)
    def post(self, request: Request) -> Response:
        """Act for another of your companies from now on, here and where nothing else is chosen.

        Tokens are made for one company and cannot switch.
        """
        if isinstance(request.auth, ApiToken):
            raise Refusal(
                "token_of_one_company",
                _("A token acts for one company. Create another token for the other company."),
            )
        reference = self.read(SwitchInput)["company"]
        mine = companies_of(self.viewer.user_id, self.versions)
        found = resolve(
            reference, Company.objects.filter(pk__in=[row.id for row in mine]), COMPANY_REFERENCES
        )
        prefer_company(viewer=self.viewer, company_id=found.pk)
        choose_company(request, found.pk)
        get_viewer(request)
        return Response(self.describe())


def _acting_for(viewer: Viewer) -> dict[str, Any] | None:
    if not viewer.is_member:
        return None
    return {
        "id": viewer.company_id,
        "code": viewer.company_code,
        "name": viewer.company_name,
        "kind": viewer.company_kind,
        "status": viewer.company_status,
        "is_seller": viewer.is_seller,
        "may_trade": viewer.may_trade,
        "tier": viewer.tier,
        "territories": list(viewer.territories),
        "seller_id": viewer.seller_id,
        "currency": viewer.currency,
        "roles": sorted(viewer.roles),
    }
