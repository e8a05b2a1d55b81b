"""Writes of the headless subject: API tokens and the clearing of old idempotency records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import conf
from ..audit.services import record
from ..errors import NotFound, Refusal
from ..viewer import Viewer
from . import rules
from .models import ApiToken, IdempotencyRecord
from .queries import tokens_of

MAX_TOKENS = 50


@transaction.atomic
def create_token(
    *, viewer: Viewer, name: str, expires_at: datetime | None = None, read_only: bool = False
) -> tuple[ApiToken, str]:
    """Create a token that acts as `viewer`'s person for the company the viewer acts for now.

    Returns the record and the token itself, which is shown once and kept nowhere. Writes an audit entry. Without
    `expires_at` it works for ``QUDAO_API_TOKEN_DAYS``.

    :raises Refusal: ``not_signed_in``; ``name_required``; ``expiry_passed``; ``too_many_tokens`` (50 in use).
    """
    if viewer.user_id is None:
        raise Refusal("not_signed_in", _("Sign in first."), status=401)
    if not name.strip():
        raise Refusal("name_required", _("Give the token a name that says who uses it."), field="name")
    if expires_at is not None and expires_at <= timezone.now():
        raise Refusal("expiry_passed", _("The expiry date is in the past."), field="expires_at")
    if tokens_of(viewer).filter(_works()).count() >= MAX_TOKENS:
        raise Refusal("too_many_tokens", _("Revoke a token first: the maximum is 50."))
    lifetime = conf.api_token_lifetime()
    if expires_at is None and lifetime is not None:
        expires_at = timezone.now() + lifetime
    secret = rules.new_token()
    token = ApiToken.objects.create(
        user_id=viewer.user_id,
        company_id=viewer.company_id,
        name=name.strip()[:80],
        prefix=secret[: rules.PREFIX_LENGTH],
        token_hash=rules.token_hash(secret),
        expires_at=expires_at,
        read_only=read_only,
    )
    record(actor=viewer, instance=token, action="qudao.token.created")
    return token, secret


def _works() -> Q:
    """The condition of tokens that somebody could still use."""
    return Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


@transaction.atomic
def revoke_token(*, viewer: Viewer, token_id: int) -> ApiToken:
    """Make a token useless from the next request on, with an audit entry. Revoking again changes nothing.

    :raises NotFound: the viewer has no such token.
    """
    token = tokens_of(viewer).select_for_update().filter(pk=token_id).first()
    if token is None:
        raise NotFound("not_found", _("There is no such token."))
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor=viewer, instance=token, action="qudao.token.revoked")
    return token


@transaction.atomic
def revoke_tokens_of(*, user: Any) -> int:
    """Make all tokens of a person useless, with an audit entry each: the password has changed, so whoever knew the
    former one may have made some of them. Returns how many.
    """
    tokens = list(ApiToken.objects.select_for_update().filter(user=user, revoked_at=None).order_by("pk"))
    for token in tokens:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor=user, instance=token, action="qudao.token.revoked")
    return len(tokens)


def forget_idempotency_records() -> int:
    """Delete records older than ``QUDAO_IDEMPOTENCY_HOURS`` and return how many. Safe to run at any time."""
    limit = timezone.now() - conf.idempotency_lifetime()
    deleted, _by_model = IdempotencyRecord.objects.filter(created_at__lt=limit).delete()
    return deleted
