"""Build the :class:`~qudao_core.viewer.Viewer` of a person. The one place that decides what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length, Substr
from django.utils.translation import get_language
from qudao_core.cache_versions.queries import VersionedCache, Versions
from qudao_core.viewer import Viewer
from qudao_core.viewers import person_facts
from qudao_core.wording import join_list

from . import conf
from .audience import rules as audience
from .companies.models import Company
from .hooks import audience_providers
from .people.models import Membership, Role
from .people.queries import FACTS
from .territories.models import Territory

_kept: VersionedCache[Viewer] = VersionedCache(size=4000)


def build_viewer(
    user: Any, *, company_id: int | None = None, language: str | None = None, versions: Versions | None = None
) -> Viewer:
    """What :func:`qudao_core.viewers.viewer_for` answers here: the person as a member of the company acted for."""
    language = language or get_language() or settings.LANGUAGE_CODE
    if not getattr(user, "is_authenticated", False):
        return guest_viewer(language, versions)
    versions = versions if versions is not None else Versions.read()
    key = (user.pk, company_id, language, user.is_active, user.is_staff, user.is_superuser)
    return _kept.get(key, versions.of(*FACTS), lambda: _build(user, company_id, language))


def guest_viewer(language: str | None = None, versions: Versions | None = None) -> Viewer:
    """A visitor who has not signed in: the audience ``everyone``, buying (if at all) from the root company."""
    language = language or get_language() or settings.LANGUAGE_CODE
    versions = versions if versions is not None else Versions.read()
    return _kept.get((None, language), versions.of(*FACTS), lambda: _build_guest(language))


def _build_guest(language: str) -> Viewer:
    root = Company.objects.filter(depth=1, is_seller=True).order_by("path").only("pk", "currency").first()
    return Viewer(
        seller_id=root.pk if root else None,
        currency=root.currency if root else conf.default_currency(),
        audience=audience.guest_keys(),
        language=language,
    )


def _build(user: Any, company_id: int | None, language: str) -> Viewer:
    base = {**person_facts(user), "language": language}
    membership = _membership(user, company_id)
    if membership is None:
        guest = _build_guest(language)
        return Viewer(**base, audience=guest.audience, seller_id=guest.seller_id, currency=guest.currency)
    roles = frozenset(row.role for row in membership.roles.all())
    return Viewer(**base, **_company_facts(membership, roles=roles))


def _membership(user: Any, company_id: int | None) -> Membership | None:
    """The membership to act under: the asked one, else the preferred, else the oldest active one."""
    rows = (
        Membership.objects.filter(user=user, is_active=True)
        .exclude(company__status=Company.Status.CLOSED)
        .select_related("company__tier")
        .prefetch_related("roles")
        .order_by("-is_preferred", "pk")
    )
    found = list(rows[:100])
    asked = [row for row in found if row.company_id == company_id]
    return (asked or found or [None])[0]


def _company_facts(membership: Membership, *, roles: frozenset[str]) -> dict[str, Any]:
    company = membership.company
    above = list(_ancestors(company))
    tier = company.tier.code if company.tier else None
    territories = _territory_codes(company)
    reads = company.status in Company.READING
    keys = audience.company_keys(
        company_id=company.pk,
        ancestor_ids=[row.pk for row in above],
        kind=company.kind,
        tier=tier,
        territories=territories,
    )
    for provider in audience_providers if membership.user_id else ():
        keys |= frozenset(provider(user_id=membership.user_id, company_id=company.pk))
    keys |= audience.role_keys(roles, Role.values, sells=company.is_seller)
    return {
        "company_id": company.pk,
        "company_code": company.code,
        "company_name": str(company),
        "company_path": company.path,
        "company_kind": company.kind,
        "company_status": company.status,
        "is_seller": company.is_seller,
        "seller_id": _seller_id(company, above),
        "tier": tier,
        "territories": territories,
        "roles": roles,
        "audience": keys if reads else audience.guest_keys() | {f"company:{company.pk}"},
        "currency": company.currency,
    }


def _ancestors(company: Company) -> Any:
    steps = range(Company.steplen, len(company.path), Company.steplen)
    paths = [company.path[:end] for end in steps]
    return Company.objects.filter(path__in=paths).order_by("-depth").only("pk", "path", "is_seller", "status")


def _seller_id(company: Company, above: list[Company]) -> int | None:
    """The nearest company above that sells; a root that sells (the manufacturer) may order from itself."""
    for row in above:
        if row.is_seller and row.status == Company.Status.ACTIVE:
            return row.pk
    return company.pk if company.is_seller else None


def _territory_codes(company: Company) -> tuple[str, ...]:
    """Codes of the company's territories and of everything above them, in one statement."""
    own = Company.territories.through.objects.filter(company_id=company.pk).annotate(
        start=Substr("territory__path", 1, Length(OuterRef("path")))
    )
    rows = Territory.objects.filter(Exists(own.filter(start=OuterRef("path")))).order_by("path")
    return tuple(rows.values_list("code", flat=True))


def company_viewer(company: Company, *, language: str | None = None) -> Viewer:
    """A viewer that stands for ``company`` itself, without a person: for imports and jobs.

    It sees and pays what the company's buyers do and holds no role.
    """
    stand_in = Membership(user_id=0, company=company)
    facts = _company_facts(stand_in, roles=frozenset())
    return Viewer(**facts, language=language or company.language or get_language() or settings.LANGUAGE_CODE)


def member_viewer(
    company: Company, *, roles: Iterable[str], rights: Iterable[str], language: str | None = None
) -> Viewer:
    """A viewer for a preview: a member of ``company`` with these roles, who is nobody in particular.

    It has what the company gives its people, and nothing personal: no cart, no recent searches, and no audience keys
    that a person earns. ``rights`` are the Django permissions of whoever looks.
    """
    stand_in = Membership(user_id=0, company=company)
    names = [str(Role(role).label) for role in roles]
    return Viewer(
        **_company_facts(stand_in, roles=frozenset(roles)),
        user_id=0,
        user_name=join_list(names),
        language=language or get_language() or settings.LANGUAGE_CODE,
        is_preview=True,
        preview_rights=frozenset(rights),
    )
