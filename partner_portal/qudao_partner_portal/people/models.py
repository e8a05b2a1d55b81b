from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from qudao_core.wording import join_list


class Role(models.TextChoices):
    """What a person may do for a company. ``sales`` and ``warehouse`` act for a company that sells."""

    ADMIN = "admin", _("Administrator")
    BUYER = "buyer", pgettext_lazy("role", "Buyer")
    APPROVER = "approver", _("Approver")
    FINANCE = "finance", _("Finance")
    SALES = "sales", _("Sales")
    WAREHOUSE = "warehouse", _("Warehouse")
    LEARNER = "learner", _("Learner")


def role_names(roles: Iterable[str]) -> str:
    """``Buyer, Finance`` for their codes; a role that no longer exists is left out."""
    return join_list(Role(role).label for role in roles if role in Role.values)


class Membership(models.Model):
    """A person works for a company. Ended memberships stay as history."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    company = models.ForeignKey(
        "qudao_partner_portal.Company", models.CASCADE, related_name="memberships", verbose_name=_("company")
    )
    title = models.CharField(_("job title"), max_length=80, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_preferred = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["company_id", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(fields=["user", "company"], name="membership_unique")]

    def __str__(self) -> str:
        return f"{self.user} @ {self.company}"

    @property
    def role_names(self) -> str:
        """The person's roles in words."""
        return role_names(row.role for row in self.roles.all())


class MembershipRole(models.Model):
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    class Meta:
        ordering = ["role"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [models.UniqueConstraint(fields=["membership", "role"], name="membership_role_unique")]

    def __str__(self) -> str:
        return self.get_role_display()


class Invitation(models.Model):
    """An offer to join a company, sent by e-mail. Only a hash of the link's secret is kept."""

    company = models.ForeignKey("qudao_partner_portal.Company", models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    roles = models.JSONField(_("roles"), default=list)
    language = models.CharField(_("language"), max_length=12, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.company}"

    @property
    def role_names(self) -> str:
        """The roles offered, in words."""
        return role_names(self.roles)
