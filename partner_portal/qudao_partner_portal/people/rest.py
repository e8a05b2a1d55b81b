"""The caller, colleagues, invitations and tokens through the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from qudao_core.errors import Forbidden, Refusal
from qudao_core.headless import HeadlessView, TimestampField, idempotent
from qudao_core.headless.models import ApiToken
from qudao_core.headless.queries import tokens_of
from qudao_core.headless.references import ReferenceField, resolve
from qudao_core.headless.services import create_token, revoke_token
from qudao_core.requests import choose_company, get_viewer
from qudao_core.viewer import Viewer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from ..companies.models import Company
from ..companies.queries import COMPANY_REFERENCES
from ..companies.rest import company_id_of
from ..companies.serializers import OfCompany
from ..hooks import confirmation_page
from .invitations import accept_invitation, invite, register_and_accept, resend_invitation, revoke_invitation
from .models import Invitation, Membership, Role
from .queries import (
    companies_of,
    get_invitation,
    get_membership,
    invitation_by_token,
    invitation_state,
    invitations,
    memberships,
    user_by_email,
)
from .services import (
    add_member,
    change_profile,
    change_title,
    end_membership,
    prefer_company,
    resume_membership,
    set_roles,
)

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


class TokenInput(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField(max_length=80)
    expires_at = TimestampField(required=False, allow_null=True)
    read_only = serializers.BooleanField(default=False)


class TokenOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    read_only = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewTokenOutput(TokenOutput):
    token = serializers.CharField(help_text=_("Shown only once; not stored."))


class Tokens(HeadlessView):
    tags = ("tokens",)
    ordering = ("-pk",)

    @extend_schema(responses=TokenOutput(many=True))
    def get(self, request: Request) -> Response:
        """Your tokens for the company you act for, revoked ones included."""
        return self.page(tokens_of(self.viewer), lambda page: [_token(row) for row in page])

    @extend_schema(request=TokenInput, responses={201: NewTokenOutput})
    def post(self, request: Request) -> Response:
        """Make a token. It is in this answer and nowhere else, so a repeat makes another one."""
        given = self.read(TokenInput)
        _require_person(request)
        token, secret = create_token(viewer=self.viewer, **given)
        return Response(_token(token) | {"token": secret}, status=201, headers={"Cache-Control": "no-store"})


def _require_person(request: Request) -> None:
    """A token makes no tokens: a stolen one could then outlive its own end. A session was confirmed of late."""
    if isinstance(request.auth, ApiToken):
        raise Forbidden(
            "token_makes_no_token",
            _("A token cannot be used to create another token."),
            remedy=_("Sign in yourself and create it under “API tokens”."),
        )
    if where := confirmation_page(request):
        raise Forbidden(
            "sign_in_again",
            _("Confirm your sign-in first: a token lasts longer than a session."),
            remedy=_("Confirm it at %(address)s, then repeat the request.") % {"address": where},
        )


class TokenDetail(HeadlessView):
    tags = ("tokens",)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Revoke a token: it stops working at once."""
        revoke_token(viewer=self.viewer, token_id=pk)
        return Response(status=204)


def _token(row: ApiToken) -> dict[str, Any]:
    names = (
        "name",
        "prefix",
        "read_only",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    return {"id": row.pk} | {name: getattr(row, name) for name in names}
