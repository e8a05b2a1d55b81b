"""Invitations through the API, from both sides."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from qudao_core.headless import HeadlessView, idempotent
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from ...companies.rest import company_id_of
from ...companies.rest.schema import OfCompany
from ..models import Invitation
from ..queries import get_invitation, invitation_by_token, invitation_state, invitations, user_by_email
from ..services import accept_invitation, invite, register_and_accept, resend_invitation, revoke_invitation
from .people import ROLES, MembershipOutput, describe


class InvitationInput(serializers.Serializer):  # type: ignore[type-arg]
    email = serializers.CharField(max_length=254)
    roles = serializers.ListField(child=serializers.CharField(max_length=20), max_length=20)
    language = serializers.CharField(required=False, allow_blank=True, default="", max_length=12)


class InvitationOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    company_id = serializers.IntegerField()
    email = serializers.CharField()
    roles = ROLES
    state = serializers.ChoiceField(choices=["open", "accepted", "revoked", "expired"])
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class LinkInput(serializers.Serializer):  # type: ignore[type-arg]
    token = serializers.CharField(max_length=128, help_text=_("The last part of the link in the e-mail."))


class LinkOutput(serializers.Serializer):  # type: ignore[type-arg]
    company = serializers.CharField()
    email = serializers.CharField()
    roles = ROLES
    state = serializers.ChoiceField(choices=["open", "accepted", "revoked", "expired"])
    has_account = serializers.BooleanField(
        help_text=_("Then sign in and accept, or register if you have no account.")
    )
    expires_at = serializers.DateTimeField()


class RegisterInput(LinkInput):
    name = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128)
    language = serializers.CharField(required=False, allow_blank=True, default="", max_length=12)


class Invitations(HeadlessView):
    tags = ("invitations",)
    ordering = ("-pk",)

    @extend_schema(parameters=[OfCompany], responses=InvitationOutput(many=True))
    def get(self, request: Request) -> Response:
        """Invitations to your company, for its administrators (to `company` for the back office)."""
        rows = invitations(self.viewer, company_id_of(self))
        return self.page(rows, lambda page: [_invitation(row) for row in page])

    @extend_schema(parameters=[OfCompany], request=InvitationInput, responses={201: InvitationOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Invite somebody. The link goes out by mail only."""
        given = self.read(InvitationInput)
        owner = company_id_of(self) or 0
        return Response(_invitation(invite(viewer=self.viewer, company_id=owner, **given)), status=201)


class InvitationDetail(HeadlessView):
    tags = ("invitations",)

    @extend_schema(responses=InvitationOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One invitation."""
        return Response(_invitation(get_invitation(self.viewer, pk)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take an invitation back."""
        revoke_invitation(viewer=self.viewer, invitation_id=pk)
        return Response(status=204)


class InvitationResend(HeadlessView):
    tags = ("invitations",)

    @extend_schema(operation_id="resend_invitation", request=None, responses=InvitationOutput)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Send a new link; the old one stops working."""
        return Response(_invitation(resend_invitation(viewer=self.viewer, invitation_id=pk)))


class InvitationLookup(HeadlessView):
    tags = ("invitations",)
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="look_up_invitation", request=LinkInput, responses=LinkOutput)
    def post(self, request: Request) -> Response:
        """What a link offers. Whoever holds it may ask."""
        found = invitation_by_token(self.read(LinkInput)["token"])
        return Response(
            {
                "company": found.company.name,
                "email": found.email,
                "roles": found.roles,
                "state": invitation_state(found),
                "has_account": user_by_email(found.email) is not None,
                "expires_at": found.expires_at,
            }
        )


class InvitationRegister(HeadlessView):
    tags = ("invitations",)
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="register_with_invitation", request=RegisterInput, responses={201: MembershipOutput}
    )
    def post(self, request: Request) -> Response:
        """Make an account for the invited address and join. Then sign in. A used link says so."""
        _user, member = register_and_accept(**self.read(RegisterInput))
        return Response(describe(member), status=201)


class InvitationAccept(HeadlessView):
    tags = ("invitations",)

    @extend_schema(operation_id="accept_invitation", request=LinkInput, responses=MembershipOutput)
    def post(self, request: Request) -> Response:
        """Join with a link that was sent to your address. Accepting twice changes nothing."""
        member = accept_invitation(token=self.read(LinkInput)["token"], user=request.user)
        return Response(describe(member))


def _invitation(row: Invitation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "company_id": row.company_id,
        "email": row.email,
        "roles": row.roles,
        "state": invitation_state(row),
        "created_at": row.created_at,
        "expires_at": row.expires_at,
    }
