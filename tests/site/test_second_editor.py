"""Every form of ours in Wagtail's admin notices that somebody else has saved the record meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from oscar.core.loading import get_model
from qudao_b2b_ordering.flow.services import standard_draft
from qudao_b2b_ordering.testing import (
    make_arrival,
    make_price_list,
    make_warehouse,
    stock_policy,
    stock_terms,
)
from qudao_catalog.testing import (
    grant,
    make_category,
    make_line,
    make_product,
    make_tax_class,
    make_type,
    make_unit,
)
from qudao_core import api as core
from qudao_core.edit_conflicts import EditConflictMixin
from qudao_learning.testing import make_bank
from qudao_partner_portal.people.models import Membership
from qudao_partner_portal.testing import (
    make_address,
    make_back_office,
    make_company,
    make_invoice_title,
    make_person,
    make_territory,
    make_tier,
)
from qudao_search.synonyms.models import SynonymSet
from qudao_search.synonyms.services import save_synonyms
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

pytestmark = pytest.mark.django_db
OptionGroup = get_model("catalogue", "AttributeOptionGroup")
Option = get_model("catalogue", "AttributeOption")
Attribute = get_model("catalogue", "ProductAttribute")


@pytest.fixture
def olga(client: Any) -> Any:
    olga = make_back_office("Olga Office", is_superuser=True)
    client.force_login(olga)
    return olga


def sent_back(response: Any) -> dict[str, Any]:
    """Everything the form of a page would send back unchanged."""
    form = response.context["form"]
    formsets = getattr(form, "formsets", {})
    data: dict[str, Any] = {}
    for each in [form, *(row for formset in formsets.values() for row in formset.forms)]:
        for bound in each:
            value = bound.value()
            if value is None or value is False or value in ("", []):
                continue
            data[bound.html_name] = "on" if value is True else bound.field.widget.format_value(value)
    for formset in formsets.values():
        data |= {bound.html_name: bound.value() for bound in formset.management_form}
    return data


def seller() -> Any:
    return make_company("Qudao", is_seller=True, currency="CNY")


def flow() -> Any:
    made = standard_draft()
    made.seller, made.code, made.name, made.audience_key = seller(), "standard", "Standard", "everyone"
    made.save()
    return made


@dataclass(frozen=True)
class Case:
    """A record, what another editor stores in it, and what this one types; the last may be the same field."""

    make: Callable[[], Any]
    theirs: tuple[str, Any]
    mine: tuple[str, Any]
    shown_as: str = ""


CASES = {
    "qudao_categories": Case(make_category, ("name", "Theirs"), ("slug", "mine")),
    "qudao_product_types": Case(lambda: make_type("Lamps"), ("name", "Theirs"), ("name", "Mine")),
    "qudao_option_sets": Case(
        lambda: OptionGroup.objects.create(name="Colours"), ("name", "Theirs"), ("name", "Mine")
    ),
    "qudao_products": Case(lambda: make_product("LAMP").profile, ("barcode", "69"), ("external_key", "K")),
    "productline": Case(make_line, ("name", "Theirs"), ("name_zh", "我的")),
    "unit": Case(make_unit, ("name", "Theirs"), ("name_zh", "我的")),
    "taxclass": Case(make_tax_class, ("name", "Theirs"), ("name_zh", "我的")),
    "assortment": Case(lambda: grant("members"), ("reason", "Theirs"), ("name", "Mine")),
    "qudao_territories": Case(make_territory, ("name", "Theirs"), ("name_zh", "我的")),
    "qudao_companies": Case(
        lambda: make_company("Sunshine"), ("phone", "010 6552 9988"), ("short_name", "Mine")
    ),
    "qudao_tiers": Case(make_tier, ("name", "Theirs"), ("name_zh", "我的")),
    "qudao_addresses": Case(
        lambda: make_address(make_company("Sun"), country="DE", region="Bayern"),
        ("street", "Theirs 1"),
        ("label", "Mine"),
    ),
    "qudao_invoice_titles": Case(
        lambda: make_invoice_title(make_company("Sun")), ("bank", "Theirs"), ("bank_account", "123456")
    ),
    "qudao_people": Case(
        lambda: Membership.objects.get(user=make_person(make_company("Sun"))),
        ("title", "Theirs"),
        ("title", "Mine"),
    ),
    "qudao_flows": Case(flow, ("priority", 7), ("name", "Mine"), "7"),
    "qudao_price_lists": Case(
        lambda: make_price_list("list", seller=seller()), ("name", "Theirs"), ("name_zh", "我的")
    ),
    "warehouse": Case(lambda: make_warehouse(seller=seller()), ("priority", 7), ("name", "Mine"), "7"),
    "stockpolicy": Case(lambda: stock_policy(seller()), ("show_arrivals", False), ("priority", 7), "No"),
    "stockterms": Case(
        lambda: stock_terms(make_product(), backorder=True),
        ("backorder_limit", 8),
        ("backorder_limit", 9),
        "8",
    ),
    "qudao_arrivals": Case(
        lambda: make_arrival(
            make_product(), 5, date(2030, 1, 2), make_warehouse(seller=seller()), external_key="A1"
        ),
        ("expected_on", date(2030, 2, 3)),
        ("quantity", 8),
        "2030-02-03",
    ),
    "qudao_banks": Case(make_bank, ("description", "Theirs"), ("name_zh", "我的")),
    "qudao_synonyms": Case(
        lambda: SynonymSet.objects.get(pk=save_synonyms(words=["lamp", "luminaire"]).pk),
        ("note", "Theirs"),
        ("words", "lamp\nluminaire\nlight"),
    ),
}
#: Its form holds a change to be entered, never what is stored.
WITHOUT_STORED = {"qudao_stock_levels"}


def editors() -> dict[str, Any]:
    """Every viewset of ours that lets an administrator change something."""
    found: list[Any] = []

    def walk(viewset: Any) -> None:
        if isinstance(viewset, ViewSetGroup):
            for each in viewset.registerables:
                walk(each)
        elif isinstance(viewset, ModelViewSet):
            found.append(viewset)

    for each in viewsets.viewsets:
        walk(each)
    return {each.name: each for each in found if type(each).__module__.startswith("qudao_")}


def test_every_form_of_ours_notices_a_second_editor(client: Any, olga: Any) -> None:
    client.get("/admin/")
    changing = {
        name: each
        for name, each in editors().items()
        if each.permission_policy.user_has_permission(olga, "change")
    }
    assert set(changing) - set(CASES) - WITHOUT_STORED == set(), "each has a case"
    for name, each in changing.items():
        assert issubclass(each.edit_view_class, EditConflictMixin), name


@pytest.mark.parametrize("name", sorted(CASES))
def test_nothing_is_saved_over_what_was_not_seen(client: Any, olga: Any, name: str) -> None:
    case = CASES[name]
    row = case.make()
    address = reverse(f"{name}:edit", args=(row.pk,))
    mine = sent_back(client.get(address)) | dict([case.mine])
    type(row)._base_manager.filter(pk=row.pk).update(**dict([case.theirs]))
    second = client.post(address, mine)
    assert second.status_code == 200, "it is shown again"
    assert "while you were editing it; nothing was saved yet" in second.content.decode()
    note = f"Stored meanwhile: “{case.shown_as or case.theirs[1]}”."
    assert second.context["form"].errors[case.theirs[0]] == [note]
    row = type(row)._base_manager.get(pk=row.pk)
    assert getattr(row, case.theirs[0]) == case.theirs[1], "nothing was saved"
    third = client.post(address, sent_back(second))
    assert third.status_code == 302, third.context["form"].errors
    row = type(row)._base_manager.get(pk=row.pk)
    expected = dict([case.theirs]) | dict([case.mine])
    assert {key: getattr(row, key) for key in expected} == expected


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_nobody_else_changed_is_saved_at_once(client: Any, olga: Any, name: str) -> None:
    case = CASES[name]
    row = case.make()
    address = reverse(f"{name}:edit", args=(row.pk,))
    response = client.post(address, sent_back(client.get(address)) | dict([case.mine]))
    assert response.status_code == 302, response.context["form"].errors
    assert getattr(type(row)._base_manager.get(pk=row.pk), case.mine[0]) == case.mine[1]


def test_who_saved_meanwhile_is_named(client: Any, olga: Any) -> None:
    row = make_category()
    address = reverse("qudao_categories:edit", args=(row.pk,))
    mine = sent_back(client.get(address)) | {"slug": "mine"}
    client.force_login(make_back_office("Peter Price", is_superuser=True))
    client.post(address, mine | {"name": "Theirs", "slug": "lamps"})
    client.force_login(olga)
    assert (
        "Peter Price has changed this while you were editing it"
        in client.post(address, mine).content.decode()
    )


def test_rows_that_somebody_else_added_come_into_the_form(client: Any, olga: Any) -> None:
    lamps = make_type("Lamps", power="float")
    address = reverse("qudao_product_types:edit", args=(lamps.pk,))
    mine = sent_back(client.get(address)) | {"name": "Luminaires"}
    client.post(
        address,
        sent_back(client.get(address))
        | {
            "attributes-TOTAL_FORMS": 2,
            "attributes-1-name": "Colour",
            "attributes-1-code": "colour",
            "attributes-1-type": "text",
            "attributes-1-ORDER": 2,
        },
    )
    second = client.post(address, mine)
    assert "The attributes have been changed meanwhile." in second.content.decode()
    assert [row["code"].value() for row in second.context["form"].rows.forms] == ["power", "colour"]
    assert client.post(address, sent_back(second)).status_code == 302
    lamps.refresh_from_db()
    assert lamps.name == "Luminaires" and lamps.attributes.count() == 2


def test_rows_of_ones_own_stay_when_somebody_else_changed_some(client: Any, olga: Any) -> None:
    colours = OptionGroup.objects.create(name="Colours")
    for name in ("Red", "Blue"):
        Option.objects.create(group=colours, option=name)
    address = reverse("qudao_option_sets:edit", args=(colours.pk,))
    mine = sent_back(client.get(address)) | {"options-0-name_zh": "红"}
    Option.objects.filter(option="Blue").update(option="Sky blue")
    second = client.post(address, mine)
    assert "The values have been changed meanwhile." in second.content.decode()
    assert second.context["form"].rows.forms[0]["name_zh"].value() == "红"
    assert client.post(address, sent_back(second)).status_code == 302


def test_steps_that_somebody_else_changed_come_into_the_form(client: Any, olga: Any) -> None:
    row = flow()
    address = reverse("qudao_flows:edit", args=(row.pk,))
    mine = sent_back(client.get(address)) | {"name": "Mine"}
    row.steps.filter(code=row.steps.first().code).update(name="Theirs")
    second = client.post(address, mine)
    assert "The steps have been changed meanwhile." in second.content.decode()
    assert second.context["form"].formsets["steps"].forms[0]["name"].value() == "Theirs"
    assert client.post(address, sent_back(second)).status_code == 302
    assert row.steps.first().name == "Theirs" and type(row).objects.get(pk=row.pk).name == "Mine"


def test_percentages_of_a_price_list_are_a_form_like_the_others(client: Any, olga: Any) -> None:
    base = make_price_list("base", seller=seller())
    derived = make_price_list("dealers", seller=base.seller, base=base, percent=-5)
    line = make_line()
    address = reverse("qudao_price_lists:percents", args=(derived.pk,))
    mine = sent_back(client.get(address)) | {"percent": "-7"}
    derived.line_percents.create(line=line, percent=-20)
    second = client.post(address, mine)
    assert second.context["form"].errors[f"line-{line.pk}"] == ["Stored meanwhile: “-20”."]
    assert "while you were editing it; nothing was saved yet" in second.content.decode()
    assert client.post(address, sent_back(second)).status_code == 302
    derived.refresh_from_db()
    assert (derived.percent, derived.line_percents.get().percent) == (-7, -20)
    assert client.post(address, {"percent": "-8", f"line-{line.pk}": "-20"}).status_code == 302


def test_a_record_that_was_deleted_meanwhile_does_not_come_back(
    client: Any, olga: Any, monkeypatch: Any
) -> None:
    row = make_category()
    address = reverse("qudao_categories:edit", args=(row.pk,))
    mine = sent_back(client.get(address))
    client.post(reverse("qudao_categories:delete", args=(row.pk,)))
    assert client.post(address, mine).status_code == 404


def test_what_was_seen_may_be_any_text(client: Any, olga: Any) -> None:
    row = make_category()
    address = reverse("qudao_categories:edit", args=(row.pk,))
    for seen in ("[" * 200_000, "5", "{", ""):
        fields = {"name": "Lamps", "is_public": "on", "in_menu": "on", "seen": seen}
        assert client.post(address, fields).status_code == 302
    assert core.history(row, limit=1)
