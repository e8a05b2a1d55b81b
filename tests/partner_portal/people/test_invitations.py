"""An invitation is offered by mail, accepted once, by the person whose mailbox it is."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.utils import timezone
from qudao_core import api as core
from qudao_core.models import OutboxEvent
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Company, Invitation, Membership
from qudao_partner_portal.people.invitations import resend_invitation, revoke_invitation, token_of
from qudao_partner_portal.testing import make_company, make_person, make_user, viewer_of

pytestmark = pytest.mark.django_db

GOOD = "a long and unusual phrase"


@pytest.fixture
def dealer() -> Company:
    return make_company("Dealer", parent=make_company("Brand"))


@pytest.fixture
def anna(dealer: Company) -> core.Viewer:
    return viewer_of(make_person(dealer, roles=["admin"], name="Anna Admin"))


def invite(anna: core.Viewer, email: str = "New.Person@Example.com", *roles: str) -> Invitation:
    return portal.invite(
        viewer=anna,
        company_id=anna.company_id or 0,
        email=email,
        roles=roles or ["buyer"],
        language="zh-hans",
    )


def test_a_new_person_makes_an_account_and_joins(dealer: Company, anna: core.Viewer) -> None:
    invitation = invite(anna, "New.Person@Example.com", "buyer", "approver")
    event = OutboxEvent.objects.get(topic="invitation.sent")
    token = token_of(invitation)
    assert token not in str(event.payload) and token not in str(Invitation.objects.values())
    user, membership = portal.register_and_accept(token=token, name="韩 梅梅", password=GOOD)
    assert (user.email, user.get_full_name(), user.language) == (
        "new.person@example.com",
        "韩 梅梅",
        "zh-hans",
    )
    assert user.check_password(GOOD)
    assert viewer_of(user).roles == {"buyer", "approver"}
    assert user.emailaddress_set.get().verified
    with pytest.raises(core.Conflict, match="invitation_closed"):
        portal.register_and_accept(token=token, name="Other", password=GOOD)
    assert [entry.action for entry in core.history(dealer)] == [
        "qudao.invitation.accepted",
        "qudao.membership.joined",
        "qudao.invitation.sent",
    ]
    assert membership.company == dealer


@pytest.mark.parametrize(("chosen", "language"), [("", "zh-hans"), ("en", "en")])
def test_who_makes_an_account_chooses_the_language_or_keeps_that_of_the_mail(
    anna: core.Viewer, chosen: str, language: str
) -> None:
    token = token_of(invite(anna))
    user, _membership = portal.register_and_accept(token=token, name="Lin", password=GOOD, language=chosen)
    assert user.language == language


def test_a_person_with_an_account_joins_after_signing_in(anna: core.Viewer) -> None:
    zoe = make_user("Zoe Zhang", email="zoe@example.com")
    token = token_of(invite(anna, "ZOE@example.com"))
    with pytest.raises(core.Conflict, match="account_exists"):
        portal.register_and_accept(token=token, name="Zoe", password=GOOD)
    joined = portal.accept_invitation(token=token, user=zoe)
    assert portal.accept_invitation(token=token, user=zoe) == joined
    assert viewer_of(zoe).company_name == "Dealer"


def test_a_forwarded_link_does_not_let_somebody_else_in(anna: core.Viewer) -> None:
    token = token_of(invite(anna))
    thief = make_user("Theo Thief")
    with pytest.raises(core.Forbidden, match="other_person"):
        portal.accept_invitation(token=token, user=thief)
    assert not Membership.objects.filter(user=thief).exists()


def test_somebody_who_left_is_invited_back(dealer: Company, anna: core.Viewer) -> None:
    ben = make_person(dealer, roles=["buyer"], email="ben@example.com")
    Membership.objects.filter(user=ben).update(is_active=False, ended_at=timezone.now())
    portal.accept_invitation(token=token_of(invite(anna, "ben@example.com", "finance")), user=ben)
    assert viewer_of(ben).roles == {"finance"}


@pytest.mark.parametrize("email", ["no address", "a@b", "", "x\x00@example.com"])
def test_a_bad_address_is_refused(anna: core.Viewer, email: str) -> None:
    with pytest.raises(core.Refusal, match="bad_email"):
        invite(anna, email)


def test_a_member_and_an_invited_address_are_not_invited_again(dealer: Company, anna: core.Viewer) -> None:
    make_person(dealer, roles=["buyer"], email="ben@example.com")
    with pytest.raises(core.Refusal, match="already_member"):
        invite(anna, "BEN@example.com")
    first = invite(anna)
    with pytest.raises(core.Conflict, match="already_invited") as refused:
        invite(anna)
    assert refused.value.problem.params == {"invitation_id": first.pk}


def test_an_expired_link_says_so_and_is_replaced(anna: core.Viewer) -> None:
    first = invite(anna)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        with pytest.raises(core.Conflict, match="invitation_closed"):
            portal.register_and_accept(token=token_of(first), name="Late", password=GOOD)
        second = invite(anna)
        portal.register_and_accept(token=token_of(second), name="Late", password=GOOD)
    first.refresh_from_db()
    assert first.revoked_at is not None


def test_sending_again_makes_a_new_link_and_kills_the_old(anna: core.Viewer) -> None:
    invitation = invite(anna)
    old = token_of(invitation)
    again = resend_invitation(viewer=anna, invitation_id=invitation.pk)
    with pytest.raises(core.NotFound):
        portal.register_and_accept(token=old, name="Han", password=GOOD)
    portal.register_and_accept(token=token_of(again), name="Han", password=GOOD)
    with pytest.raises(core.Conflict, match="invitation_closed"):
        resend_invitation(viewer=anna, invitation_id=invitation.pk)


def test_a_revoked_invitation_is_over(anna: core.Viewer) -> None:
    invitation = invite(anna)
    for _twice in range(2):
        revoke_invitation(viewer=anna, invitation_id=invitation.pk)
    with pytest.raises(core.Conflict, match="invitation_closed"):
        portal.register_and_accept(token=token_of(invitation), name="Han", password=GOOD)
    assert [entry.action for entry in core.history(invitation.company)].count("qudao.invitation.revoked") == 1


@pytest.mark.parametrize(
    ("name", "password", "code"), [("", GOOD, "name_required"), ("Han", "12345678", "weak_password")]
)
def test_an_account_needs_a_name_and_a_good_password(
    anna: core.Viewer, name: str, password: str, code: str
) -> None:
    token = token_of(invite(anna))
    with pytest.raises(core.Refusal, match=code):
        portal.register_and_accept(token=token, name=name, password=password)
    assert not get_user_model().objects.filter(email="new.person@example.com").exists()


@pytest.mark.parametrize("who", ["buyer", "parent", "stranger"])
def test_only_the_companys_administrator_invites(dealer: Company, who: str) -> None:
    brand = dealer.get_parent()
    people = {
        "buyer": make_person(dealer, roles=["buyer"]),
        "parent": make_person(brand, roles=["admin"]),
        "stranger": make_person(make_company("Other", parent=brand), roles=["admin"]),
    }
    with pytest.raises(core.Forbidden if who == "buyer" else core.NotFound):
        portal.invite(
            viewer=viewer_of(people[who]), company_id=dealer.pk, email="x@example.com", roles=["buyer"]
        )
    assert not Invitation.objects.exists()


def test_an_empty_address_is_asked_for_and_not_quoted(anna: core.Viewer) -> None:
    with pytest.raises(core.Refusal) as caught:
        invite(anna, "  ")
    assert str(caught.value.message) == "Enter an e-mail address."


@pytest.mark.parametrize("password", ["Han.Meimei-2026", "new.person@example.net"])
def test_a_password_made_of_the_persons_own_name_or_address_is_weak(anna: core.Viewer, password: str) -> None:
    token = token_of(invite(anna))
    with pytest.raises(core.Refusal, match="weak_password") as caught:
        portal.register_and_accept(token=token, name="Han Meimei", password=password)
    assert "similar" in str(caught.value.message)
    portal.register_and_accept(token=token, name="Han Meimei", password=GOOD)


def test_one_address_gets_five_mails_a_day_however_they_are_asked_for(anna: core.Viewer) -> None:
    invitation = invite(anna)
    for _again in range(2):
        resend_invitation(viewer=anna, invitation_id=invitation.pk)
    for _anew in range(2):
        revoke_invitation(viewer=anna, invitation_id=invitation.pk)
        invitation = invite(anna)
    with pytest.raises(core.Refusal, match="invited_too_often") as caught:
        resend_invitation(viewer=anna, invitation_id=invitation.pk)
    assert caught.value.status == 429
    revoke_invitation(viewer=anna, invitation_id=invitation.pk)
    with pytest.raises(core.Refusal, match="invited_too_often"):
        invite(anna)
    invite(anna, "other@example.com")
    assert OutboxEvent.objects.filter(topic="invitation.sent").count() == 6
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        invite(anna)


def test_expired_invitations_do_not_count_as_pending(
    anna: core.Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qudao_partner_portal.people.invitations.MAX_OPEN", 1)
    invite(anna)
    with pytest.raises(core.Refusal, match="too_many_invitations"):
        invite(anna, "other@example.com")
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        invite(anna, "other@example.com")
