"""Mails of the subject, sent when their event is delivered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import override
from qudao_core import conf as core_conf
from qudao_core.hooks import Channel, Recipient
from qudao_core.mail.services import send_mail

from .invitations import token_of
from .models import Invitation
from .queries import invitation_state


def recipients(*, payload: dict[str, Any], **event: Any) -> Iterable[Recipient]:
    """The person invited, as long as the invitation is open."""
    invitation = _open_invitation(payload)
    if invitation is not None:
        yield Recipient(f"invitation:{invitation.pk}", invitation.email)


def send_invitation(*, event_id: int, payload: dict[str, Any], **event: Any) -> str | None:
    """Mail the link of an invitation that is still open. The link is made now; it is stored nowhere."""
    invitation = _open_invitation(payload)
    if invitation is None:
        return None
    language = invitation.language or invitation.company.language
    with override(language or None):
        roles = invitation.role_names
    link = core_conf.base_url() + reverse("portal:invitation", args=[token_of(invitation)])
    context = {"invitation": invitation, "roles": roles, "link": link, "inviter": _inviter(invitation)}
    send_mail(
        to=invitation.email,
        template="qudao_partner_portal/mail/invitation",
        context=context,
        language=language,
        message_id=f"event-{event_id}",
    )
    return str(invitation.email)


invitation_mail = Channel(recipients, send_invitation)


def _open_invitation(payload: dict[str, Any]) -> Invitation | None:
    rows = Invitation.objects.select_related("company", "invited_by")
    invitation = rows.filter(pk=payload["invitation_id"]).first()
    return invitation if invitation is not None and invitation_state(invitation) == "open" else None


def _inviter(invitation: Invitation) -> str:
    user = invitation.invited_by
    return str(user.get_full_name() or user.get_username()) if user else ""
