"""Price lists in Wagtail's admin: who gets in, what is refused beside its field, what the table changes."""

import io
import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from qudao_b2b_ordering.pricing import services
from qudao_b2b_ordering.pricing.models import PriceList
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_line, make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_back_office, make_company

pytestmark = pytest.mark.django_db
ADMIN = "/admin/price-lists"
ALL = [f"qudao_b2b_ordering.{action}_pricelist" for action in ("view", "add", "change", "delete")]


@pytest.fixture
def office() -> SimpleNamespace:
    maker = make_company("Maker", code="MAKER")
    dealer = make_company("Dealer", parent=maker, tier="gold", code="DEALER")
    lamp, cable = make_product("LAMP", line="lamps"), make_product("CABLE")
    base = make_price_list(
        "base", seller=maker, audience="everyone", prices={lamp: {1: 10, 100: 8}, cable: 3}
    )
    return SimpleNamespace(maker=maker, dealer=dealer, lamp=lamp, cable=cable, base=base)


def client_of(*permissions: str) -> Client:
    user = make_back_office(permissions=["wagtailadmin.access_admin", *permissions])
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, path: str, **query: str) -> str:
    answer = client.get(f"{ADMIN}{path}", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_is_searched_and_filtered(office):
    make_price_list("gold", seller=office.maker, base=office.base, percent=-5, is_active=False)
    client = client_of(*ALL)
    text = page(client, "/")
    assert "Base" in text
    assert "Base -5 %" in text
    assert "Gold" not in page(client, "/", q="base")
    assert f"/edit/{office.base.pk}/" not in page(client, "/", kind="derived")
    assert "Gold" not in page(client, "/", is_active="true")
    exported = client.get(f"{ADMIN}/", {"export": "csv"})
    assert b"base" in b"".join(exported.streaming_content)


def test_without_the_permission_nobody_gets_in(office):
    client = client_of()
    for path in ("/", f"/edit/{office.base.pk}/", f"/prices/{office.base.pk}/", "/explain/"):
        assert client.get(f"{ADMIN}{path}").status_code == 302


def test_who_may_only_look_changes_nothing(office):
    client = client_of("qudao_b2b_ordering.view_pricelist")
    text = page(client, f"/prices/{office.base.pk}/")
    assert "LAMP" in text
    assert 'name="row"' not in text
    row = office.base.rows.get(product=office.cable)
    data = {"row": row.pk, f"row-{row.pk}-unit_price": "1"}
    for path in ("prices", "assignments", "percents"):
        client.post(f"{ADMIN}/{path}/{office.base.pk}/", data)
    row.refresh_from_db()
    assert row.unit_price == 3


def test_a_list_is_made_by_the_service_and_refused_beside_its_field(office):
    client = client_of(*ALL)
    data = {
        "name": "Gold",
        "code": "gold",
        "seller": office.maker.pk,
        "currency": "CNY",
        "base": office.base.pk,
        "percent": "-101",
        "rounding": "half_up",
        "rounding_step": "0.01",
        "valid_from": "2026-01-01",
        "is_active": "on",
    }
    refused = client.post(f"{ADMIN}/new/", data)
    assert "percent" in refused.context["form"].errors
    assert not PriceList.objects.filter(code="gold").exists()
    client.post(f"{ADMIN}/new/", data | {"percent": "-5"})
    gold = PriceList.objects.get(code="gold")
    assert (gold.kind, gold.percent) == ("derived", -5)
    client.post(f"{ADMIN}/edit/{gold.pk}/", data | {"percent": "-6", "name": "Gold 2"})
    gold.refresh_from_db()
    assert (gold.percent, gold.name) == (-6, "Gold 2")
    assert "Price list changed" in page(client, f"/history/{gold.pk}/")


def test_a_list_with_derived_ones_is_not_deleted(office):
    gold = make_price_list("gold", seller=office.maker, base=office.base)
    client = client_of(*ALL)
    client.post(f"{ADMIN}/delete/{office.base.pk}/")
    assert PriceList.objects.filter(pk=office.base.pk).exists()
    client.post(f"{ADMIN}/delete/{gold.pk}/")
    assert not PriceList.objects.filter(pk=gold.pk).exists()


def test_prices_are_changed_in_the_table_removed_and_added(office):
    client = client_of(*ALL)
    one, hundred = office.base.rows.filter(product=office.lamp).order_by("min_quantity")
    cable = office.base.rows.get(product=office.cable)
    data = {
        "row": [one.pk, hundred.pk, cable.pk],
        f"row-{one.pk}-unit_price": "9.5",
        f"row-{one.pk}-valid_until": "2026-12-31",
        f"row-{hundred.pk}-unit_price": "8.0000",
        f"row-{cable.pk}-unit_price": "3",
        f"row-{cable.pk}-remove": "on",
    }
    client.post(f"{ADMIN}/prices/{office.base.pk}/", data)
    one.refresh_from_db()
    assert (one.unit_price, one.valid_until) == (Decimal("9.5"), date(2026, 12, 31))
    assert not office.base.rows.filter(product=office.cable).exists()
    new = {"add": "1", "new-sku": "CABLE", "new-min_quantity": "5", "new-unit_price": "2.5"}
    client.post(f"{ADMIN}/prices/{office.base.pk}/", new)
    assert office.base.rows.get(product=office.cable).min_quantity == 5
    refused = client.post(f"{ADMIN}/prices/{office.base.pk}/", new | {"new-sku": "NOPE"})
    assert "Unknown product" in refused.content.decode()
    assert [each.action for each in core.history(office.base)] == [
        "qudao.prices.set",
        "qudao.prices.removed",
        "qudao.prices.set",
    ]


def test_a_bad_price_in_the_table_is_shown_and_nothing_is_written(office):
    client = client_of(*ALL)
    row = office.base.rows.get(product=office.cable)
    answer = client.post(
        f"{ADMIN}/prices/{office.base.pk}/", {"row": [row.pk], f"row-{row.pk}-unit_price": "cheap"}
    )
    text = answer.content.decode()
    assert 'value="cheap"' in text
    assert 'aria-invalid="true"' in text
    row.refresh_from_db()
    assert row.unit_price == 3


def test_a_row_of_another_list_is_not_changed_through_this_one(office):
    other = make_price_list("other", seller=office.maker, prices={office.lamp: 5})
    row = other.rows.get()
    data = {"row": [row.pk], f"row-{row.pk}-unit_price": "1"}
    client_of(*ALL).post(f"{ADMIN}/prices/{office.base.pk}/", data)
    row.refresh_from_db()
    assert row.unit_price == 5


def test_prices_are_searched_and_exported(office):
    client = client_of(*ALL)
    assert "LAMP" not in page(client, f"/prices/{office.base.pk}/", q="CABLE")
    assert "No price matches" in page(client, f"/prices/{office.base.pk}/", on="1999-01-01")
    csv = client.get(f"{ADMIN}/prices/{office.base.pk}/", {"export": "csv"})
    lines = b"".join(csv.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == [
        "SKU,From quantity,Unit price,Valid from,Valid until",
        "CABLE,1,3.0000,,",
        "LAMP,1,10.0000,,",
        "LAMP,100,8.0000,,",
    ]
    xlsx = client.get(f"{ADMIN}/prices/{office.base.pk}/", {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(xlsx.content)).active
    assert [row[0].value for row in sheet.iter_rows()] == ["SKU", "CABLE", "LAMP", "LAMP"]


def test_exported_headers_are_the_readers_and_the_import_reads_them(office):
    client = client_of(*ALL)
    answer = client.get(
        f"{ADMIN}/prices/{office.base.pk}/", {"export": "csv"}, headers={"accept-language": "zh-hans"}
    )
    heads = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[0].split(",")
    assert heads == ["货号", "起始数量", "单价", "生效日期", "截止日期"]


def test_the_history_names_audiences_and_not_their_keys(office):
    services.assign(actor=None, price_list=office.base, audience_key="kind:dealer", priority=3)
    assert [entry.details for entry in core.history(office.base)][0] == "Kind: Dealer: – → 3"


def test_who_a_list_is_meant_for(office):
    client = client_of(*ALL)
    address = f"/assignments/{office.base.pk}/"
    assert 'name="audience_key"' in page(client, address)
    client.post(f"{ADMIN}{address}", {"audience_key": f"company:{office.dealer.pk}", "priority": "7"})
    client.post(f"{ADMIN}{address}", {"audience_key": "everyone", "remove": "1"})
    assert list(office.base.assignments.values_list("audience_key", "priority")) == [
        (f"company:{office.dealer.pk}", 7)
    ]
    answer = client.post(f"{ADMIN}{address}", {"audience_key": "tier:none", "priority": "1"})
    assert "tier:none" in answer.content.decode()


def test_percentages_by_line(office):
    gold = make_price_list("gold", seller=office.maker, base=office.base)
    lamps = make_line("lamps")
    client = client_of(*ALL)
    client.post(f"{ADMIN}/percents/{gold.pk}/", {"percent": "-5", f"line-{lamps.pk}": "-10"})
    gold.refresh_from_db()
    assert gold.percent == -5
    assert list(gold.line_percents.values_list("line_id", "percent")) == [(lamps.pk, -10)]
    assert 'value="-10' in page(client, f"/percents/{gold.pk}/")
    assert client.get(f"{ADMIN}/percents/{office.base.pk}/").status_code == 302


def test_a_copy_is_meant_for_nobody(office):
    client = client_of(*ALL)
    data = {"name": "Next year", "code": "next", "valid_from": "2027-01-01"}
    client.post(f"{ADMIN}/copy-list/{office.base.pk}/", data)
    copied = PriceList.objects.get(code="next")
    assert (copied.rows.count(), copied.assignments.count()) == (3, 0)
    again = client.post(f"{ADMIN}/copy-list/{office.base.pk}/", data)
    assert "code" in again.context["form"].errors


def test_the_explain_screen_answers_for_any_company(office):
    make_price_list("secret", seller=office.maker, audience="tier:silver", prices={office.lamp: 1})
    client = client_of(*ALL, "qudao_partner_portal.view_company")
    text = page(client, "/explain/", company="DEALER", sku="LAMP", quantity="100", on="2026-06-01")
    assert "CNY 8.0000" in text
    assert "Does not apply to this company." in text
    text = page(client, "/explain/", company="DEALER", sku="NOPE", quantity="1", on="2026-06-01")
    assert "There is no such product." in text
    assert "CNY" not in page(client, "/explain/", company="NOBODY", sku="LAMP", quantity="1", on="2026-06-01")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_three(office, count):
    for number in range(count - 1):
        make_price_list(f"more-{number}", seller=office.maker, audience="everyone", base=office.base)
    client = client_of(*ALL)
    page(client, "/")
    with CaptureQueriesContext(connection) as seen:
        page(client, "/")
    assert len(seen) == 12
    with CaptureQueriesContext(connection) as seen:
        page(client, f"/prices/{office.base.pk}/", q="CABLE" if count == 1 else "")
    assert len(seen) == (15 if count == 1 else 12)  # with a text the search is asked: synonyms, engine, items


def shown_rows(client: Client, price_list: PriceList) -> dict[str, str]:
    """What a browser would send back from the table as it is shown now."""
    text = page(client, f"/prices/{price_list.pk}/")
    found = re.findall(r'<input type="(?:hidden|text|date)"[^>]*?name="(row-[^"]+)" value="([^"]*)"', text)
    return dict(found)


def test_a_price_that_somebody_else_has_set_meanwhile_is_not_set_back(office):
    client = client_of(*ALL)
    one, hundred = office.base.rows.filter(product=office.lamp).order_by("min_quantity")
    form = shown_rows(client, office.base) | {"row": [one.pk, hundred.pk]}
    office.base.rows.filter(pk=one.pk).update(unit_price=12)
    client.post(f"{ADMIN}/prices/{office.base.pk}/", form | {f"row-{hundred.pk}-unit_price": "7"})
    assert [row.unit_price for row in office.base.rows.filter(product=office.lamp).order_by("pk")] == [12, 7]


def test_a_price_that_two_people_change_is_asked_back_with_what_was_typed(office):
    client = client_of(*ALL)
    one = office.base.rows.get(product=office.cable)
    form = shown_rows(client, office.base) | {"row": [one.pk], f"row-{one.pk}-unit_price": "4"}
    office.base.rows.filter(pk=one.pk).update(unit_price="3.2", valid_until=date(2030, 1, 31))
    text = client.post(f"{ADMIN}/prices/{office.base.pk}/", form).content.decode()
    assert "Someone else has set 3.2 until 2030-01-31 in the meantime." in text and 'value="4"' in text
    one.refresh_from_db()
    assert one.unit_price == Decimal("3.2")
    office.base.rows.filter(pk=one.pk).delete()
    text = client.post(f"{ADMIN}/prices/{office.base.pk}/", form).content.decode()
    assert "This price has been removed meanwhile." in text


def test_a_refused_table_keeps_what_was_typed(office):
    client = client_of(*ALL)
    one, hundred = office.base.rows.filter(product=office.lamp).order_by("min_quantity")
    cable = office.base.rows.get(product=office.cable)
    office.base.rows.filter(pk=hundred.pk).update(valid_from=date(2026, 5, 1))
    form = shown_rows(client, office.base) | {
        "row": [one.pk, hundred.pk, cable.pk],
        f"row-{one.pk}-unit_price": "9",
        f"row-{hundred.pk}-valid_until": "2026-04-01",
        f"row-{cable.pk}-remove": "on",
    }
    text = client.post(f"{ADMIN}/prices/{office.base.pk}/", form).content.decode()
    assert text.count("The last day is before the first.") == 2, "above the table and beside the row"
    assert 'value="9"' in text and 'value="2026-04-01"' in text and " checked" in text
    assert office.base.rows.filter(product=office.cable).exists()
    one.refresh_from_db()
    assert one.unit_price == 10
