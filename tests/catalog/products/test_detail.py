from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model
from qudao_catalog import api as catalog
from qudao_catalog.products.models import AttributeProfile, OptionTranslation
from qudao_catalog.testing import deny, grant, make_category, make_product, make_variant
from qudao_core import api as core
from wagtail.documents import get_document_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(channel: Any) -> dict[str, Any]:
    lamps = make_category("Lamps")
    family = make_product("FAM", title="Panel", title_zh="面板灯", categories=[lamps])
    goods = family.product_class
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="Colour")
    white = group.options.create(option="White")
    OptionTranslation.objects.create(option=white, language="zh-hans", name="白色")
    for position, (code, kind, unit) in enumerate(
        (("power", "float", "W"), ("colour", "option", ""), ("dimmable", "boolean", ""), ("ip", "text", ""))
    ):
        grouped = {"option_group": group} if kind == "option" else {}
        attribute = goods.attributes.create(name=code.title(), code=code, type=kind, **grouped)
        AttributeProfile.objects.create(
            attribute=attribute, unit=unit, name_zh=f"{code}-zh", position=position
        )
    small, large = make_variant(family, "FAM-9"), make_variant(family, "FAM-18")
    catalog.upsert_products(
        actor=None,
        rows=[
            {"sku": "FAM", "attributes": {"ip": "IP20", "colour": "White"}, "description": "A panel"},
            {"sku": "FAM-9", "attributes": {"power": 9, "dimmable": True}},
            {"sku": "FAM-18", "attributes": {"power": 18, "dimmable": False, "ip": "IP44"}},
        ],
    )
    grant("members")
    return {"FAM": family, "FAM-9": small, "FAM-18": large}


def values(facts: Any) -> dict[str, str]:
    return {fact.code: fact.value for fact in facts}


def test_a_variant_states_its_own_facts_and_its_familys(family: Any, buyer: core.Viewer) -> None:
    detail = catalog.get_product(buyer, "fam-18")
    assert (detail.sku, detail.family_sku, detail.facts.sku) == ("FAM-18", "FAM", "FAM-18")
    assert values(detail.attributes) == {"power": "18", "colour": "White", "dimmable": "No", "ip": "IP44"}
    assert [fact.code for fact in detail.attributes] == ["power", "colour", "dimmable", "ip"]
    assert {fact.code: fact.text("zh-hans") for fact in detail.attributes}["colour"] == "白色"
    assert (detail.text("en"), [node.slug for node in detail.categories]) == ("A panel", ["lamps"])


def test_a_family_shows_what_is_common_and_what_differs(family: Any, buyer: core.Viewer) -> None:
    detail = catalog.get_product(buyer, "FAM")
    assert detail.facts is None and detail.name("zh-hans") == "面板灯"
    assert values(detail.attributes) == {"colour": "White"}
    assert [facts.sku for facts in detail.variants] == ["FAM-18", "FAM-9"]
    assert values(detail.variant_attributes[family["FAM-9"].pk]) == {
        "power": "9",
        "dimmable": "Yes",
        "ip": "IP20",
    }


def test_denied_members_are_missing_from_the_family(family: Any, buyer: core.Viewer) -> None:
    deny("tier:gold", products=[family["FAM-9"]])
    assert [facts.sku for facts in catalog.get_product(buyer, "FAM").variants] == ["FAM-18"]
    with pytest.raises(core.NotFound):
        catalog.get_product(buyer, "FAM-9")


def test_related_and_replacement_are_shown_when_they_may_be_seen(family: Any, buyer: core.Viewer) -> None:
    other, secret, successor = make_product("OTHER"), make_product("SECRET"), make_product("NEW")
    catalog.relate_products(actor=None, product=family["FAM"], related=[other])
    catalog.relate_products(actor=None, product=other, related=[successor])
    catalog.relate_products(actor=None, product=family["FAM"], related=[secret, successor, other])
    catalog.discontinue_product(actor=None, sku="FAM-9", replacement="NEW")
    deny("tier:gold", products=[secret])
    detail = catalog.get_product(buyer, "FAM-9")
    assert [facts.sku for facts in detail.related] == ["NEW", "OTHER"]
    assert detail.replacement.sku == "NEW"
    assert [facts.sku for facts in catalog.get_product(buyer, "OTHER").related] == ["NEW"]
    deny("tier:gold", products=[successor])
    detail = catalog.get_product(buyer, "FAM-9")
    assert (detail.replacement, [facts.sku for facts in detail.related]) == (None, ["OTHER"])


def test_documents_of_the_family_are_the_variants_too(family: Any, buyer: core.Viewer) -> None:
    document = get_document_model().objects.create(
        title="Data sheet", file=ContentFile(b"%PDF", name="a.pdf")
    )
    catalog.attach_document(actor=None, product=family["FAM"], document_id=document.pk, language="en")
    catalog.attach_document(actor=None, product=family["FAM"], document_id=document.pk, kind="manual")
    (found,) = catalog.get_product(buyer, "FAM-9").documents
    assert (found.title, found.kind, found.extension, found.url) == (
        "Data sheet",
        "manual",
        "pdf",
        document.url,
    )
    catalog.detach_document(actor=None, product=family["FAM"], document_id=document.pk)
    assert catalog.get_product(buyer, "FAM-9").documents == ()
    with pytest.raises(core.Refusal) as refused:
        catalog.attach_document(actor=None, product=family["FAM"], document_id=10**6)
    assert refused.value.code == "unknown_document"


def test_documents_stand_by_kind(family: Any, buyer: core.Viewer) -> None:
    for kind in ("certificate", "other", "datasheet", "manual"):
        document = get_document_model().objects.create(
            title=kind, file=ContentFile(b"%PDF", name=f"{kind}.pdf")
        )
        catalog.attach_document(actor=None, product=family["FAM"], document_id=document.pk, kind=kind)
    found = [each.kind for each in catalog.get_product(buyer, "FAM-9").documents]
    assert found == ["datasheet", "manual", "certificate", "other"]


@pytest.mark.parametrize("sku", ["NONE", "", "x" * 300, "' OR 1=1"])
def test_unknown_is_not_found(family: Any, buyer: core.Viewer, sku: str) -> None:
    with pytest.raises(core.NotFound) as refused:
        catalog.get_product(buyer, sku)
    assert refused.value.code == "product_not_found"


def test_what_is_denied_looks_like_what_does_not_exist(family: Any, channel: Any) -> None:
    deny("tier:silver", products=[family["FAM"]])
    stranger = channel.sees(channel.stranger)
    messages = []
    for sku in ("FAM", "NONE"):
        with pytest.raises(core.NotFound) as refused:
            catalog.get_product(stranger, sku)
        messages.append(str(refused.value.message).replace(sku, "…"))
    assert messages[0] == messages[1]


def test_a_large_family_costs_what_a_small_one_costs(family: Any, buyer: core.Viewer) -> None:
    versions = core.Versions.read()
    catalog.get_product(buyer, "FAM", versions)
    for _size in (2, 5):
        with CaptureQueriesContext(connection) as asked:
            catalog.get_product(buyer, "FAM", versions)
        assert len(asked) == 10
        for number in range(3):
            make_variant(family["FAM"], f"FAM-X{number}{_size}")
