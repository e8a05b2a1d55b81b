"""Invitations: offered by e-mail, accepted once, by the person whose mailbox it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from qudao_core.audit.queries import count_recent
from qudao_core.audit.services import record
from qudao_core.errors import Conflict, Forbidden, NotFound, Refusal
from qudao_core.events.services import emit
from qudao_core.viewer import Viewer
from qudao_core.wording import join_sentences

from ... import conf
from ...companies import rights
from ...companies.models import Company
from .. import rules
from ..models import Invitation, Membership
from ..queries import get_invitation, invitation_by_token, invitation_state, user_by_email
from .accounts import create_user, unsaved_user
from .memberships import checked_roles, join, lock_company

ADD_INVITATION = "qudao_partner_portal.add_invitation"
#: Open invitations of one company; whoever needs more has forgotten to take some back.
MAX_OPEN = 200
#: Mails that one company's invitations may send to one address within :data:`MAIL_PERIOD`.
MOST_MAILS = 5
MAIL_PERIOD = timedelta(hours=24)


@transaction.atomic
def invite(
    *, viewer: Viewer, company_id: int, email: str, roles: Iterable[str], language: str = ""
) -> Invitation:
    """Offer somebody to join a company. The mail goes out after the commit, through the outbox.

    For the company's administrators and the back office. Records ``qudao.invitation.sent`` on the company, emits
    ``invitation.sent``.

    :raises Refusal: ``bad_email``; ``already_member``; ``already_invited`` (send it again instead);
        ``too_many_invitations`` (200 are open); ``invited_too_often`` (429); a role problem.
    :raises NotFound, Forbidden: not the viewer's company, or not its administrator.
    """
    rights.require(viewer, company_id, "admin", permission=ADD_INVITATION)
    company = lock_company(company_id)
    email = _checked_email(email)
    wanted = checked_roles(roles, company)
    if Membership.objects.filter(company=company, is_active=True, user__email__iexact=email).exists():
        raise Refusal(
            "already_member", _("%(email)s already belongs to the company.") % {"email": email}, field="email"
        )
    _make_room(company, email)
    _check_number(company)
    _check_mails(company, email)
    invitation = Invitation(company=company, email=email, roles=list(wanted), language=language[:12])
    invitation.invited_by_id = viewer.user_id
    _renew(invitation)
    _tell(viewer, invitation, "sent")
    return invitation


@transaction.atomic
def resend_invitation(*, viewer: Viewer, invitation_id: int) -> Invitation:
    """Send a new link that is valid for the full time again; the old link stops working.

    Records ``qudao.invitation.resent``, emits ``invitation.sent``.

    :raises Conflict: ``invitation_closed``: accepted or revoked. :raises NotFound: not visible.
    :raises Refusal: ``invited_too_often`` (429): five mails went to this address within a day.
    """
    invitation = _load(viewer, invitation_id)
    if invitation_state(invitation) not in ("open", "expired"):
        raise Conflict("invitation_closed", _("This invitation was accepted or withdrawn."))
    lock_company(invitation.company_id)
    _check_mails(invitation.company, invitation.email)
    _renew(invitation)
    _tell(viewer, invitation, "resent")
    return invitation


@transaction.atomic
def revoke_invitation(*, viewer: Viewer, invitation_id: int) -> Invitation:
    """Take an invitation back: its link stops working. Revoking again changes nothing.

    Records ``qudao.invitation.revoked`` on the company.

    :raises Conflict: ``invitation_closed``: it was accepted. :raises NotFound: not visible.
    """
    invitation = _load(viewer, invitation_id)
    if invitation.accepted_at:
        raise Conflict("invitation_closed", _("This invitation was accepted already."))
    if invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        _tell(viewer, invitation, "revoked")
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, user: Any) -> Membership:
    """Let a signed-in person join with the link they were sent. Accepting twice returns the membership.

    Records ``qudao.invitation.accepted`` and ``qudao.membership.joined``.

    :raises NotFound: unknown link. :raises Conflict: ``invitation_closed`` (expired, revoked, used by another person).
    :raises Forbidden: ``other_person``: it was sent to another address than the account's.
    """
    invitation = _claim(token)
    if invitation.accepted_at and invitation.accepted_by_id == user.pk:
        return Membership.objects.get(user=user, company=invitation.company)
    _check_open(invitation)
    if rules.tidy_email(user.email or user.get_username()) != invitation.email:
        raise Forbidden(
            "other_person",
            _("This invitation was sent to %(email)s.") % {"email": invitation.email},
            remedy=_("Sign out and open the link again, or ask for an invitation to your own address."),
        )
    return _join(invitation, user)


@transaction.atomic
def register_and_accept(
    *, token: str, name: str, password: str, language: str = ""
) -> tuple[Any, Membership]:
    """Make an account for the invited address and join. The mail proves the address, so it counts as verified.

    :raises Refusal: ``account_exists`` (sign in instead); ``name_required``; ``weak_password`` with what is wrong.
    :raises NotFound: unknown link. :raises Conflict: ``invitation_closed``.
    """
    invitation = _claim(token)
    _check_open(invitation)
    if user_by_email(invitation.email) is not None:
        raise Conflict("account_exists", _("An account with this address already exists. Sign in to join."))
    if not name.strip():
        raise Refusal("name_required", _("Enter your name so that colleagues recognise you."), field="name")
    try:
        validate_password(password, user=unsaved_user(email=invitation.email, name=name))
    except ValidationError as error:
        raise Refusal("weak_password", join_sentences(*error.messages), field="password") from error
    user = create_user(
        email=invitation.email, name=name, password=password, language=language or invitation.language
    )
    return user, _join(invitation, user)


def token_of(invitation: Invitation) -> str:
    """The secret of the link: made from the site's key and the record, so that it is stored nowhere."""
    facts = f"{invitation.company_id}:{invitation.email}:{invitation.expires_at.isoformat()}"
    return salted_hmac("qudao.invitation", facts, algorithm="sha256").hexdigest()


def _checked_email(text: str) -> str:
    email = rules.tidy_email(text)
    try:
        validate_email(email)
    except ValidationError as error:
        message = (
            _("“%(value)s” is not an e-mail address.") % {"value": text[:80]}
            if email
            else _("Enter an e-mail address.")
        )
        raise Refusal("bad_email", message, field="email") from error
    return email


def _make_room(company: Company, email: str) -> None:
    """An open invitation stands in the way; an expired one is revoked."""
    found = Invitation.objects.filter(company=company, email=email, accepted_at=None, revoked_at=None).first()
    if found is None:
        return
    if invitation_state(found) == "open":
        raise Conflict(
            "already_invited",
            _("%(email)s has already been invited.") % {"email": email},
            field="email",
            remedy=_("Send the invitation again if it was lost."),
            params={"invitation_id": found.pk},
        )
    Invitation.objects.filter(pk=found.pk).update(revoked_at=timezone.now())


def _check_number(company: Company) -> None:
    pending = {"accepted_at": None, "revoked_at": None, "expires_at__gt": timezone.now()}
    if Invitation.objects.filter(company=company, **pending).count() >= MAX_OPEN:
        raise Refusal(
            "too_many_invitations",
            _("%(count)d invitations are already pending.") % {"count": MAX_OPEN},
            remedy=_("Withdraw those that nobody will accept."),
            params={"limit": MAX_OPEN},
        )


def _check_mails(company: Company, email: str) -> None:
    """An invitation that is sent again, or withdrawn and made anew, is a mail to somebody who may not want it."""
    sent = ("qudao.invitation.sent", "qudao.invitation.resent")
    if count_recent(company, sent, note=email, since=timezone.now() - MAIL_PERIOD) >= MOST_MAILS:
        raise Refusal(
            "invited_too_often",
            _("%(count)d invitations have been sent to %(email)s today.")
            % {"count": MOST_MAILS, "email": email},
            remedy=_("Send it again tomorrow, or ask the person to check the spam folder."),
            params={"limit": MOST_MAILS, "hours": MAIL_PERIOD // timedelta(hours=1)},
            status=429,
        )


def _renew(invitation: Invitation) -> None:
    invitation.expires_at = _end()
    invitation.token_hash = rules.token_hash(token_of(invitation))
    invitation.save()


def _end() -> datetime:
    return timezone.now() + conf.invitation_lifetime()


def _load(viewer: Viewer, invitation_id: int) -> Invitation:
    found = get_invitation(viewer, invitation_id)
    rights.require(viewer, found.company_id, "admin", permission=ADD_INVITATION)
    return Invitation.objects.select_for_update(of=("self",)).select_related("company").get(pk=found.pk)


def _claim(token: str) -> Invitation:
    """The invitation, its company locked: two clicks at once join once."""
    lock_company(invitation_by_token(token).company_id)
    return invitation_by_token(token)


def _check_open(invitation: Invitation) -> None:
    state = invitation_state(invitation)
    texts = {
        "expired": _("This invitation has expired. Ask for a new one."),
        "revoked": _("This invitation was withdrawn. Ask the company's administrator."),
        "accepted": _("This invitation was used already."),
    }
    if state != "open":
        raise Conflict("invitation_closed", texts[state], params={"state": state})
    if invitation.company.status == Company.Status.CLOSED:
        raise NotFound("company_not_found", _("This company is closed."))


def _join(invitation: Invitation, user: Any) -> Membership:
    found = Membership.objects.filter(user=user, company=invitation.company, is_active=True).first()
    membership = found or join(actor=user, company=invitation.company, user=user, roles=invitation.roles)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _tell(user, invitation, "accepted")
    return membership


def _tell(actor: Any, invitation: Invitation, action: str) -> None:
    data = {"changes": {"roles": ["", ", ".join(invitation.roles)]}, "note": invitation.email}
    record(actor=actor, instance=invitation.company, action=f"qudao.invitation.{action}", data=data)
    topic = "invitation.sent" if action in ("sent", "resent") else f"invitation.{action}"
    payload = {"invitation_id": invitation.pk, "company_id": invitation.company_id}
    emit(topic, aggregate=f"invitation:{invitation.pk}", payload=payload)
