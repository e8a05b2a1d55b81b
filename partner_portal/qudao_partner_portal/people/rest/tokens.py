"""API tokens through the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from qudao_core.errors import Forbidden
from qudao_core.headless import HeadlessView, TimestampField
from qudao_core.headless.models import ApiToken
from qudao_core.headless.queries import tokens_of
from qudao_core.headless.services import create_token, revoke_token
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ...hooks import confirmation_page


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
