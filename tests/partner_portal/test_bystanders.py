"""Each verb on companies, people and documents changes what it is about, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from qudao_core import api as core
from qudao_core.headless import services as tokens
from qudao_partner_portal import api as portal
from qudao_partner_portal import testing as people
from qudao_partner_portal.companies import services as companies
from qudao_partner_portal.documents import services as documents
from qudao_partner_portal.models import Company
from qudao_partner_portal.people import invitations, services
from qudao_partner_portal.people.invitations import token_of

from ..bystanders import rows_of, untouched

pytestmark = pytest.mark.django_db
PLUGINS = ("qudao_core", "qudao_partner_portal", get_user_model()._meta.app_label)
#: One row for everybody says that something has changed.
SHARED = frozenset({"FactVersion"})
ADDRESS = {"recipient": "李雷", "phone": "13800138000", "street": "天府大道 1 号", "territory": "CN-5101"}
TITLE = {"title": "Sunshine Electric", "tax_number": "91510100MA61UJX35K"}


@dataclass
class Dealer:
    """A company with everything that belongs to one; three people, the last of whom has left."""

    company: Company
    admin: Any = None
    buyer: Any = None
    gone: Any = None
    kept: dict[str, Any] = field(default_factory=dict)

    def viewer(self, name: str = "admin") -> core.Viewer:
        return people.viewer_of(getattr(self, name), self.company)

    def membership(self, name: str) -> int:
        return int(self.company.memberships.get(user=getattr(self, name)).pk)


def make_dealer(name: str, parent: Company) -> Dealer:
    made = Dealer(people.make_company(name, parent=parent, tier="gold", territories=["CN-51"]))
    for person, roles in (("admin", ["admin", "finance"]), ("buyer", ["buyer"]), ("gone", ["buyer"])):
        setattr(made, person, people.make_person(made.company, roles=roles, name=f"{name} {person}"))
        people.add_member(getattr(made, person), people.make_company(f"{name} {person} too", parent=parent))
    own = {"viewer": made.viewer(), "company_id": made.company.pk}
    made.kept = {
        "addresses": [portal.save_address(**own, values=ADDRESS | {"label": str(n)}) for n in range(3)],
        "titles": [portal.save_invoice_title(**own, values=TITLE | {"title": str(n)}) for n in range(3)],
        "invitations": [
            portal.invite(**own, email=f"{name}{n}@example.com".lower(), roles=["buyer"]) for n in range(3)
        ],
        "tokens": [tokens.create_token(viewer=made.viewer("buyer"), name=str(n))[0] for n in range(3)],
        "document": people.make_document(title=name, content=name.encode(), keys=["members"]),
    }
    services.end_membership(viewer=made.viewer(), membership_id=made.membership("gone"))
    invitations.revoke_invitation(viewer=made.viewer(), invitation_id=made.kept["invitations"][2].pk)
    return made


def office() -> core.Viewer:
    return people.viewer_of(people.make_back_office(is_superuser=True))


def of_company(verb: Callable[..., Any], **named: Any) -> Callable[[Dealer], Any]:
    return lambda own: verb(viewer=office(), company_id=own.company.pk, **named)


def of_own_company(verb: Callable[..., Any], **named: Any) -> Callable[[Dealer], Any]:
    return lambda own: verb(viewer=own.viewer(), company_id=own.company.pk, **named)


def of_colleague(verb: Callable[..., Any], name: str = "buyer", **named: Any) -> Callable[[Dealer], Any]:
    return lambda own: verb(viewer=own.viewer(), membership_id=own.membership(name), **named)


def accept(own: Dealer) -> None:
    portal.register_and_accept(
        token=token_of(own.kept["invitations"][0]), name="New", password="a long and unusual phrase"
    )


VERBS: dict[str, Callable[[Dealer], Any]] = {
    "change the company": of_company(companies.change_company, changes={"name": "New name", "tier": None}),
    "suspend the company": of_company(companies.set_company_status, status="suspended", reason="Unpaid"),
    "close the company": of_company(companies.set_company_status, status="closed", reason="Gone"),
    "admit a company": lambda own: portal.admit_company(
        viewer=office(), name="Third", parent_id=own.company.pk, phone="028-85123456"
    ),
    "add an address": of_own_company(companies.save_address, values=ADDRESS, is_default=True),
    "change an address": lambda own: of_own_company(
        companies.save_address, values=ADDRESS, address_id=own.kept["addresses"][1].pk, is_default=True
    )(own),
    "remove an address": lambda own: of_own_company(
        companies.remove_address, address_id=own.kept["addresses"][0].pk
    )(own),
    "add an invoice title": of_own_company(companies.save_invoice_title, values=TITLE, is_default=True),
    "remove an invoice title": lambda own: of_own_company(
        companies.remove_invoice_title, invoice_title_id=own.kept["titles"][0].pk
    )(own),
    "give roles": of_colleague(services.set_roles, roles=["approver"]),
    "change a title": of_colleague(services.change_title, title="Purchasing"),
    "end a membership": of_colleague(services.end_membership),
    "resume a membership": of_colleague(services.resume_membership, "gone"),
    "prefer a company": lambda own: services.prefer_company(
        viewer=own.viewer("buyer"), company_id=own.company.pk
    ),
    "invite": of_own_company(portal.invite, email="more@example.com", roles=["buyer"]),
    "invite again": lambda own: of_own_company(
        portal.invite, email=own.kept["invitations"][2].email, roles=["buyer"]
    )(own),
    "send an invitation again": lambda own: invitations.resend_invitation(
        viewer=own.viewer(), invitation_id=own.kept["invitations"][0].pk
    ),
    "revoke an invitation": lambda own: invitations.revoke_invitation(
        viewer=own.viewer(), invitation_id=own.kept["invitations"][0].pk
    ),
    "accept an invitation": accept,
    "revoke a token": lambda own: tokens.revoke_token(
        viewer=own.viewer("buyer"), token_id=own.kept["tokens"][0].pk
    ),
    "revoke all tokens": lambda own: tokens.revoke_tokens_of(user=own.buyer),
    "change a profile": lambda own: services.change_profile(
        viewer=own.viewer("buyer"), name="New", phone="13900139000", language="en"
    ),
    "aim a document": lambda own: documents.set_audience(
        viewer=office(), document=own.kept["document"], keys=["everyone"]
    ),
    "read a document": lambda own: documents.read_document(document_id=own.kept["document"].pk),
    "read a document again": lambda own: documents.read_again(document_ids=[own.kept["document"].pk]),
}


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_of_anybody_else_changes(verb: str) -> None:
    brand = people.make_company("Brand")
    make_dealer("Other", brand)
    before = rows_of(*PLUGINS)
    own = make_dealer("Own", brand)
    before = {key: row for key, row in before.items() if key != ("Company", brand.pk)}
    with untouched(before, *PLUGINS, but=SHARED):
        VERBS[verb](own)
