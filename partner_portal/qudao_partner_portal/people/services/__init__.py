"""Writes of the subject: who works where in which role, invitations, the own profile."""

from .invitations import accept_invitation, invite, register_and_accept, resend_invitation, revoke_invitation
from .memberships import (
    add_member,
    change_title,
    end_membership,
    prefer_company,
    resume_membership,
    set_roles,
)
from .profiles import change_profile

__all__ = [
    "accept_invitation",
    "add_member",
    "change_profile",
    "change_title",
    "end_membership",
    "invite",
    "prefer_company",
    "register_and_accept",
    "resend_invitation",
    "resume_membership",
    "revoke_invitation",
    "set_roles",
]
