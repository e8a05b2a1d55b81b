"""Writes of the subject: who works where in which role, and the own profile."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import viewers as core_viewers
from qudao_core.audit.rules import differences
from qudao_core.audit.services import record, record_many
from qudao_core.cache_versions.services import bump
from qudao_core.errors import NotFound, Problem, Refusal, refusal_of
from qudao_core.events.services import emit
from qudao_core.viewer import Viewer

from .. import conf
from ..companies import permissions
from ..companies.models import Company
from ..companies.rules import phone as read_phone
from ..signals import membership_changed
from . import rules
from .models import Membership, MembershipRole
from .queries import active_admins, get_membership


def create_user(*, email: str, name: str, password: str, language: str = "") -> Any:
    """A new account whose address is known to be right."""
    user = unsaved_user(email=email, name=name)
    if language and has_field("language"):
        user.language = language
    user.set_password(password)
    user.save()
    _mark_verified(user)
    return user


def unsaved_user(*, email: str, name: str) -> Any:
    """The account somebody is about to have: what a password is compared with before there is one."""
    model = get_user_model()
    user = model(email=email)
    if model.USERNAME_FIELD != "email":
        setattr(user, model.USERNAME_FIELD, email)
    set_name(user, name)
    return user


def set_name(user: Any, name: str) -> None:
    """The whole name in one field: no language's order of names is right for all."""
    text = " ".join(name.split())
    user.first_name = text[: user._meta.get_field("first_name").max_length]
    user.last_name = ""


def has_field(name: str) -> bool:
    """Whether the host's user model keeps ``phone`` or ``language``."""
    return any(field.name == name for field in get_user_model()._meta.get_fields())


def _mark_verified(user: Any) -> None:
    """Tell allauth, where the host has it, that this address needs no confirmation mail."""
    if apps.is_installed("allauth.account"):
        rows = apps.get_model("account", "EmailAddress").objects
        rows.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


CHANGE_PEOPLE = "qudao_partner_portal.change_membership"

ADD_PEOPLE = "qudao_partner_portal.add_membership"


@transaction.atomic
def add_member(
    *, viewer: Viewer, company_id: int, user_id: int, roles: Iterable[str], title: str = ""
) -> Membership:
    """Let an existing person work for a company, without an invitation. For the back office and demo data.

    Records ``qudao.membership.joined`` on membership and company, emits ``membership.joined``.

    :raises Refusal: ``already_member``; ``no_role``, ``unknown_role``, ``role_of_sellers``.
    :raises NotFound: no such company or person. :raises Forbidden: no permission.
    """
    core_viewers.require_permission(viewer, ADD_PEOPLE)
    company = lock_company(company_id)
    user = get_user_model()._default_manager.filter(pk=user_id).first()
    if user is None:
        raise NotFound("person_not_found", _("There is no such person."))
    return join(actor=viewer, company=company, user=user, roles=roles, title=title)


def join(*, actor: Any, company: Company, user: Any, roles: Iterable[str], title: str = "") -> Membership:
    """Make ``user`` an active member of the locked ``company``; an ended membership is resumed with the new roles."""
    wanted = checked_roles(roles, company)
    membership = Membership.objects.filter(user=user, company=company).first()
    if membership and membership.is_active:
        raise Refusal("already_member", _("This person already belongs to the company."), field="email")
    if membership is None:
        membership = Membership(user=user, company=company, title=title[:80])
    membership.is_active, membership.ended_at = True, None
    membership.save()
    _replace_roles(membership, wanted)
    publish_change(
        actor, membership, "joined", {"note": _who(membership), "changes": {"roles": ["", ", ".join(wanted)]}}
    )
    return membership


@transaction.atomic
def set_roles(*, viewer: Viewer, membership_id: int, roles: Iterable[str]) -> Membership:
    """Give a colleague exactly these roles. For the company's administrators and the back office.

    Records ``qudao.membership.roles`` on membership and company, emits ``membership.roles``.

    :raises Refusal: ``last_admin``; ``no_role``, ``unknown_role``, ``role_of_sellers``.
    :raises NotFound: no such colleague. :raises Forbidden: ``role_required``.
    """
    membership, company = _load(viewer, membership_id)
    wanted = checked_roles(roles, company)
    before = [row.role for row in membership.roles.all()]
    if set(before) == set(wanted):
        return membership
    if "admin" not in wanted:
        _keep_an_admin(membership)
    _replace_roles(membership, wanted)
    changes = {"roles": [", ".join(before), ", ".join(wanted)]}
    publish_change(viewer, membership, "roles", {"note": _who(membership), "changes": changes})
    return membership


@transaction.atomic
def change_title(*, viewer: Viewer, membership_id: int, title: str) -> Membership:
    """Set a colleague's job title. Records ``qudao.membership.changed``.

    :raises NotFound: no such colleague. :raises Forbidden: ``role_required``.
    """
    membership, _company = _load(viewer, membership_id)
    title = " ".join(title.split())[:80]
    if title != membership.title:
        before, membership.title = membership.title, title
        membership.save(update_fields=["title"])
        data = {"note": _who(membership), "changes": {"title": [before, title]}}
        publish_change(viewer, membership, "changed", data)
    return membership


@transaction.atomic
def end_membership(*, viewer: Viewer, membership_id: int) -> Membership:
    """Let a person stop working for a company: an administrator removes a colleague, or somebody leaves.

    It takes effect at the person's next request; what they did stays. API tokens of the person for this company stop
    working. Records ``qudao.membership.ended``, emits ``membership.ended``. Ending it again changes nothing.

    :raises Refusal: ``last_admin``. :raises NotFound: no such colleague. :raises Forbidden: ``role_required``.
    """
    membership, _company = _load(viewer, membership_id, oneself=True)
    if not membership.is_active:
        return membership
    _keep_an_admin(membership)
    membership.is_active, membership.is_preferred, membership.ended_at = False, False, timezone.now()
    membership.save()
    publish_change(viewer, membership, "ended", {"note": _who(membership)})
    return membership


@transaction.atomic
def resume_membership(*, viewer: Viewer, membership_id: int) -> Membership:
    """Let a person work for the company again, in the roles they had. Records ``qudao.membership.resumed``.

    :raises NotFound: no such colleague. :raises Forbidden: ``role_required``.
    """
    membership, _company = _load(viewer, membership_id)
    if not membership.is_active:
        membership.is_active, membership.ended_at = True, None
        membership.save()
        publish_change(viewer, membership, "resumed", {"note": _who(membership)})
    return membership


@transaction.atomic
def prefer_company(*, viewer: Viewer, company_id: int) -> None:
    """Remember for which company the person acts when nothing else says so (the next sign-in, another device).

    :raises NotFound: the person does not work there.
    """
    mine = Membership.objects.filter(user_id=viewer.user_id, is_active=True)
    chosen = mine.filter(company_id=company_id).exclude(company__status=Company.Status.CLOSED).first()
    if viewer.user_id is None or chosen is None:
        raise NotFound("company_not_found", _("You do not belong to this company."), field="company")
    if not chosen.is_preferred:
        mine.exclude(pk=chosen.pk).filter(is_preferred=True).update(is_preferred=False)
        mine.filter(pk=chosen.pk).update(is_preferred=True)
        bump("people")


def lock_company(company_id: int) -> Company:
    """Hold the company until the transaction ends: changes of its administrators wait for each other.

    :raises NotFound: no such company.
    """
    company = Company.objects.select_for_update().filter(pk=company_id).first()
    if company is None:
        raise NotFound("company_not_found", _("There is no such company."))
    return company


def checked_roles(roles: Iterable[str], company: Company) -> tuple[str, ...]:
    """:raises Refusal: ``no_role``, ``unknown_role``, ``role_of_sellers``."""
    texts = {
        "no_role": _("Choose at least one role."),
        "unknown_role": _("There is no role “%(role)s”."),
        "role_of_sellers": _("The role “%(role)s” is for companies that sell."),
    }
    try:
        return rules.check_roles(roles, is_seller=company.is_seller)
    except rules.Rejected as no:
        message = texts[no.code] if not no.role else texts[no.code] % {"role": no.role}
        raise Refusal(no.code, message, field="roles", params={"role": no.role} if no.role else None) from no


def publish_change(actor: Any, membership: Membership, action: str, data: dict[str, Any]) -> None:
    """History of the membership and of the company, event, signal, and a new version of the people."""
    bump("people")
    name = f"qudao.membership.{action}"
    record_many(actor=actor, entries=[(membership, name, data), (membership.company, name, data)])
    ids = {"company_id": membership.company_id, "user_id": membership.user_id}
    emit(
        f"membership.{action}",
        aggregate=f"company:{membership.company_id}",
        payload=ids | {"membership_id": membership.pk},
    )
    transaction.on_commit(
        partial(membership_changed.send_robust, Membership, action=action, **ids), robust=True
    )


def _load(viewer: Viewer, membership_id: int, *, oneself: bool = False) -> tuple[Membership, Company]:
    """The membership, its company locked first, if the viewer may change it."""
    found = get_membership(viewer, membership_id)
    company = lock_company(found.company_id)
    if not (oneself and found.user_id == viewer.user_id):
        permissions.require_role(viewer, company.pk, "admin", permission=CHANGE_PEOPLE)
    return get_membership(viewer, membership_id), company


def _keep_an_admin(membership: Membership) -> None:
    """:raises Refusal: ``last_admin``: without this person nobody could administer the company."""
    admins = active_admins(membership.company_id)
    if admins.filter(pk=membership.pk).exists() and not admins.exclude(pk=membership.pk).exists():
        raise Refusal(
            "last_admin",
            _("%(person)s is the company's only administrator.") % {"person": _who(membership)},
            remedy=_("Appoint another administrator first."),
            status=409,
        )


def _replace_roles(membership: Membership, roles: Iterable[str]) -> None:
    wanted = set(roles)
    membership.roles.exclude(role__in=wanted).delete()
    had = set(membership.roles.values_list("role", flat=True))
    MembershipRole.objects.bulk_create(
        [MembershipRole(membership=membership, role=role) for role in rules.ROLES if role in wanted - had]
    )
    getattr(membership, "_prefetched_objects_cache", {}).pop("roles", None)


def _who(membership: Membership) -> str:
    user = membership.user
    return str(user.get_full_name() or user.email or user.get_username())


@transaction.atomic
def change_profile(
    *, viewer: Viewer, name: str | None = None, phone: str | None = None, language: str | None = None
) -> Any:
    """Change the viewer's own name, telephone and language; ``None`` leaves a value. Returns the user.

    Telephone and language are kept where the host's user model has them. Records ``qudao.profile.changed``.

    :raises Refusal: ``not_signed_in``; ``name_required``, ``bad_phone``, ``phone_taken``, ``unknown_language``;
        ``values_invalid`` for several.
    """
    if viewer.user_id is None:
        raise Refusal("not_signed_in", _("Sign in first."), status=401)
    user = get_user_model()._default_manager.select_for_update().get(pk=viewer.user_id)
    before = _facts(user)
    problems = [
        found for found in (_name(user, name), _phone(user, phone), _language(user, language)) if found
    ]
    if problems:
        raise refusal_of(problems)
    changed = differences(before, _facts(user))
    if changed:
        user.save()
        bump("people")
        record(actor=viewer, instance=user, action="qudao.profile.changed", data={"changes": changed})
    return user


def _facts(user: Any) -> dict[str, Any]:
    facts = {"name": user.get_full_name()}
    return facts | {name: getattr(user, name) for name in ("phone", "language") if has_field(name)}


def _name(user: Any, name: str | None) -> Problem | None:
    if name is None or name.strip() == user.get_full_name():
        return None
    if not name.strip():
        return Problem("name_required", _("Enter your name so that colleagues recognise you."), field="name")
    set_name(user, name)
    return None


def _phone(user: Any, phone: str | None) -> Problem | None:
    if phone is None or not has_field("phone"):
        return None
    found = read_phone(phone, conf.country()) if phone.strip() else ""
    if found is None:
        remedy = _("Enter it with its area code, or with + and the country code.")
        return Problem("bad_phone", _("This is not a telephone number."), field="phone", remedy=remedy)
    others = type(user)._default_manager.filter(phone=found).exclude(pk=user.pk)
    if found and others.exists():
        return Problem("phone_taken", _("Another person already uses this telephone number."), field="phone")
    user.phone = found
    return None


def _language(user: Any, language: str | None) -> Problem | None:
    if language is None or not has_field("language"):
        return None
    if language and language not in dict(settings.LANGUAGES):
        return Problem("unknown_language", _("This language is not offered."), field="language")
    user.language = language
    return None
