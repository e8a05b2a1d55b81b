"""The page where a person says what is what, without JavaScript and with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from qudao_b2b_ordering.pricing.models import PriceRow
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_product
from qudao_core.imports.models import ImportJob, SavedMapping
from qudao_partner_portal.testing import make_back_office, make_company

from . import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    maker = make_company("Maker")
    make_price_list("base", seller=maker)
    make_price_list("euro", seller=maker, currency="EUR")
    client.force_login(make_back_office("Ida Import", is_superuser=True))
    return client


def upload(client: Any, kind: str, content: bytes, name: str = "list.xlsx", **options: str) -> Any:
    data = {"file": SimpleUploadedFile(name, content), **{f"option_{k}": v for k, v in options.items()}}
    return client.post(f"/admin/imports/new/{kind}/", data, follow=True)


def fields(page: Any) -> dict[str, Any]:
    """What a browser would send of the page's form."""
    form = page.context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value not in (None, False):
            data[bound.html_name] = "on" if value is True else value
    return {**data, "was_read": page.context["was_read"]}


def address(page: Any) -> str:
    return page.redirect_chain[-1][0]


def test_a_builders_list_is_mapped_once_and_remembered(office):
    for sku in ("0100.10", "0100.20", "0200.10"):
        make_product(sku)
    page = upload(office, "prices", made.BUILDER, price_list="euro")
    assert re.fullmatch(r"/admin/imports/\d+/mapping/", address(page))
    shown = page.content.decode()
    assert "2 rows look like headings of the rows below: Außenwand, Dach." in shown
    assert "1206.90" in shown
    result = office.post(
        address(page), {**fields(page), "action": "apply", "keep": "1", "name": "Nordbau"}, follow=True
    )
    job = ImportJob.objects.get()
    assert (job.state, job.created_count, job.rejected_count) == ("checked", 3, 0)
    assert "Left out: 2 headings, 1 row without a price." in result.content.decode()
    office.post(f"/admin/imports/{job.pk}/")
    assert sorted(map(str, PriceRow.objects.values_list("unit_price", flat=True))) == [
        "1206.9000",
        "2.1500",
        "48.5000",
    ]
    assert SavedMapping.objects.get().name == "Nordbau"
    again = upload(office, "prices", made.BUILDER, price_list="euro")
    assert address(again) == f"/admin/imports/{ImportJob.objects.first().pk}/"
    assert "Nordbau" in again.content.decode() or "imported on" in again.content.decode()


def test_columns_are_changed_by_hand_and_seen_at_once(office):
    make_product("R0603-10K")
    make_product("C0805-100N")
    page = upload(office, "prices", made.THOUSANDS, price_list="base")
    live = office.post(
        address(page), {**fields(page), "action": "preview", "rounded": "on"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert live.strip().startswith('<div id="mapping-preview"')
    assert "0.0063" in live
    assert "These rows can be imported." in live
    alone = {**fields(page), "action": "preview", "rounded": "on", "c4": "", "c5": "", "c6": ""}
    whole = office.post(address(page), alone)
    assert whole.content.decode().count("0.0063") == 1
    done = office.post(address(page), {**alone, "action": "apply"}, follow=True)
    assert (done.context["job"].created_count, done.context["job"].rejected_count) == (2, 0)
    assert not SavedMapping.objects.exists()


def test_words_of_the_file_are_given_the_names_they_have_here(office):
    page = upload(office, "products", made.BUILDER)
    assert "Rolle" in page.content.decode()
    names = [f.html_name for _title, found in page.context["form"].word_fields() for f in found]
    assert names == ["w_unit_0", "w_unit_1", "w_unit_2"]
    units = dict(page.context["form"].fields["w_unit_0"].choices)
    chosen = {name: next(code for code in units if code) for name in names} if len(units) > 1 else {}
    office.post(address(page), {**fields(page), **chosen, "action": "apply"})
    assert ImportJob.objects.get().mapping["sources"][2]["words"].keys() == {"Rolle", "lfm", "m²"}


def test_the_encoding_is_chosen_and_the_file_read_again(office):
    content = "sku;title\nDE-1;Lösung\nDE-2;Müllers Tür\n".encode("cp1252")
    page = upload(office, "products", content, "list.csv")
    assert "Lösung" in page.content.decode()
    other = office.post(address(page), {**fields(page), "encoding": "cp1251", "action": "reread"})
    assert "Lцsung" in other.content.decode()
    back = office.post(address(page), {**fields(other), "encoding": "cp1252", "action": "reread"})
    assert "Lösung" in back.content.decode()
    wrong = office.post(address(page), {**fields(other), "encoding": "utf-8", "action": "reread"})
    assert wrong.status_code == 422
    assert "cannot be read as utf-8" in wrong.content.decode()


def test_sheets_and_the_header_row_are_corrected(office):
    page = upload(office, "prices", made.MAKERS, price_list="base")
    assert page.context["form"]["sheets"].value() == ["恒芯", "锐微"]
    cover = office.post(address(page), {**fields(page), "sheets": ["锐微"], "action": "reread"})
    assert "锐X-101" in cover.content.decode()
    assert "恒X-101" not in cover.content.decode()
    none = office.post(address(page), {**fields(page), "header": "0", "action": "reread"})
    assert none.context["form"].seen.mapping.header == 0


def test_a_required_field_without_a_column_is_said(office):
    page = upload(office, "prices", made.GRADES, price_list="base")
    bare = {name: "" if re.fullmatch(r"c\d+", name) else value for name, value in fields(page).items()}
    answer = office.post(address(page), {**bare, "action": "apply"})
    assert answer.status_code == 422
    assert "No column is chosen for: SKU, Unit price." in answer.content.decode()
    assert ImportJob.objects.get().state == "unmapped"


@pytest.mark.parametrize(
    "broken",
    [
        {"divisor": "0"},
        {"divisor": "x"},
        {"header": "99999999999"},
        {"header": "-1"},
        {"c1": "nothing"},
        {"carried": "{"},
        {"carried": '{"variants": "x"}'},
        {"carried": '{"excluded": [{"column": 0}]}'},
        {"sheets": "nowhere"},
        {"encoding": "rot13"},
    ],
)
def test_a_broken_form_is_no_error(office, broken):
    page = upload(office, "prices", made.MAKERS, price_list="base")
    for action in ("preview", "apply", "reread"):
        assert office.post(address(page), {**fields(page), **broken, "action": action}).status_code in (
            200,
            302,
            422,
        )


def test_a_file_whose_header_says_everything_is_checked_at_once_and_can_be_changed(office):
    make_product("LH-1")
    page = upload(office, "prices", b"sku,price\nLH-1,3\n", "list.csv", price_list="base")
    job = ImportJob.objects.get()
    assert (job.state, job.mapping) == ("checked", {})
    assert f"/admin/imports/{job.pk}/mapping/" in page.content.decode()
    mapping = office.get(f"/admin/imports/{job.pk}/mapping/")
    office.post(f"/admin/imports/{job.pk}/mapping/", {**fields(mapping), "divisor": "100", "action": "apply"})
    job.refresh_from_db()
    assert job.preview["sample"][0]["cells"]["Unit price"] == "0.03"


def test_discarding_and_done_files(office):
    page = upload(office, "prices", made.GRADES, price_list="base")
    gone = office.post(address(page), {"action": "discard"}, follow=True)
    assert gone.context["job"].state == "discarded"
    assert office.get(address(page)).status_code == 302


def test_a_stranger_sees_nothing(office, client):
    page = upload(office, "prices", made.GRADES, price_list="base")
    client.force_login(make_back_office("Stefan Stranger", permissions=["wagtailadmin.access_admin"]))
    assert client.get(address(page)).status_code in (302, 403, 404)
