"""Rules about people in plain Python: roles, invitation states, the secret of an invitation's link."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime

#: Every role, in the order in which they are shown.
ROLES = ("admin", "buyer", "approver", "finance", "sales", "warehouse", "learner")
#: Roles that act for a company that sells.
SELLER_ROLES = frozenset({"sales", "warehouse"})


class Rejected(Exception):
    """Why a set of roles cannot be given; ``code`` is ``no_role``, ``unknown_role`` or ``role_of_sellers``."""

    def __init__(self, code: str, role: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.role = role


def check_roles(roles: Iterable[str], *, is_seller: bool) -> tuple[str, ...]:
    """The roles without repetition, in order.

    :raises Rejected: none, an unknown one, or one that only a selling company has.

    >>> check_roles(["buyer", "admin", "buyer"], is_seller=False)
    ('admin', 'buyer')
    """
    wanted = set(roles)
    for role in sorted(wanted):
        if role not in ROLES:
            raise Rejected("unknown_role", role)
        if role in SELLER_ROLES and not is_seller:
            raise Rejected("role_of_sellers", role)
    if not wanted:
        raise Rejected("no_role")
    return tuple(role for role in ROLES if role in wanted)


def invitation_state(
    *, now: datetime, expires_at: datetime, accepted_at: datetime | None, revoked_at: datetime | None
) -> str:
    """``accepted``, ``revoked``, ``expired`` or ``open``."""
    if accepted_at:
        return "accepted"
    if revoked_at:
        return "revoked"
    return "expired" if expires_at <= now else "open"


def token_hash(token: str) -> str:
    """What is stored of an invitation's link."""
    return hashlib.sha256(token.encode()).hexdigest()


def tidy_email(text: str) -> str:
    """One spelling for each mailbox: trimmed, lower case.

    >>> tidy_email(" Li.Lei@Example.COM ")
    'li.lei@example.com'
    """
    return re.sub(r"\s", "", text).lower()
