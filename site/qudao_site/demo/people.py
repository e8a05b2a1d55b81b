"""Companies and the people who work for them."""

from __future__ import annotations

import random
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from qudao_core import api as core
from qudao_partner_portal import api as portal
from stdnum.cn import uscc

from .channel import Channel, Firm, Person
from .scale import Scale


def make_companies(system: core.Viewer, channel: Channel, scale: Scale) -> dict[str, Any]:
    """Tiers, companies with their places in the tree, addresses and invoice titles; code → company."""
    tier = apps.get_model("qudao_partner_portal", "Tier")
    for code, each in channel.tiers.items():
        tier.objects.get_or_create(code=code, defaults=each.model_dump())
    firms = channel.firms[: scale.firms]
    _refuse(portal.upsert_companies(actor=system, rows=[_company(firm) for firm in firms]))
    _refuse(portal.upsert_addresses(actor=system, rows=[_address(firm) for firm in firms]))
    model = apps.get_model("qudao_partner_portal", "Company")
    companies = {
        company.code: company for company in model.objects.filter(code__in=[firm.code for firm in firms])
    }
    for number, firm in enumerate(firms):
        if firm.country == "CN":
            _invoice_title(system, companies[firm.code], firm, number)
    return companies


def _refuse(result: core.UpsertResult) -> None:
    if result.problems:
        raise core.Refusal("demo_invalid", "The demo's own data is refused.", problems=result.problems)


def _company(firm: Firm) -> portal.CompanyInput:
    return portal.CompanyInput(
        code=firm.code,
        external_key=f"ERP-{firm.code}",
        name=firm.name,
        short_name=firm.short,
        kind=firm.kind,
        status="active",
        parent=firm.parent,
        is_seller=firm.sells,
        tier=firm.tier or None,
        territories=firm.territories,
        currency=firm.currency,
        language=firm.language,
        phone=firm.phone,
        payment_terms=firm.terms,
    )


def _address(firm: Firm) -> portal.AddressInput:
    return portal.AddressInput(
        company=firm.code,
        external_key=f"{firm.code}-1",
        label="总仓" if firm.country == "CN" else "Warehouse",
        recipient=firm.short,
        phone=firm.phone,
        territory=firm.city or None,
        region="" if firm.city else firm.street.rpartition(", ")[2],
        street=firm.street,
        country=firm.country,
        is_default=True,
    )


def _invoice_title(system: core.Viewer, company: Any, firm: Firm, number: int) -> None:
    stem = f"9151010{number % 10}MA6DEM{number:03d}"
    values = {"title": firm.name, "tax_number": stem + uscc.calc_check_digit(stem)}
    portal.save_invoice_title(viewer=system, company_id=company.pk, values=values)


def make_people(
    system: core.Viewer, channel: Channel, companies: dict[str, Any], seed: int
) -> dict[str, Any]:
    """The people to sign in as, and one for every other company; e-mail address → user."""
    chance = random.Random(seed)
    people = channel.people
    chosen = [person for person in people.people if not person.firm or person.firm in companies]
    staffed = {person.firm for person in chosen if "buyer" in person.roles}
    others = [
        Person(
            email=f"{code.lower()}@example.com",
            name=chance.choice(people.surnames) + chance.choice(people.given),
            who="",
            firm=code,
            roles=("admin", "buyer"),
            title=people.title,
            language=company.language,
        )
        for code, company in companies.items()
        if code not in staffed and code != channel.maker
    ]
    users = _users([*chosen, *others], people.password)
    for person in (*chosen, *others):
        user = users[person.email]
        if person.firm:
            portal.add_member(
                viewer=system,
                company_id=companies[person.firm].pk,
                user_id=user.pk,
                roles=person.roles,
                title=person.title,
            )
        if person.groups:
            user.groups.add(*Group.objects.filter(name__in=person.groups))
    return users


def _users(people: list[Person], word: str) -> dict[str, Any]:
    """One password for all, hashed once; addresses count as confirmed."""
    model = get_user_model()
    password = make_password(word)
    users = [
        model(
            email=person.email,
            password=password,
            language=person.language,
            is_staff=bool(person.groups) or person.is_admin,
            is_superuser=person.is_admin,
            first_name=person.name,
        )
        for person in people
    ]
    for user in users:
        user.save()
    EmailAddress.objects.filter(user__in=users).delete()
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return {user.email: user for user in users}
