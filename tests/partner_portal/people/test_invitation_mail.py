"""The mail of an invitation goes out after the commit, in the language of the invited."""

import re

import pytest
from django.core import mail
from qudao_core import api as core
from qudao_core.events.dispatch import dispatch
from qudao_partner_portal import api as portal
from qudao_partner_portal.people.invitations import revoke_invitation
from qudao_partner_portal.people.queries import invitation_by_token
from qudao_partner_portal.testing import make_company, make_person, viewer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> core.Viewer:
    return viewer_of(make_person(make_company("Brand"), roles=["admin"], name="Anna Admin"))


def test_the_mail_carries_the_link_that_works(anna: core.Viewer) -> None:
    invitation = portal.invite(
        viewer=anna, company_id=anna.company_id or 0, email="new@example.com", roles=["buyer"]
    )
    dispatch()
    (message,) = mail.outbox
    assert message.to == ["new@example.com"]
    assert message.subject == "Brand has invited you to join Qudao"
    assert "Anna Admin" in message.body and "Buyer" in message.body
    link = re.search(r"http\S+/invitations/([0-9a-f]{64})/", str(message.body))
    assert link and invitation_by_token(link[1]) == invitation
    assert link[0] in str(message.alternatives[0])


def test_a_revoked_invitation_is_not_mailed(anna: core.Viewer) -> None:
    invitation = portal.invite(
        viewer=anna, company_id=anna.company_id or 0, email="x@example.com", roles=["buyer"]
    )
    revoke_invitation(viewer=anna, invitation_id=invitation.pk)
    dispatch()
    assert mail.outbox == []


def test_names_are_not_escaped_in_subject_and_text(anna: core.Viewer) -> None:
    company = make_company("Smith & Sons <West>")
    owner = viewer_of(make_person(company, roles=["admin"], name="Ann O'Neil"))
    portal.invite(viewer=owner, company_id=company.pk, email="new@example.com", roles=["buyer"])
    dispatch()
    (message,) = mail.outbox
    assert message.subject.startswith("Smith & Sons <West> has invited you")
    assert "Ann O'Neil" in message.body and "Smith & Sons <West>" in message.body
    assert "Smith &amp; Sons &lt;West&gt;" in str(message.alternatives[0])
