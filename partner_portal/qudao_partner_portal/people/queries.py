"""People, memberships and invitations as a viewer may see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core.cache_versions.queries import VersionedCache, Versions
from qudao_core.errors import NotFound
from qudao_core.viewer import Viewer

from ..companies.models import Company
from . import rules
from .models import Invitation, Membership

#: Facts a viewer is derived from; raise one and every cached viewer is built anew at the next request.
FACTS = ("companies", "people")
VIEW_PEOPLE = "qudao_partner_portal.view_membership"
VIEW_INVITATIONS = "qudao_partner_portal.view_invitation"


@dataclass(frozen=True, slots=True)
class CompanyChoice:
    """A company the person may act for; ``roles`` are the person's there."""

    id: int
    code: str
    name: str
    status: str
    roles: tuple[str, ...]


_choices: VersionedCache[tuple[CompanyChoice, ...]] = VersionedCache(size=4000)


def companies_of(user_id: int | None, versions: Versions | None = None) -> tuple[CompanyChoice, ...]:
    """The companies a person may switch between, the preferred one first. Kept until people or companies change."""
    if user_id is None:
        return ()
    versions = versions if versions is not None else Versions.read()
    return _choices.get(user_id, versions.of(*FACTS), lambda: _companies_of(user_id))


def memberships(viewer: Viewer, company_id: int | None = None) -> QuerySet[Membership]:
    """Colleagues, ended memberships included; of any company for back-office people who may view memberships."""
    rows = Membership.objects.select_related("user", "company").prefetch_related("roles")
    if viewer.may(VIEW_PEOPLE):
        return rows.filter(company_id=company_id) if company_id else rows
    if viewer.company_id is None or company_id not in (None, viewer.company_id):
        return rows.none()
    return rows.filter(company_id=viewer.company_id)


def get_membership(viewer: Viewer, pk: int) -> Membership:
    """:raises NotFound: no such membership, or not one the viewer may see."""
    found = memberships(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("membership_not_found", _("There is no such person here."))
    return found


def invitations(viewer: Viewer, company_id: int | None = None) -> QuerySet[Invitation]:
    """Invitations to the viewer's company, for its administrators; to any company for the back office."""
    rows = Invitation.objects.select_related("company", "invited_by", "accepted_by")
    if viewer.may(VIEW_INVITATIONS):
        return rows.filter(company_id=company_id) if company_id else rows
    if "admin" not in viewer.roles or company_id not in (None, viewer.company_id):
        return rows.none()
    return rows.filter(company_id=viewer.company_id)


def open_invitations(viewer: Viewer, company_id: int | None = None) -> QuerySet[Invitation]:
    """Those that nobody accepted or revoked; expired ones are among them, to be sent again."""
    return invitations(viewer, company_id).filter(accepted_at=None, revoked_at=None)


def get_invitation(viewer: Viewer, pk: int) -> Invitation:
    """:raises NotFound: no such invitation, or not one the viewer may see."""
    found = invitations(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("invitation_not_found", _("There is no such invitation."))
    return found


def invitation_by_token(token: str) -> Invitation:
    """The invitation of a link, whatever its state; whoever holds the link may read it.

    :raises NotFound: no invitation has this link.
    """
    rows = Invitation.objects.select_related("company", "invited_by")
    found = rows.filter(token_hash=rules.token_hash(token)).first()
    if found is None:
        raise NotFound(
            "invitation_not_found",
            _("This invitation is not valid."),
            remedy=_("Ask whoever invited you for a new one."),
        )
    return found


def invitation_state(invitation: Invitation) -> str:
    """``open``, ``accepted``, ``revoked`` or ``expired``, now."""
    return rules.invitation_state(
        now=timezone.now(),
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        revoked_at=invitation.revoked_at,
    )


def user_by_email(email: str) -> Any | None:
    """The account that signs in with this address, if there is one."""
    model = get_user_model()
    wanted = Q(email__iexact=email)
    if model.USERNAME_FIELD != "email":
        wanted |= Q(**{f"{model.USERNAME_FIELD}__iexact": email})
    return model._default_manager.filter(wanted).order_by("pk").first()


def active_admins(company_id: int) -> QuerySet[Membership]:
    """Memberships of people who can administer the company now."""
    return Membership.objects.filter(
        company_id=company_id, is_active=True, user__is_active=True, roles__role="admin"
    )


def companies_without_other_admin(user_ids: Collection[int]) -> list[Company]:
    """Companies that would have no administrator left without these people."""
    theirs = Membership.objects.filter(user_id__in=user_ids, is_active=True, roles__role="admin")
    companies = Company.objects.filter(memberships__in=theirs).distinct()
    return [row for row in companies if not active_admins(row.pk).exclude(user_id__in=user_ids).exists()]


def _companies_of(user_id: int) -> tuple[CompanyChoice, ...]:
    rows = (
        Membership.objects.filter(user_id=user_id, is_active=True)
        .exclude(company__status=Company.Status.CLOSED)
        .select_related("company")
        .prefetch_related("roles")
        .order_by("-is_preferred", "pk")[:100]
    )
    return tuple(
        CompanyChoice(
            row.company_id,
            row.company.code,
            str(row.company),
            row.company.status,
            tuple(r.role for r in row.roles.all()),
        )
        for row in rows
    )
