"""Colleagues through the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from qudao_core.headless import HeadlessView, idempotent
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ...companies.rest import company_id_of
from ...companies.rest.schema import OfCompany
from ..models import Membership, Role
from ..queries import get_membership, memberships, user_by_email
from ..services import add_member, change_title, end_membership, resume_membership, set_roles

ROLES = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))


class MembershipOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    company_id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    roles = ROLES
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class MembershipInput(serializers.Serializer):  # type: ignore[type-arg]
    roles = serializers.ListField(required=False, child=serializers.CharField(max_length=20), max_length=20)
    title = serializers.CharField(required=False, allow_blank=True, max_length=80)
    is_active = serializers.BooleanField(required=False)


class NewMemberInput(serializers.Serializer):  # type: ignore[type-arg]
    email = serializers.CharField(max_length=254)
    roles = serializers.ListField(child=serializers.CharField(max_length=20), max_length=20)
    title = serializers.CharField(required=False, allow_blank=True, default="", max_length=80)


class People(HeadlessView):
    tags = ("people",)

    @extend_schema(parameters=[OfCompany], responses=MembershipOutput(many=True))
    def get(self, request: Request) -> Response:
        """Your colleagues, ended memberships included (of `company` for the back office)."""
        return self.page(
            memberships(self.viewer, company_id_of(self)), lambda page: [describe(r) for r in page]
        )

    @extend_schema(parameters=[OfCompany], request=NewMemberInput, responses={201: MembershipOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Let a person with an account work for `company`. For the back office; others invite."""
        given = self.read(NewMemberInput)
        user = user_by_email(given["email"])
        member = add_member(
            viewer=self.viewer,
            company_id=company_id_of(self) or 0,
            user_id=user.pk if user else 0,
            roles=given["roles"],
            title=given["title"],
        )
        return Response(describe(get_membership(self.viewer, member.pk)), status=201)


class PersonDetail(HeadlessView):
    tags = ("people",)

    @extend_schema(responses=MembershipOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One colleague."""
        return Response(describe(get_membership(self.viewer, pk)))

    @extend_schema(request=MembershipInput, responses=MembershipOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Change roles or job title, end or resume a membership. For the company's administrators."""
        given = self.read(MembershipInput, partial=True)
        if given.get("is_active"):
            resume_membership(viewer=self.viewer, membership_id=pk)
        if "roles" in given:
            set_roles(viewer=self.viewer, membership_id=pk, roles=given["roles"])
        if "title" in given:
            change_title(viewer=self.viewer, membership_id=pk, title=given["title"])
        if given.get("is_active") is False:
            end_membership(viewer=self.viewer, membership_id=pk)
        return Response(describe(get_membership(self.viewer, pk)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """End a membership: remove a colleague, or leave yourself."""
        end_membership(viewer=self.viewer, membership_id=pk)
        return Response(status=204)


def describe(row: Membership) -> dict[str, Any]:
    return {
        "id": row.pk,
        "company_id": row.company_id,
        "user_id": row.user_id,
        "name": row.user.get_full_name(),
        "email": row.user.email,
        "title": row.title,
        "roles": [role.role for role in row.roles.all()],
        "is_active": row.is_active,
        "created_at": row.created_at,
        "ended_at": row.ended_at,
    }
