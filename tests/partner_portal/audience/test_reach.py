"""How many an audience reaches, as an editor is told before publishing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from qudao_partner_portal import api as portal
from qudao_partner_portal.audience.queries import audience_reach
from qudao_partner_portal.models import Membership
from qudao_partner_portal.testing import make_back_office, make_company, make_person, make_user, viewer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel() -> dict[str, Any]:
    brand = make_company("Brand", kind="manufacturer")
    west = make_company("West", parent=brand, kind="distributor", territories=["CN-51"])
    gold = make_company("Gold", parent=west, tier="gold", territories=["CN-5101"])
    held = make_company("Held", parent=west, tier="gold", status="suspended")
    new = make_company("New", parent=west, tier="gold", status="pending")
    shut = make_company("Shut", parent=west, tier="gold", status="closed")
    people = {
        name: make_person(row, name=name) for name, row in {"Bo": brand, "Wen": west, "Gu": gold}.items()
    }
    people |= {
        name: make_person(row, name=name) for name, row in {"Han": held, "Nia": new, "Shu": shut}.items()
    }
    people["Gu2"] = make_person(gold, name="Gu2")
    return {"brand": brand, "west": west, "gold": gold, "held": held, "new": new} | people


CASES = {
    "everyone": (4, 5),
    "members": (4, 5),
    "kind:dealer": (2, 3),
    "tier:gold": (2, 3),
    "territory:CN-51": (2, 3),
    "territory:CN-5101": (1, 2),
    "below:{west}": (3, 4),
    "company:{gold}": (1, 2),
    "company:{new}": (1, 1),
    "tier:tin": (0, 0),
    "company:x": (0, 0),
}


@pytest.mark.parametrize("key", CASES)
def test_a_key_reaches_whoever_answers_to_it(channel: dict[str, Any], key: str) -> None:
    wanted = key.format(**{name: getattr(row, "pk", "") for name, row in channel.items()})
    reach = audience_reach([wanted])
    assert (reach.companies, reach.people) == CASES[key]
    members = [row for name, row in channel.items() if name[0].isupper()]
    answering = {user.pk for user in members if wanted in viewer_of(user).audience}
    assert len(answering) == reach.people or key == "everyone"  # people of pending companies count as guests


def test_everybody_counts_once(channel: dict[str, Any]) -> None:
    Membership.objects.create(user=channel["Gu"], company=channel["west"])
    reach = audience_reach(["tier:gold", "kind:dealer", f"below:{channel['west'].pk}"])
    assert (reach.companies, reach.people) == (3, 4)


def test_who_is_gone_is_not_counted(channel: dict[str, Any]) -> None:
    Membership.objects.filter(user=channel["Gu"]).update(is_active=False)
    channel["Gu2"].is_active = False
    channel["Gu2"].save()
    assert audience_reach([f"company:{channel['gold'].pk}"]).people == 0


def test_counting_many_keys_costs_what_few_cost(channel: dict[str, Any]) -> None:
    below = [f"below:{channel[name].pk}" for name in ("brand", "west", "gold")]
    counts = []
    for keys in (
        ["tier:gold", "below:1", "territory:CN"],
        ["tier:gold", "tier:x", *below, "territory:CN-51"],
    ):
        with CaptureQueriesContext(connection) as queries:
            audience_reach(keys)
        counts.append(len(queries))
    assert counts == [4, 4]


def test_an_editor_reads_it_in_words(channel: dict[str, Any]) -> None:
    client = Client()
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin"]))
    answer = client.get(
        reverse("qudao_audience_reach"), {"key": ["tier:gold", "certified:x", "everyone"]}
    ).json()
    assert answer["text"] == (
        "Reaches 5 people in 4 companies. Guests can read it too if the catalogue is open to guests. "
        "Audiences of other kinds are not counted."
    )
    assert answer["labels"]["tier:gold"] == "Tier: Gold" and answer["gone"] == ["certified:x"]
    assert answer["members_url"].startswith(reverse("qudao_audience_members"))
    one = client.get(
        reverse("qudao_audience_reach"), {"key": "territory:CN-5101"}, headers={"accept-language": "en"}
    )
    assert one.json()["text"] == "Reaches 2 people in 1 company."


def test_only_the_back_office_asks(channel: dict[str, Any]) -> None:
    client = Client()
    client.force_login(make_user())
    for name in ("qudao_audience_reach", "qudao_audience_keys"):
        assert client.get(reverse(name)).status_code == 302


def test_a_key_is_found_by_itself_first(channel: dict[str, Any]) -> None:
    assert portal.audience_choices("tier:gold")[0] == ("tier:gold", "Tier: Gold")
    assert "tier:tin" not in dict(portal.audience_choices("tier:tin"))


def test_roles_reach_people_and_join_with_companies(channel: dict[str, Any]) -> None:
    """An administrator holds every role; those of sellers only where the company sells."""
    admin = make_person(channel["gold"], roles=["admin"], name="Ana")
    buyer = make_person(channel["held"], roles=["buyer"], name="Bea")
    make_person(channel["new"], roles=["buyer"], name="Pending")
    seller = make_person(channel["brand"], roles=["sales"], name="Sal")
    for keys, expected in (
        (["role:buyer"], (2, 2)),
        (["role:sales"], (1, 1)),
        (["role:admin"], (1, 1)),
        (["role:king"], (0, 0)),
        (["role:buyer", f"company:{channel['gold'].pk}"], (2, 4)),
        (["role:sales", "role:buyer", "tier:gold"], (3, 6)),
    ):
        found = audience_reach(keys)
        assert (found.companies, found.people) == expected, keys
    assert not found.others
    for user, key in ((admin, "role:buyer"), (buyer, "role:buyer"), (seller, "role:sales")):
        assert key in viewer_of(user).audience
    assert "role:sales" not in viewer_of(admin).audience


def test_the_first_names_are_shown_to_whoever_sees_people(channel: dict[str, Any]) -> None:
    address = reverse("qudao_audience_members") + "?key=tier:gold&key=tier:gone"
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin"]))
    page = client.get(address).content.decode()
    assert "Tier: Gold" in page and "<li>Held" in page and ">Gu2" not in page
    assert "tier:gone (no longer exists)" in page
    client.force_login(
        make_back_office(permissions=["wagtailadmin.access_admin", "qudao_partner_portal.view_membership"])
    )
    page = client.get(address).content.decode()
    assert "<td>Gu2" in page and "Reaches 3 people in 2 companies." in page
    client.force_login(channel["Gu"])
    assert client.get(address).status_code == 302
