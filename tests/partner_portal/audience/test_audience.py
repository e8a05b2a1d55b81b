"""Audience keys have names, are offered to editors, and are checked."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.test import Client
from django.urls import reverse
from qudao_partner_portal import api as portal
from qudao_partner_portal import hooks
from qudao_partner_portal.audience.admin import AudienceKeyField, AudienceKeysField, PeopleKeysField
from qudao_partner_portal.models import Company
from qudao_partner_portal.testing import make_back_office, make_company, make_person, make_tier, viewer_of
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form
from wagtail.models import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def dealer() -> Company:
    make_tier("gold", name_zh="金牌")
    return make_company(
        "Sunshine", parent=make_company("Brand"), code="D-1", tier="gold", territories=["CN-5101"]
    )


@pytest.fixture
def courses() -> Iterator[None]:
    """Another plugin's kind of audience."""

    class Courses:
        label = "Certified"

        def names(self, values: Any, language: str) -> dict[str, str]:
            return {value: "Switches" for value in values if value == "switches"}

        def choices(self, query: str, limit: int) -> list[tuple[str, str]]:
            return [("switches", "Switches")] if query in "switches" else []

    hooks.audience_kinds.register("certified", Courses())
    hooks.audience_providers.register("courses", lambda **person: ["certified:switches"])
    yield
    hooks.audience_kinds.unregister("certified")
    hooks.audience_providers.unregister("courses")


def test_keys_read_in_both_languages(dealer: Company, courses: None) -> None:
    keys = ["tier:gold", f"company:{dealer.pk}", f"below:{dealer.pk}", "territory:CN-5101", "kind:dealer"]
    keys += ["everyone", "certified:switches"]
    assert list(portal.audience_labels(keys, "en").values()) == [
        "Tier: Gold",
        "Company: D-1 Sunshine",
        "Company and everyone below: D-1 Sunshine",
        "Territory: Chengdu",
        "Kind: Dealer",
        "Everyone, including guests",
        "Certified: Switches",
    ]
    assert "金牌" in portal.audience_label("tier:gold", "zh-hans")
    assert "成都市" in portal.audience_label("territory:CN-5101", "zh-hans")


def test_a_key_of_something_gone_is_shown_as_gone() -> None:
    assert portal.audience_label("tier:gone", "en") == "tier:gone (no longer exists)"
    assert portal.audience_label("tier:gone", "zh-hans") == "tier:gone（已不存在）"
    assert portal.unknown_keys(["everyone", "tier:gone", "company:x", "nonsense", "below:"]) == [
        "tier:gone",
        "company:x",
        "nonsense",
        "below:",
    ]


def test_labels_of_many_keys_cost_one_statement_per_kind(
    dealer: Company, django_assert_num_queries: Any
) -> None:
    one = ["tier:gold", "territory:CN-51", f"company:{dealer.pk}"]
    many = one + ["territory:CN-44", "territory:CN-11", f"company:{dealer.get_parent().pk}"]
    for keys in (one, many):
        with django_assert_num_queries(3):
            portal.audience_labels(keys, "en")


def test_choices_are_found_by_name(dealer: Company, courses: None) -> None:
    assert ("territory:CN-5101", "Territory: Chengdu") in portal.audience_choices("chengdu", "en")
    found = dict(portal.audience_choices("sunshine", "en"))
    assert set(found) == {f"company:{dealer.pk}", f"below:{dealer.pk}"}
    assert "certified:switches" in dict(portal.audience_choices("switch", "en"))
    assert "everyone" in dict(portal.audience_choices("", "en"))


def test_a_viewer_carries_the_keys_of_its_place_and_of_other_plugins(dealer: Company, courses: None) -> None:
    brand = dealer.get_parent()
    assert viewer_of(make_person(dealer)).audience == {
        "everyone",
        "members",
        "tier:gold",
        "kind:dealer",
        f"company:{dealer.pk}",
        f"below:{dealer.pk}",
        f"below:{brand.pk}",
        "territory:CN",
        "territory:CN-51",
        "territory:CN-5101",
        "certified:switches",
    }


class Form(forms.Form):
    one = AudienceKeyField(required=False)
    many = AudienceKeysField(required=False)


class PeopleForm(forms.Form):
    many = PeopleKeysField(required=False)


def test_form_fields_accept_what_exists_and_name_what_does_not(dealer: Company) -> None:
    good = Form({"one": "tier:gold", "many": "everyone\n kind:dealer everyone"})
    assert good.is_valid()
    assert good.cleaned_data == {"one": "tier:gold", "many": ["everyone", "kind:dealer"]}
    bad = Form({"one": "tier:tin", "many": "everyone\nkind:shop"})
    assert bad.errors == {
        "one": ["There is no audience tier:tin."],
        "many": ["There is no audience kind:shop."],
    }
    page = str(Form(initial={"one": "tier:gold", "many": ["kind:dealer"]}))
    assert "Tier: Gold" in page and "Kind: Dealer" in page and reverse("qudao_audience_keys") in page


def test_the_picker_answers_the_back_office_only(dealer: Company) -> None:
    client = Client()
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin"]))
    rows = client.get(reverse("qudao_audience_keys") + "?q=gold").json()["results"]
    assert rows == [{"key": "tier:gold", "label": "Tier: Gold", "group": "Tier", "name": "Gold"}]
    client.force_login(make_person(dealer, roles=["admin"]))
    assert client.get(reverse("qudao_audience_keys")).status_code == 302


def test_roles_are_offered_for_what_people_read_only(dealer: Company) -> None:
    """A price list is a company's: whoever of its people asks, the price is the same."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin"]))
    address = reverse("qudao_audience_keys") + "?q=buyer"
    assert client.get(address).json()["results"] == []
    [row] = client.get(address + "&people=1").json()["results"]
    assert (row["key"], row["label"], row["group"]) == ("role:buyer", "Role: Buyer", "Role")
    assert portal.unknown_keys(["role:buyer"]) == ["role:buyer"]
    assert portal.unknown_keys(["role:buyer", "role:king"], of_people=True) == ["role:king"]
    assert PeopleForm({"many": "role:buyer"}).is_valid() and not Form({"many": "role:buyer"}).is_valid()


def test_a_person_answers_to_the_roles_it_holds(dealer: Company) -> None:
    def roles(company: Company, *names: str) -> set[str]:
        keys = viewer_of(make_person(company, roles=names)).audience
        return {key.removeprefix("role:") for key in keys if key.startswith("role:")}

    assert roles(dealer) == set()
    assert roles(dealer, "buyer", "finance") == {"buyer", "finance"}
    assert roles(dealer, "admin") == {"admin", "buyer", "approver", "finance", "learner"}
    assert roles(dealer.get_parent(), "admin") >= {"sales", "warehouse"}


def forms_of(module_prefix: str) -> list[type[forms.BaseForm]]:
    found, waiting = set(), [forms.BaseForm]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each not in found:
                found.add(each)
                waiting.append(each)
    return [each for each in found if each.__module__.startswith(module_prefix)]


def test_no_form_of_any_plugin_takes_raw_keys(client: Client) -> None:
    """Neither forms written by hand nor those Wagtail makes of models."""
    client.force_login(make_back_office(is_superuser=True))
    client.get(reverse("wagtailadmin_home"))  # loads every view set
    document = get_document_form(get_document_model())
    declared = [
        (form.__name__, name, field)
        for form in forms_of("qudao_")
        for name, field in getattr(form, "base_fields", {}).items()
    ]
    edited = [
        (model.__name__, name, field)
        for model in apps.get_models()
        if model._meta.app_label.startswith("qudao_") and issubclass(model, Page)
        for name, field in model.get_edit_handler().get_form_class().base_fields.items()
    ]
    declared += [("DocumentForm", name, field) for name, field in document.base_fields.items()]
    fields = [
        each for each in declared + edited if "audience" in each[1] and not each[1].startswith("audiences-")
    ]
    assert {name for name, _field, _what in fields} >= {
        "TopicPage",
        "ContentPage",
        "DocumentForm",
        "AssortmentForm",
    }
    wrong = [each for each in fields if not isinstance(each[2], AudienceKeyField | AudienceKeysField)]
    assert wrong == []
    for _form, _name, field in fields:
        assert "qudao-audiences" in field.widget.render("x", None, {"id": "id_x"})


def test_the_api_counts_whom_keys_reach(dealer: Company) -> None:
    make_person(dealer)
    client = Client()
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin"]))
    answer = client.get("/api/v1/audience-reach/?key=tier:gold&key=tier:tin&key=everyone").json()
    assert answer == {"companies": 2, "people": 1, "guests": True, "others": False, "unknown": ["tier:tin"]}
    assert client.get("/api/v1/audience-reach/").status_code == 400
    client.force_login(make_person(dealer, roles=["admin"]))
    assert client.get("/api/v1/audience-reach/?key=tier:gold").status_code == 403
