from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_catalog import api as catalog
from qudao_catalog.product_editing.services import add_image
from qudao_catalog.testing import deny, grant, make_product, make_tax_class, make_unit, make_variant
from qudao_core import api as core

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_is_open(channel: Any) -> None:
    grant("members")


def test_facts_hold_what_ordering_must_know(buyer: core.Viewer) -> None:
    successor = make_product("NEW")
    lamp = make_product(
        "LAMP", title="Lamp", title_zh="灯", line="lighting", pack=12, minimum=24, maximum=600,
        barcode="690123", external_key="E-1", status="discontinued", replacement=successor,
    )  # fmt: skip
    facts = catalog.product_facts(buyer, [lamp.pk])[lamp.pk]
    assert (facts.sku, facts.name("en"), facts.name("zh-hans")) == ("LAMP", "Lamp", "灯")
    assert (facts.unit, facts.unit_zh, facts.unit_code, facts.unit_decimals) == ("piece", "个", "pcs", 0)
    assert (facts.pack_unit_code, facts.pack_size, facts.sold_in_packs) == ("ctn", D(12), True)
    assert (facts.min_quantity, facts.max_quantity, facts.tax_rate) == (D(24), D(600), D("0.13"))
    assert (facts.status, facts.replacement_id, facts.line_code) == ("discontinued", successor.pk, "lighting")
    assert (facts.barcode, facts.external_key, facts.parent_id) == ("690123", "E-1", None)


def test_a_variant_takes_words_and_picture_from_its_family_where_it_has_none(
    buyer: core.Viewer, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    family = make_product("FAM", title="Switch", title_zh="开关")
    bare, own = make_variant(family, "FAM-1"), make_variant(family, "FAM-2", title_zh="白开关")
    type(bare).objects.filter(pk=bare.pk).update(title="")
    add_image(actor=None, product=family, file=ContentFile(b"x", name="family.png"))
    add_image(actor=None, product=own, file=ContentFile(b"x", name="own.png"))
    facts = catalog.product_facts(buyer, [bare.pk, own.pk])
    assert (facts[bare.pk].name("en"), facts[bare.pk].name("zh-hans")) == ("Switch", "开关")
    assert facts[own.pk].name("zh-hans") == "白开关"
    assert facts[bare.pk].picture.endswith("family.png") and facts[own.pk].picture.endswith("own.png")


def test_families_and_denied_products_have_no_facts(buyer: core.Viewer) -> None:
    family = make_product("FAM")
    variant, lamp = make_variant(family, "FAM-1"), make_product("LAMP")
    deny("tier:gold", products=[lamp])
    assert set(catalog.product_facts(buyer, [family.pk, variant.pk, lamp.pk])) == {variant.pk}


def test_facts_of_three_cost_what_facts_of_one_cost(buyer: core.Viewer) -> None:
    ids = [make_product().pk for _number in range(3)]
    versions = core.Versions.read()
    catalog.product_facts(buyer, ids, versions)
    for wanted in (ids[:1], ids):
        with CaptureQueriesContext(connection) as asked:
            assert len(catalog.product_facts(buyer, wanted, versions)) == len(wanted)
        assert len(asked) == 1


def test_a_changed_unit_or_tax_rate_shows_at_once(buyer: core.Viewer) -> None:
    lamp = make_product("LAMP")
    assert catalog.product_facts(buyer, [lamp.pk])[lamp.pk].unit == "piece"
    unit = make_unit("pcs")
    unit.name = "pc"
    unit.save()
    tax = make_tax_class()
    tax.rate = D("0.09")
    tax.save()
    facts = catalog.product_facts(buyer, [lamp.pk])[lamp.pk]
    assert (facts.unit, facts.tax_rate) == ("pc", D("0.09"))


def test_a_unit_younger_than_the_request_is_known(buyer: core.Viewer) -> None:
    versions = core.Versions.read()
    catalog.terms(versions)
    lamp = make_product("LAMP", unit="drum", line="brand-new", tax="special")
    assert catalog.product_facts(buyer, [lamp.pk], versions)[lamp.pk].unit == "drum"


@pytest.mark.parametrize("code", ["LAMP-1", "lamp-1", " Lamp-1 ", "6901234567892", "erp-77", "ERP-77"])
def test_a_product_answers_to_sku_barcode_and_external_key(buyer: core.Viewer, code: str) -> None:
    lamp = make_product("LAMP-1", barcode="6901234567892", external_key="ERP-77")
    assert catalog.facts_by_code(buyer, [code])[code].id == lamp.pk


def test_a_sku_wins_over_another_products_barcode(buyer: core.Viewer) -> None:
    make_product("A", barcode="777")
    other = make_product("777")
    assert catalog.facts_by_code(buyer, ["777"])["777"].id == other.pk


def test_a_barcode_of_two_products_names_neither(buyer: core.Viewer) -> None:
    make_product("A", barcode="777")
    make_product("B", barcode="777")
    assert catalog.facts_by_code(buyer, ["777", "A"]).keys() == {"A"}


def test_unknown_empty_and_denied_codes_are_left_out(buyer: core.Viewer) -> None:
    deny("tier:gold", products=[make_product("SECRET")])
    assert catalog.facts_by_code(buyer, ["NONE", "", "  ", "SECRET"]) == {}


def test_many_codes_cost_one_statement_and_too_many_are_refused(buyer: core.Viewer) -> None:
    codes = [make_product().profile.sku for _number in range(3)]
    versions = core.Versions.read()
    catalog.facts_by_code(buyer, codes, versions)
    for wanted in (codes[:1], codes):
        with CaptureQueriesContext(connection) as asked:
            assert len(catalog.facts_by_code(buyer, wanted, versions)) == len(wanted)
        assert len(asked) == 1
    with pytest.raises(core.Refusal) as refused:
        catalog.facts_by_code(buyer, [str(number) for number in range(10_001)])
    assert refused.value.code == "too_many_codes"


def test_codes_are_found_by_an_index(buyer: core.Viewer) -> None:
    rows = catalog.visible_profiles(buyer).extra(where=["UPPER(sku) = 'X'"])
    plan = str(rows.explain()).lower()
    assert "product_sku_upper" in plan or connection.vendor == "postgresql"


def test_one_product_by_its_sku(buyer: core.Viewer) -> None:
    lamp = make_product("LAMP", barcode="777")
    assert catalog.facts_of(buyer, "lamp").id == lamp.pk
    for code in ("NONE", "777"):
        with pytest.raises(core.NotFound) as refused:
            catalog.facts_of(buyer, code)
        assert refused.value.code == "product_not_found"
