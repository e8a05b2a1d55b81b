"""Who calls: a program with ``Authorization: Bearer qd_…``, or a browser by its session (and CSRF token)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from . import rules
from .models import ApiToken

#: "last used" is for people; writing it on every request would make every read a write.
LAST_USED_STEP = timedelta(minutes=5)


class BearerAuthentication(authentication.BaseAuthentication):
    """Accepts an :class:`ApiToken`; one that is unknown, expired, revoked or of a leaver is answered 401."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        mark, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if mark.lower() != self.keyword.lower():
            return None
        token = _find(secret.strip())
        if token is None or not token.is_usable or not token.user.is_active:
            raise exceptions.AuthenticationFailed(
                _("This token is unknown, expired or revoked. Create a new one."), code="invalid_token"
            )
        _note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; every write needs the CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise exceptions.PermissionDenied(
                _("The CSRF token is missing or wrong. Send the cookie's value as X-CSRFToken."),
                code="csrf_failed",
            ) from error


def _find(secret: str) -> ApiToken | None:
    return ApiToken.objects.select_related("user").filter(token_hash=rules.token_hash(secret)).first()


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - LAST_USED_STEP:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
