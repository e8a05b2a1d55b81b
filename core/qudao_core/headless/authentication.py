"""Who calls: a program with ``Authorization: Bearer qd_…``, or a browser by its session (and CSRF token)."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from ..cache_versions.queries import VersionedCache
from ..requests import get_versions
from . import rules
from .models import ApiToken

#: Tokens with their people, kept while neither changes: knowing a caller then costs no statement.
FACTS = ("tokens", "people")
_kept: VersionedCache[ApiToken | None] = VersionedCache(size=2000)

#: "last used" is for people; writing it on every request would make every read a write.
LAST_USED_STEP = timedelta(minutes=5)


class BearerAuthentication(authentication.BaseAuthentication):
    """Accepts an :class:`ApiToken`; one that is unknown, expired, revoked or of a leaver is answered 401."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        mark, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if mark.lower() != self.keyword.lower():
            return None
        token = _find(request, secret.strip())
        if token is None or not token.is_usable or not token.user.is_active:
            raise exceptions.AuthenticationFailed(
                _("This token is unknown, expired or revoked. Create a new one."), code="invalid_token"
            )
        _note_use(token)
        return copy(token.user), token  # what one request does to its user is not seen by the next

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


def _find(request: Request, secret: str) -> ApiToken | None:
    digest = rules.token_hash(secret)
    rows = ApiToken.objects.select_related("user").filter(token_hash=digest)
    return _kept.get(digest, get_versions(request).of(*FACTS), rows.first)


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - LAST_USED_STEP:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
