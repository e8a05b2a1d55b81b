"""Products from a price book as a maker keeps it: both languages, categories, units, attributes."""

import pytest
from oscar.core.loading import get_model
from qudao_catalog.products.models import ProductProfile
from qudao_catalog.testing import make_category, make_line, make_product

from tests.imports import counts, csv, load, problems

pytestmark = pytest.mark.django_db

HEADER = (
    "货号",
    "Name",
    "中文名称",
    "分类",
    "产品线",
    "包装单位",
    "装箱数",
    "整箱销售",
    "attr:watts",
    "attr：colour",
)


@pytest.fixture(autouse=True)
def _catalogue():
    make_line("lighting")
    make_category("Downlights", parent=make_category("Lighting"))
    goods = get_model("catalogue", "ProductClass").objects.create(name="Light", track_stock=False)
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="colour")
    attributes = get_model("catalogue", "ProductAttribute").objects
    attributes.create(product_class=goods, name="Watts", code="watts", type="float")
    attributes.create(product_class=goods, name="Colour", code="colour", type="option", option_group=group)


def row(sku="LH-1", name="Downlight", category="Lighting > Downlights", watts="7.5", colour="white"):
    return (sku, name, "筒灯", category, "lighting", "ctn", "24", "是", watts, colour)


def test_a_product_with_all_it_has():
    job = load("products", csv(HEADER, row()), product_type="Light")
    assert (job.state, counts(job)) == ("done", (1, 0, 0, 0))
    profile = ProductProfile.objects.get(sku="LH-1")
    assert (profile.line.code, profile.pack_unit.code, profile.pack_size, profile.sold_in_packs) == (
        "lighting",
        "ctn",
        24,
        True,
    )
    product = profile.product
    assert product.translations.get(language="zh-hans").title == "筒灯"
    assert [each.name for each in product.categories.all()] == ["Downlights"]
    assert product.attr.watts == 7.5
    assert str(product.attr.colour) == "white"
    assert counts(load("products", csv(HEADER, row()), product_type="Light")) == (0, 0, 1, 0)
    changed = csv(HEADER, row(watts="8"))
    job = load("products", changed, product_type="Light")
    assert (counts(job), job.preview["sample"][0]["outcome"]) == ((0, 1, 0, 0), "updated")
    assert "yes" in job.preview["sample"][0]["cells"].values(), "a flag is shown in words"


def test_categories_are_made_only_when_asked():
    text = csv(("SKU", "Name", "Category"), ("LH-2", "Panel", "Lighting > Panels"))
    job = load("products", text)
    assert problems(job) == [(2, "Category", "unknown_category")]
    assert "create them" in job.preview["problems"][0]["remedy"]
    load("products", text, new_categories="create")
    category = ProductProfile.objects.get(sku="LH-2").product.categories.get()
    assert (category.name, category.get_parent().name) == ("Panels", "Lighting")
    assert get_model("catalogue", "Category").objects.filter(name="Lighting").count() == 1


def test_variants_and_replacements_within_one_file():
    text = csv(
        ("SKU", "Name", "Variant of", "Replaced by", "Status"),
        ("LH-3", "Switch", "", "", ""),
        ("LH-3-W", "Switch white", "LH-3", "", ""),
        ("LH-OLD", "Old switch", "", "LH-3-W", "停产"),
    )
    assert counts(load("products", text)) == (3, 0, 0, 0)
    variant = ProductProfile.objects.get(sku="LH-3-W")
    assert variant.product.parent.profile.sku == "LH-3"
    old = ProductProfile.objects.get(sku="LH-OLD")
    assert (old.status, old.replacement_id) == ("discontinued", variant.pk)


def test_rows_in_error_are_refused_and_the_good_ones_may_go_in():
    text = csv(
        (*HEADER, "Unit", "Minimum quantity"),
        (*row("LH-1"), "pcs", "1"),
        (*row("LH-1"), "pcs", "1"),
        (*row("LH-2", name=""), "pcs", "1"),
        (*row("LH-3"), "bushel", "1"),
        (*row("LH-4"), "pcs", "0"),
        (*row("LH-5", watts="bright"), "pcs", "1"),
        (*row("LH-6"), "pcs", "0.0001"),
    )
    job = load("products", text, product_type="Light", skip_rejected=True)
    assert counts(job) == (1, 0, 0, 6)
    assert sorted(problems(job)) == [
        (3, "SKU", "twice_in_file"),
        (4, "Name", "required"),
        (5, "Unit", "unknown_unit"),
        (6, "Minimum quantity", "not_above"),
        (7, "attr:watts", "invalid_attribute"),
        (8, "Minimum quantity", "too_many_decimals"),
    ]
    assert list(ProductProfile.objects.values_list("sku", flat=True)) == ["LH-1"]


def test_a_preview_writes_no_product_and_no_option():
    job = load("products", csv(HEADER, row(colour="mint"), row("LH-1")), product_type="Light")
    assert (job.state, job.created_count) == ("checked", 1)
    assert not ProductProfile.objects.exists()
    assert not get_model("catalogue", "AttributeOption").objects.exists()


def test_empty_cells_leave_what_is_stored():
    make_product("LH-9", title="Lamp", line="lighting")
    job = load("products", csv(("SKU", "Name", "Line", "Barcode"), ("LH-9", "", "", "690123")))
    assert counts(job) == (0, 1, 0, 0)
    profile = ProductProfile.objects.get(sku="LH-9")
    assert (profile.product.title, profile.line.code, profile.barcode) == ("Lamp", "lighting", "690123")
