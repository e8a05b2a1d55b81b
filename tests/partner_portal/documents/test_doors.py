"""Who may open a document, by its address and in the search: the same people."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from qudao_core import api as core
from qudao_core.headless.services import create_token
from qudao_partner_portal import hooks, testing
from qudao_partner_portal.documents.access import may_open
from qudao_partner_portal.documents.services import set_audience, update_entries
from qudao_partner_portal.models import Membership
from qudao_search.hooks import policies
from wagtail.models import Collection, CollectionViewRestriction

from .conftest import browser, found, make_read, status

EVERYBODY = ("buyer", "colleague", "parent", "silver", "stranger", "editor")


def openers(people: Any, document: Any) -> set[str]:
    """Who opens the address; the search and :func:`may_open` must agree."""
    opened = {name for name in EVERYBODY if status(getattr(people, name), document.url) == 200}
    viewers = {name: testing.viewer_of(getattr(people, name)) for name in EVERYBODY}
    assert {
        name for name, viewer in viewers.items() if document.pk in may_open(viewer, [document.pk])
    } == opened
    hits = {name for name in EVERYBODY if found(getattr(people, name), document.title, kinds=("document",))}
    assert hits == opened
    return opened


@pytest.mark.parametrize(
    ("keys", "who"),
    [
        (["everyone"], {*EVERYBODY}),
        (["members"], {*EVERYBODY} - {"stranger"}),
        (["tier:gold"], {"buyer", "colleague", "editor"}),
        (["tier:silver", "kind:manufacturer"], {"silver", "parent", "editor"}),
    ],
)
def test_a_document_with_an_audience_of_its_own_opens_for_those(people, keys, who):
    assert openers(people, make_read("Agreement", keys=keys)) == who


def test_a_guest_signs_in_and_a_stranger_finds_nothing_there(people):
    document = make_read("Agreement", keys=["tier:gold"])
    answer = browser().get(document.url)
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    assert f"next={document.url}" in answer["Location"]
    for person in (people.stranger, people.silver):
        answer = browser(person).get(document.url)
        assert answer.status_code == 404 and "no such document" in answer.content.decode()


def test_guests_open_what_is_for_everyone_where_the_catalogue_is_open(people, settings):
    document = make_read("Leaflet", keys=["everyone"])
    assert status(None, document.url) == 302
    settings.QUDAO_OPEN_CATALOGUE = True
    assert status(None, document.url) == 200
    assert status(None, make_read("Other", keys=["members"]).url) == 302


@pytest.mark.parametrize(
    ("state", "who"), [("suspended", {"buyer", "colleague", "editor"}), ("pending", {"editor"})]
)
def test_a_suspended_company_reads_on_and_a_pending_one_only_what_is_its_own(people, state, who):
    document = make_read("Agreement", keys=["tier:gold"])
    own = make_read("Reminder", keys=[f"company:{people.dealer.pk}"])
    people.dealer.status = state
    people.dealer.save()
    assert openers(people, document) == who
    assert openers(people, own) == {"buyer", "colleague", "editor"}


def test_what_nobody_has_aimed_is_wagtails_business_and_in_no_search(people):
    document = make_read("Draft")
    assert status(None, document.url) == 200  # as with Wagtail alone
    assert {name for name in EVERYBODY if found(getattr(people, name), "Draft")} == {"editor"}
    assert may_open(testing.viewer_of(people.buyer), [document.pk]) == set()


def test_a_program_shows_its_token(people):
    document = make_read("Agreement", keys=["tier:gold"])

    def fetch(user: Any) -> int:
        _token, secret = create_token(viewer=testing.viewer_of(user), name="ERP")
        return status(None, document.url, headers={"Authorization": f"Bearer {secret}"})

    assert fetch(people.buyer) == 200
    assert fetch(people.silver) == 404
    assert status(None, document.url, headers={"Authorization": "Bearer qd_wrong"}) == 401


def test_who_edits_a_document_looks_at_it_for_a_company_too(people):
    document = make_read("Agreement", keys=["tier:gold"])
    testing.add_member(people.editor, people.silver.memberships.get().company)
    assert status(people.editor, document.url) == 200
    assert found(people.editor, "Agreement") == set()  # but searches as the company's people do


def test_the_audience_changes_at_once(people):
    document = make_read("Agreement", keys=["tier:gold"])
    set_audience(viewer=testing.viewer_of(people.editor), document=document, keys=["tier:silver"])
    assert openers(people, document) == {"silver", "editor"}
    set_audience(viewer=testing.viewer_of(people.editor), document=document, keys=[])
    assert found(people.silver, "Agreement") == set()


# --- What a document is attached to ---


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[hooks.DocumentAccessRule]]:
    """Another plugin that attaches documents, with a policy of its own: open to the buyers of some companies."""
    attached: dict[int, list[hooks.DocumentAccessRule]] = {}

    def doors(document_ids: Sequence[int]) -> dict[int, list[hooks.DocumentAccessRule]]:
        return {pk: attached[pk] for pk in document_ids if pk in attached}

    def policy(reader: Any, asked: Sequence[frozenset[str]]) -> list[bool]:
        return [reader.company_name in tokens for tokens in asked]

    hooks.document_access.register("shelf", doors)
    policies.register("shelf", policy)
    yield attached
    hooks.document_access.unregister("shelf")
    policies.unregister("shelf")


def attach(shelf: Any, document: Any, *companies: str, name: str = "Lamp") -> None:
    door = hooks.DocumentAccessRule("shelf", frozenset(companies), {"en": name, "zh-hans": "灯"}, "/lamp/")
    shelf.setdefault(document.pk, []).append(door)
    update_entries(document_ids=[document.pk])


def test_an_attached_document_opens_with_any_of_the_things(people, shelf):
    document = make_read("Manual")
    attach(shelf, document, "Sunshine")
    assert openers(people, document) == {"buyer", "colleague", "editor"}
    attach(shelf, document, "Moonlight")
    assert openers(people, document) == {"buyer", "colleague", "silver", "editor"}


def test_an_audience_of_its_own_wins_over_what_it_is_attached_to(people, shelf):
    document = make_read("Manual", keys=["tier:silver"])
    attach(shelf, document, "Sunshine")
    assert openers(people, document) == {"silver", "editor"}


def test_a_policy_nobody_registered_opens_nothing(people, shelf):
    document = make_read("Manual")
    attach(shelf, document, "Sunshine")
    policies.unregister("shelf")
    assert openers(people, document) == {"editor"}


# --- Restrictions of collections ---


def restricted(kind: str, *groups: Group) -> Collection:
    collection = Collection.get_first_root_node().add_child(name="Confidential")
    inner = collection.add_child(name="Inner")
    row = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=kind, password="x" if kind == "password" else ""
    )
    row.groups.set(groups)
    return inner


@pytest.mark.parametrize("attached", [False, True])
def test_a_collection_for_a_group_is_for_its_people_among_those_meant(people, shelf, attached):
    group = Group.objects.create(name="Auditors")
    people.buyer.groups.add(group)
    people.silver.groups.add(group)
    collection = restricted("groups", group)
    document = make_read("Report", collection=collection, keys=[] if attached else ["tier:gold"])
    if attached:
        attach(shelf, document, "Sunshine")
    viewer = testing.viewer_of(people.buyer)
    assert may_open(viewer, [document.pk]) == {document.pk}
    assert {name for name in EVERYBODY if found(getattr(people, name), "Report")} == {"buyer", "editor"}
    assert status(people.buyer, document.url) == 200
    assert status(people.colleague, document.url) == 302  # Wagtail asks for another account
    assert status(people.silver, document.url) == 404


def test_a_restriction_takes_effect_on_the_documents_there(people):
    document = make_read("Report", keys=["members"], collection=Collection.get_first_root_node())
    group = Group.objects.create(name="Auditors")
    row = CollectionViewRestriction.objects.create(
        collection=Collection.get_first_root_node(), restriction_type="groups"
    )
    row.groups.add(group)
    assert found(people.buyer, "Report") == set()
    people.buyer.groups.add(group)
    assert found(people.buyer, "Report") == {"document:Report"}
    row.delete()
    assert openers(people, document) == {*EVERYBODY} - {"stranger"}


def test_behind_a_password_nobody_finds_it(people):
    make_read("Report", keys=["members"], collection=restricted("password"))
    assert {name for name in EVERYBODY if found(getattr(people, name), "Report")} == set()


def test_for_signed_in_people(people):
    document = make_read("Report", keys=["everyone"], collection=restricted("login"))
    assert openers(people, document) == {*EVERYBODY}


def test_any_number_of_documents_costs_the_same(people, shelf, django_assert_num_queries):
    viewer = testing.viewer_of(people.buyer)
    ids = []
    for number in range(6):
        document = make_read(f"Sheet {number}", keys=["tier:gold"] if number % 2 else [])
        attach(shelf, document, "Sunshine")
        ids.append(document.pk)
    for count in (2, 6):
        with django_assert_num_queries(6):
            assert len(may_open(viewer, ids[:count])) == count


def test_staff_who_do_not_edit_content_open_nothing_that_is_not_theirs(people):
    """The back office is many people: who keeps stock does not read every contract."""
    document = make_read("Agreement", keys=["tier:gold"])
    keeper = testing.make_back_office("Stu Stock", permissions=["wagtailadmin.access_admin"])
    outside = testing.make_back_office("Oda Outside", permissions=["qudao_partner_portal.view_company"])
    for person in (keeper, outside):
        assert status(person, document.url) == 404
        assert may_open(testing.viewer_of(person), [document.pk]) == set()
        assert not found(person, "Agreement", kinds=("document",))


def test_an_editor_who_acts_for_a_company_opens_what_that_company_opens(people):
    document, own = make_read("Agreement", keys=["tier:gold"]), make_read("Leaflet", keys=["members"])
    editor = people.editor
    assert may_open(testing.viewer_of(editor), [document.pk, own.pk]) == {document.pk, own.pk}
    silver = testing.viewer_of(people.silver).company_id
    Membership.objects.create(user=editor, company_id=silver)
    core.bump("people")
    assert may_open(testing.viewer_of(editor), [document.pk, own.pk]) == {own.pk}
