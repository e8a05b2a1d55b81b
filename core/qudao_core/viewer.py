"""Who is looking. Built once per request or job; every query takes it and nothing else decides who sees what."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person acting for a company (or a guest, or a back-office user without a company).

    ``company_path`` is the company's place in the tree; its subtree are all companies whose path starts with it.
    ``seller_id`` is the company it buys from: the nearest one above that sells. ``audience`` are the audience keys
    it answers to. ``permissions`` are Django permission strings, filled for back-office users only.
    ``language`` is ``en`` or ``zh-hans``; ``currency`` the one it buys in. ``is_preview``: somebody of the back office
    looks at what a member of the company sees; ``preview_rights`` are that person's own Django permissions.
    """

    user_id: int | None = None
    user_name: str = ""
    company_id: int | None = None
    company_code: str = ""
    company_name: str = ""
    company_path: str = ""
    company_kind: str = ""
    company_status: str = ""
    is_seller: bool = False
    seller_id: int | None = None
    tier: str | None = None
    territories: tuple[str, ...] = ()
    roles: frozenset[str] = field(default_factory=frozenset)
    audience: frozenset[str] = field(default_factory=frozenset)
    permissions: frozenset[str] = field(default_factory=frozenset)
    is_superuser: bool = False
    is_staff: bool = False
    language: str = "en"
    currency: str = "CNY"
    is_preview: bool = False
    preview_rights: frozenset[str] = frozenset()

    @property
    def is_guest(self) -> bool:
        return self.user_id is None

    @property
    def is_member(self) -> bool:
        """Signed in and acting for a company."""
        return self.company_id is not None

    @property
    def may_trade(self) -> bool:
        """Acting for a company that is active.

        A suspended one reads everything that is its own and orders nothing; a pending one does not read it yet.
        """
        return self.company_status == "active"

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds one of ``roles`` in the company. A company's administrator holds them all."""
        return "admin" in self.roles or not self.roles.isdisjoint(roles)

    def shows(self, permission: str) -> bool:
        """Whether figures that the back office guards with ``permission`` are shown to whoever looks.

        To the company's own people always (what they see is decided by their audience and roles); in a preview only
        to somebody who could look them up in the back office.
        """
        return not self.is_preview or permission in self.preview_rights

    def may(self, permission: str) -> bool:
        """Whether a back-office user holds the Django permission ``app_label.codename``."""
        return self.is_superuser or permission in self.permissions
