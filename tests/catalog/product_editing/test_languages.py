"""Product types and text attributes in several languages: entered, imported, exported, shown, found, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.translation import override
from oscar.core.loading import get_model
from qudao_catalog import api as catalog
from qudao_catalog.listing.search_source import ProductSource
from qudao_catalog.product_editing.importer import ProductImporter, export
from qudao_catalog.product_editing.removal import remove_products
from qudao_catalog.product_editing.services import history_labels
from qudao_catalog.product_editing.types import save_type
from qudao_catalog.products.models import AttributeText, ProductProfile
from qudao_catalog.testing import grant, make_product, make_type, make_variant
from qudao_core import api as core
from qudao_core.imports import services as imports
from qudao_core.imports.undoing.services import undo
from qudao_partner_portal.testing import make_back_office, make_company, make_person, viewer_of

from ..product_admin.test_editor import form, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(client: Any) -> Any:
    olga = make_back_office("Olga Office", is_superuser=True)
    client.force_login(olga)
    return olga


@pytest.fixture
def lamp() -> Any:
    make_type("Lamps", mounting="text", details="richtext", power="float")
    product = make_product("LAMP", title="Lamp", title_zh="灯")
    write(product_type="Lamps", attributes={"mounting": "Ceiling", "mounting_zh-hans": "吸顶", "power": 7})
    return product


def write(sku: str = "LAMP", **values: Any) -> Any:
    result = catalog.upsert_products(actor=None, rows=[{"sku": sku} | values])
    return [(problem.code, problem.field) for problem in result.problems] or result.rows[0].outcome


def texts() -> dict[tuple[str, str, str], str]:
    rows = AttributeText.objects.values_list("product__upc", "attribute__code", "language", "text")
    return {(sku, code, language): text for sku, code, language, text in rows}


def test_a_text_attribute_says_something_in_every_language(lamp: Any) -> None:
    assert texts() == {("LAMP", "mounting", "zh-hans"): "吸顶"}
    assert write(attributes={"mounting_zh-hans": "吸顶"}) == "unchanged"
    assert write(attributes={"mounting_zh": "天花板"}) == "changed", "as title_zh"
    assert write(attributes={"details": "<p>Long</p>", "details_zh-hans": "<p>长</p>"}) == "changed"
    assert texts()["LAMP", "mounting", "zh-hans"] == "天花板"
    assert write(attributes={"mounting_zh-hans": ""}) == "changed"
    assert texts() == {("LAMP", "details", "zh-hans"): "<p>长</p>"}
    assert write(attributes={"details": ""}) == "changed"
    assert texts() == {}, "what is translated is gone, and so is the translation"


def test_only_texts_have_languages_and_none_stands_alone(lamp: Any) -> None:
    assert write(attributes={"power_zh-hans": "七"}) == [("unknown_attribute", "attribute:power_zh-hans")]
    assert write(attributes={"nothing_zh-hans": "无"}) == [("unknown_attribute", "attribute:nothing_zh-hans")]
    assert write(attributes={"details_zh-hans": "长"}) == [("required", "attribute:details")]
    refused = write(attributes={"mounting": "", "mounting_zh-hans": "吸顶"})
    assert refused == [("required", "attribute:mounting")]
    assert write(attributes={"details": "Long", "details_zh-hans": "长"}) == "changed", "both at once"
    refused = write("NEW", title="New", product_type="Lamps", attributes={"mounting_zh-hans": "吸顶"})
    assert refused == [("required", "attribute:mounting")]


def test_another_type_and_another_row_leave_nothing_behind(lamp: Any) -> None:
    make_type("Cables", mounting="text")
    assert write(product_type="Cables", attributes={"mounting": "Wall"}) == "changed"
    assert texts() == {}
    write(attributes={"mounting_zh-hans": "墙"})
    assert remove_products(actor=None, product_ids=[lamp.pk]) == 1
    assert texts() == {}


def test_readers_of_chinese_see_the_chinese_text(client: Any, lamp: Any) -> None:
    grant("members")
    client.force_login(make_person(make_company("Sunshine")))
    chinese = client.get("/products/LAMP/", headers={"accept-language": "zh-hans"}).content.decode()
    english = client.get("/products/LAMP/", headers={"accept-language": "en"}).content.decode()
    assert "吸顶" in chinese and "Ceiling" not in chinese
    assert "Ceiling" in english and "吸顶" not in english
    document = client.get("/api/v1/products/LAMP/", headers={"accept-language": "zh-hans"}).json()
    assert {each["code"]: each["value"] for each in document["attributes"]}["mounting"] == "吸顶"


def test_a_variant_has_its_familys_text(lamp: Any) -> None:
    make_variant(lamp, "LAMP-W")
    grant("members")
    viewer = viewer_of(make_person(make_company("Sunshine")))
    facts = {fact.code: fact.text("zh-hans") for fact in catalog.get_product(viewer, "LAMP-W").attributes}
    assert facts["mounting"] == "吸顶"
    write("LAMP-W", attributes={"mounting": "Wall"})
    facts = {fact.code: fact.text("zh-hans") for fact in catalog.get_product(viewer, "LAMP-W").attributes}
    assert facts["mounting"] == "Wall", "its own value is not the family's in Chinese"


def test_the_search_finds_it_in_both_languages(lamp: Any) -> None:
    entry = next(iter(ProductSource().documents([str(lamp.pk)])))
    assert {"Ceiling", "吸顶"} <= set(entry.keywords)


def test_it_is_edited_beside_the_text(client: Any, olga: Any, lamp: Any) -> None:
    address = reverse("qudao_products:edit", args=(lamp.pk,))
    page = client.get(address)
    fields = page.context["form"].fields
    assert [name for name in fields if "mounting" in name] == [
        "attribute:mounting",
        "attribute:mounting_zh-hans",
    ]
    assert page.context["form"]["attribute:mounting_zh-hans"].value() == "吸顶"
    assert "attribute:power_zh-hans" not in fields
    client.post(address, shown(page) | {"attribute:mounting_zh-hans": "天花板"})
    assert texts() == {("LAMP", "mounting", "zh-hans"): "天花板"}
    alone = client.post(address, shown(page) | {"attribute:details_zh-hans": "长", "seen": ""})
    assert alone.context["form"].errors["attribute:details"]
    with override("zh-hans"):
        assert history_labels("mounting_zh-hans", "吸顶", "天花板") == (
            "Mounting（简体中文）",
            ["吸顶", "天花板"],
        )
    new = form(sku="NEW", product_type="Lamps") | {
        "attribute:mounting": "Wall",
        "attribute:mounting_zh-hans": "墙",
    }
    client.post(reverse("qudao_products:add"), new)
    assert texts()["NEW", "mounting", "zh-hans"] == "墙"


def test_files_bring_it_and_take_it_back(lamp: Any) -> None:
    ida = viewer_of(make_back_office("Ida Import", is_superuser=True))
    before = texts()
    text = "sku,name,product type,attr:mounting,attr:mounting_zh-hans\nLAMP,Lamp,,Wall,墙\nNEW,New,Lamps,Rail,导轨\n"
    job = imports.import_now(
        viewer=ida, kind="products", file=ContentFile(text.encode()), name="lamps.csv", options={}
    )
    assert job.state == "done", (job.message, job.preview)
    assert texts() == {("LAMP", "mounting", "zh-hans"): "墙", ("NEW", "mounting", "zh-hans"): "导轨"}
    lines = b"".join(export(ProductProfile.objects.order_by("sku"), "csv", "en")).decode().splitlines()
    heads, first = lines[0].split(","), lines[1].split(",")
    assert dict(zip(heads, first, strict=True))["attr:mounting_zh-hans"] == "墙"
    assert undo(viewer=ida, job=job).state == "undone"
    assert texts() == before


def test_a_product_type_has_a_name_in_every_language(client: Any, olga: Any) -> None:
    client.post(
        reverse("qudao_product_types:add"),
        {"name": "Downlights", "name_zh": "筒灯", "attributes-TOTAL_FORMS": 0, "attributes-INITIAL_FORMS": 0},
    )
    made = get_model("catalogue", "ProductClass").objects.get(name="Downlights")
    assert made.translations.get().name == "筒灯"
    address = reverse("qudao_product_types:edit", args=(made.pk,))
    assert client.get(address).context["form"]["name_zh"].value() == "筒灯"
    assert "筒灯" in client.get(reverse("qudao_product_types:index")).content.decode()
    product = make_product("LAMP", title="Lamp")
    assert write(product_type="筒灯") == "changed", "files and the API may name it in Chinese"
    client.cookies["qudao_language"] = "zh-hans"
    page = client.get(reverse("qudao_products:edit", args=(product.pk,)))
    assert dict(page.context["form"].fields["product_type"].choices)["Downlights"] == "筒灯"
    listed = client.get(reverse("qudao_products:index")).content.decode()
    assert "筒灯" in listed, "the filter names it"
    client.post(address, shown(client.get(address)) | {"name_zh": ""})
    assert not made.translations.exists()
    assert core.history(made, limit=1)[0].action == "qudao.product_type.changed"


def test_the_import_offers_types_in_the_readers_language() -> None:
    made = make_type("Downlights")
    save_type(actor=None, name="Downlights", attributes=[], product_type=made, words={"zh-hans": "筒灯"})
    ida = viewer_of(make_back_office("Ida Import", is_superuser=True), language="zh-hans")
    option = next(each for each in ProductImporter.options if each.name == "product_type")
    assert ("Downlights", "筒灯") in option.choices(ida)
