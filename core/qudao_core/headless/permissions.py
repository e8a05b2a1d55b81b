"""Who may call at all. What a caller may see and do is decided by queries and services through the viewer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from .. import conf
from .models import ApiToken


class SignedIn(BasePermission):
    """A signed-in person or a token; a read-only token only reads."""

    code = "forbidden"

    def has_permission(self, request: Request, view: Any) -> bool:
        if not (request.user and request.user.is_authenticated):
            return False
        if (
            isinstance(request.auth, ApiToken)
            and request.auth.read_only
            and request.method not in SAFE_METHODS
        ):
            self.message = _("This token is read-only.")
            self.code = "read_only_token"
            return False
        return True


class SignedInOrOpenCatalogue(SignedIn):
    """Guests too, for reading, when the host opened its catalogue (``QUDAO_OPEN_CATALOGUE``)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        guest_reads = conf.open_catalogue() and request.method in SAFE_METHODS
        return super().has_permission(request, view) or (guest_reads and not request.user.is_authenticated)
