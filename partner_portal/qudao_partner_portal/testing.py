"""Factories for tests of the portal and of every plugin above it. People have names: who sees what is the subject."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db.models import Q
from qudao_core.viewer import Viewer
from qudao_core.viewers import system_viewer, viewer_for
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from .companies.models import Address, Company, InvoiceTitle, Tier
from .content.models import ContentPage
from .documents.services import set_audience
from .people.models import Membership, MembershipRole
from .territories.models import Territory

_numbers = itertools.count(1)

#: The password of everybody made here.
PASSWORD = "correct horse battery"


def make_tier(code: str = "gold", **fields: Any) -> Tier:
    """The tier with this code, made when it is missing."""
    defaults = {"name": code.title(), "rank": 10} | fields
    return Tier.objects.get_or_create(code=code, defaults=defaults)[0]


def make_territory(code: str = "CN-51", name: str = "Sichuan", name_zh: str = "四川省") -> Territory:
    """The territory with this code; a missing one is made below its prefix (``CN`` for ``CN-51``)."""
    found = Territory.objects.filter(code=code).first()
    if found:
        return found
    parent = Territory.objects.filter(code=code.partition("-")[0]).first() if "-" in code else None
    fields = {"code": code, "name": name, "name_zh": name_zh}
    return parent.add_child(**fields) if parent else Territory.add_root(**fields)  # type: ignore[no-any-return]


def make_company(
    name: str = "",
    *,
    parent: Company | None = None,
    tier: str | None = None,
    territories: Iterable[str] = (),
    **fields: Any,
) -> Company:
    """A company below ``parent`` (or a root). A root sells unless told otherwise.

    ``tier`` and ``territories`` are codes; they are made when missing.
    """
    number = next(_numbers)
    fields = {
        "name": name or f"Company {number}",
        "code": f"T-{number:04d}",
        "kind": Company.Kind.DEALER if parent else Company.Kind.MANUFACTURER,
        "is_seller": parent is None,
        "tier": make_tier(tier) if tier else None,
    } | fields
    if parent is None:
        company: Company = Company.add_root(**fields)
    else:
        company = Company.objects.get(pk=parent.pk).add_child(**fields)
    company.territories.set([make_territory(code) for code in territories])
    return company


def make_user(name: str = "", **fields: Any) -> Any:
    """A person who works nowhere yet. Works with any user model that has an e-mail address."""
    model = get_user_model()
    number = next(_numbers)
    name = name or f"Person {number}"
    first, _space, last = name.partition(" ")
    fields = {
        "email": f"{first.lower()}.{number}@example.com",
        "first_name": first,
        "last_name": last,
    } | fields
    user = model(**fields)
    if model.USERNAME_FIELD != "email" and not fields.get(model.USERNAME_FIELD):
        setattr(user, model.USERNAME_FIELD, fields["email"])
    user.set_password(PASSWORD)
    user.save()
    return user


def make_person(company: Company, *, roles: Iterable[str] = (), name: str = "", **fields: Any) -> Any:
    """A user who is an active member of ``company`` with ``roles``."""
    user = make_user(name, **fields)
    add_member(user, company, roles)
    return user


def add_member(user: Any, company: Company, roles: Iterable[str] = ()) -> Membership:
    """Let an existing person work for one more company."""
    membership = Membership.objects.create(user=user, company=company)
    for role in roles:
        MembershipRole.objects.create(membership=membership, role=role)
    return membership


def make_back_office(name: str = "Olga Office", *, permissions: Iterable[str] = (), **fields: Any) -> Any:
    """A back-office person with Django permissions such as ``qudao_partner_portal.view_company``.

    Pass ``is_superuser=True`` for an administrator.
    """
    user = make_user(name, is_staff=True, **fields)
    wanted = Q(pk=None)
    for permission in permissions:
        app_label, _dot, codename = permission.partition(".")
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    user.user_permissions.set(Permission.objects.filter(wanted))
    return get_user_model().objects.get(pk=user.pk)


def viewer_of(user: Any, company: Company | None = None, *, language: str = "en") -> Viewer:
    """The viewer of ``user`` as a request would build it now, acting for ``company`` if given."""
    fresh = get_user_model().objects.get(pk=user.pk)
    return viewer_for(fresh, company_id=company.pk if company else None, language=language)


def make_address(company: Company, **fields: Any) -> Address:
    fields = {"recipient": "Li Lei", "phone": "13800138000", "street": "1 Tianfu Avenue"} | fields
    return Address.objects.create(company=company, **fields)


def make_invoice_title(company: Company, **fields: Any) -> InvoiceTitle:
    fields = {"title": company.name, "tax_number": "91510100MA61UJX35K"} | fields
    return InvoiceTitle.objects.create(company=company, **fields)


def make_document(
    title: str = "Data sheet",
    content: bytes = b"Cut-out 150 mm",
    *,
    name: str = "sheet.txt",
    keys: Iterable[str] = (),
    **fields: Any,
) -> Any:
    """A Wagtail document as an editor uploads one, aimed at ``keys`` if given. It waits to be read."""
    document = get_document_model()(title=title, file=ContentFile(content, name), **fields)
    document._set_document_file_metadata()
    document.save()
    if keys:
        set_audience(viewer=system_viewer(), document=document, keys=keys)
    return document


def make_page(
    title: str = "Terms of delivery",
    *,
    parent: Page | None = None,
    keys: Iterable[str] = (),
    body: Iterable[tuple[str, Any]] = (),
    **fields: Any,
) -> ContentPage:
    """A published page below ``parent`` (or the site's root), for ``keys`` or for whom the page above is."""
    above = parent or Site.objects.get(is_default_site=True).root_page
    fields = {"locale": above.locale, "slug": f"page-{next(_numbers)}", "live": False} | fields
    page = ContentPage(title=title, audience_keys=list(keys), body=list(body), **fields)
    Page.objects.get(pk=above.pk).specific.add_child(instance=page)
    page.save_revision().publish()
    return ContentPage.objects.get(pk=page.pk)
