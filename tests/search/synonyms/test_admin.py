"""Synonyms and the report of searches in Wagtail's admin: for editors, closed to a dealer's people."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from qudao_search.query_log.models import QueryLog
from qudao_search.query_log.services import log_query
from qudao_search.synonyms.models import SynonymSet
from qudao_search.synonyms.services import save_synonyms
from wagtail.log_actions import registry

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database("screens over what test_services.py saves on both"),
]

LIST = "qudao_synonyms:index"
REPORT = "qudao_search_report"


def signed_in(*codenames: str) -> Client:
    """Somebody with these rights of the back office."""
    user = get_user_model().objects.create_user("editor@example.com", "x" * 12)
    group = Group.objects.create(name="Keepers of words")
    group.permissions.set(
        Permission.objects.filter(codename__in=[*codenames, "access_admin"], content_type__app_label__in=APPS)
    )
    user.groups.add(group)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user.pk))
    return client


APPS = ["qudao_search", "wagtailadmin"]
KEEPER = [f"{verb}_synonymset" for verb in ("add", "change", "delete", "view")]


@pytest.fixture
def editor() -> Client:
    return signed_in(*KEEPER, "view_querylog")


def form(**given: Any) -> dict[str, Any]:
    return {
        "direction": "two_way",
        "words": "floodlight\n投光灯",
        "finds": "",
        "note": "",
        "is_active": "on",
    } | given


def test_an_editor_makes_changes_copies_and_deletes_a_set(editor: Client) -> None:
    page = editor.post(reverse("qudao_synonyms:add"), form(), follow=True).content.decode()
    assert "投光灯" in page
    entry = SynonymSet.objects.get()
    edit = reverse("qudao_synonyms:edit", args=[entry.pk])
    editor.post(edit, form(words="投光灯\nflood light", note="As dealers say"))
    entry.refresh_from_db()
    assert (entry.words, entry.note) == ("投光灯\nflood light", "As dealers say")
    assert "flood light" in editor.get(reverse("qudao_synonyms:copy", args=[entry.pk])).content.decode()
    editor.post(reverse("qudao_synonyms:delete", args=[entry.pk]))
    assert not SynonymSet.objects.exists()


def test_the_history_says_who_changed_a_set_once_for_each_change(editor: Client) -> None:
    editor.post(reverse("qudao_synonyms:add"), form())
    entry = SynonymSet.objects.get()
    editor.post(reverse("qudao_synonyms:edit", args=[entry.pk]), form(note="Changed"))
    log = registry.get_logs_for_instance(entry)
    assert [row.action for row in log.order_by("timestamp")] == ["wagtail.create", "wagtail.edit"]
    assert {row.user.email for row in log} == {"editor@example.com"}
    assert editor.get(reverse("qudao_synonyms:history", args=[entry.pk])).status_code == 200


def test_what_cannot_be_kept_is_said_beside_its_field(editor: Client) -> None:
    save_synonyms(words=["lamp", "灯"])
    for given, said in (
        ({"words": "one"}, "Enter a second word"),
        ({"words": "Lamps\nlight"}, "is already in “lamp = 灯”"),
        ({"words": "!!\nlight"}, "has no letter or digit"),
        ({"direction": "one_way"}, "Enter what the words find"),
    ):
        page = editor.post(reverse("qudao_synonyms:add"), form(**given)).content.decode()
        assert said in page
    assert SynonymSet.objects.count() == 1


def test_a_second_side_is_left_out_where_each_word_finds_all(editor: Client) -> None:
    editor.post(reverse("qudao_synonyms:add"), form(finds="spotlight"))
    assert SynonymSet.objects.get().finds == ""


def test_sets_are_found_by_any_word_and_exported(editor: Client) -> None:
    save_synonyms(words=["lamp", "灯"])
    save_synonyms(words=["泛光灯"], finds=["投光灯"])
    found = editor.get(reverse(LIST), {"q": "投光"}).content.decode()
    assert "泛光灯" in found and "lamp" not in found
    assert (
        "泛光灯" in editor.get(reverse(LIST), {"is_active": "true", "direction": "one_way"}).content.decode()
    )
    exported = b"".join(editor.get(reverse(LIST), {"export": "csv"}).streaming_content).decode()
    assert "投光灯" in exported


def test_who_may_only_look_changes_nothing() -> None:
    reader = signed_in("view_synonymset")
    entry = save_synonyms(words=["lamp", "灯"])
    reader.post(reverse("qudao_synonyms:edit", args=[entry.pk]), form(words="hacked\nlamp"))
    reader.post(reverse("qudao_synonyms:delete", args=[entry.pk]))
    reader.post(reverse("qudao_synonyms:add"), form())
    assert SynonymSet.objects.get().words == "lamp\n灯"


@pytest.mark.parametrize("address", [LIST, "qudao_synonyms:add", REPORT])
def test_a_person_without_the_right_does_not_get_in(address: str) -> None:
    assert signed_in().get(reverse(address)).status_code == 302


def test_the_report_offers_a_synonym_for_what_found_nothing(editor: Client) -> None:
    log_query(text="泛光灯 200W", language="zh-hans", total=0)
    log_query(text="switch", language="en", total=4)
    page = editor.get(reverse(REPORT), {"show": "nothing"}).content.decode()
    assert "泛光灯 200W" in page and ">switch<" not in page
    assert reverse("qudao_synonyms:add") + "?words=%E6%B3%9B" in page
    form_page = editor.get(reverse("qudao_synonyms:add"), {"words": "泛光灯 200W"}).content.decode()
    assert "泛光灯 200W</textarea>" in form_page
    assert reverse(REPORT) in editor.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize(
    "chosen", [{}, {"days": "7", "language": "en"}, {"show": "unopened"}, {"show": "partly"}, {"days": "x"}]
)
def test_the_report_opens_with_any_filter(editor: Client, chosen: dict[str, str]) -> None:
    log_query(text="switch", language="en", total=4)
    assert "switch" in editor.get(reverse(REPORT), chosen).content.decode()
    assert editor.get(reverse("qudao_search_report_results"), chosen).status_code == 200


def test_the_report_costs_the_same_for_one_question_and_for_thirty(
    editor: Client, django_assert_num_queries: Any
) -> None:
    log_query(text="switch", total=1)
    editor.get(reverse("qudao_search_report_results"))
    for count in (1, 30):
        for number in range(count):
            log_query(text=f"switch {number}", total=1)
        with django_assert_num_queries(7):
            editor.get(reverse("qudao_search_report_results"))


def test_an_exported_question_is_no_formula(editor: Client) -> None:
    log_query(text="=1+2", total=0)
    exported = b"".join(editor.get(reverse(REPORT), {"export": "csv"}).streaming_content).decode()
    assert "'=1+2" in exported
    assert editor.get(reverse(REPORT), {"export": "xlsx"}).status_code == 200


def test_the_report_names_nobody(editor: Client) -> None:
    person = get_user_model().objects.create_user("amy@dealer.example", "x" * 12)
    log_query(text="switch", user_id=person.pk, total=1)
    assert QueryLog.objects.get().user_id == person.pk
    assert "amy" not in editor.get(reverse(REPORT)).content.decode()
