from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from qudao_catalog import api as catalog
from qudao_catalog.assortments.models import Assortment
from qudao_catalog.products.models import ProductProfile, Unit
from qudao_catalog.testing import grant, make_category, make_product, make_unit
from qudao_partner_portal import api as portal
from qudao_partner_portal.testing import make_back_office
from wagtail.documents import get_document_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(client: Any) -> Any:
    olga = make_back_office("Olga Office", is_superuser=True)
    client.force_login(olga)
    return olga


def form(**changes: Any) -> dict[str, Any]:
    return {
        "sku": "LAMP",
        "title": "Lamp",
        "title_zh": "灯",
        "is_public": "on",
        "status": "active",
        "unit": make_unit().pk,
        "pack_size": "1",
        "min_quantity": "1",
        "tax_class": ProductProfile._meta.get_field("tax_class")
        .related_model.objects.get(code="standard")
        .pk,
        "document_kind": "datasheet",
    } | changes


def test_a_product_is_entered_and_its_history_names_who(client: Any, olga: Any) -> None:
    response = client.post(reverse("qudao_products:add"), form(pack_unit=make_unit("ctn").pk, pack_size="12"))
    profile = ProductProfile.objects.get(sku="LAMP")
    assert response.status_code == 302
    assert (profile.product.title, profile.pack_unit.code, profile.pack_size) == ("Lamp", "ctn", 12)
    entry = portal.history(profile)[0]
    assert (entry.actor_name, entry.action) == ("Olga Office", "qudao.product.created")


def test_a_product_is_changed_and_documents_come_and_go(client: Any, olga: Any) -> None:
    product = make_product("LAMP")
    document = get_document_model().objects.create(title="Sheet", file=ContentFile(b"%PDF", name="s.pdf"))
    address = reverse("qudao_products:edit", args=(product.pk,))
    client.post(
        address, form(title="Desk lamp", barcode="69", new_document=document.pk, document_language="en")
    )
    profile = ProductProfile.objects.get(pk=product.pk)
    link = product.documents.get()
    assert (profile.product.title, profile.barcode, link.document_id) == ("Desk lamp", "69", document.pk)
    assert "Sheet" in client.get(address).content.decode()
    client.post(address, form(removed_documents=[link.pk]))
    assert not product.documents.exists()
    assert "Desk lamp" in client.get(reverse("qudao_products:history", args=(product.pk,))).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sku": "a-1"}, "Another product has this SKU"),
        ({"replacement": "NONE"}, "there is no product “NONE”"),
        ({"min_quantity": "10", "max_quantity": "5"}, "No quantity can be ordered"),
        ({"origin": "1!"}, "is not one of"),
    ],
)
def test_a_refusal_stands_in_the_form(client: Any, olga: Any, changes: Any, message: str) -> None:
    make_product("A-1")
    response = client.post(reverse("qudao_products:add"), form(**changes))
    assert response.status_code == 200 and message in response.content.decode()
    assert ProductProfile.objects.count() == 1


def test_products_are_found_by_name_code_line_status_and_category(client: Any, olga: Any) -> None:
    top = make_category("Lighting")
    make_product("A-1", title="Lamp", line="lighting", categories=[make_category("Lamps", parent=top)])
    make_product("B-2", title="Cable", title_zh="电缆", status="announced")
    address = reverse("qudao_products:index")
    line = ProductProfile.objects.get(sku="A-1").line_id
    for query, found in (
        ({"q": "lamp"}, "A-1"),
        ({"q": "电缆"}, "B-2"),
        ({"q": "電纜"}, "B-2"),
        ({"line": line}, "A-1"),
        ({"status": "announced"}, "B-2"),
        ({"category": top.pk}, "A-1"),
    ):
        page = client.get(address, query).content.decode()
        other = {"A-1": "B-2", "B-2": "A-1"}[found]
        assert found in page and f">{other}<" not in page.replace("\n", "").replace(" ", "")


def test_an_assortment_is_entered_with_pasted_skus(client: Any, olga: Any) -> None:
    product, lamps = make_product("LAMP"), make_category("Lamps")
    fields = {
        "name": "Gold",
        "code": "gold",
        "effect": "grant",
        "is_active": "on",
        "audience_keys": "members\nkind:dealer",
        "categories": [lamps.pk],
        "skus": "lamp\n",
    }
    client.post(reverse("assortment:add"), fields)
    row = Assortment.objects.get(code="gold")
    assert {each.audience_key for each in row.audiences.all()} == {"members", "kind:dealer"}
    assert {(item.product_id, item.category_id) for item in row.items.all()} == {
        (product.pk, None),
        (None, lamps.pk),
    }
    edit = reverse("assortment:edit", args=(row.pk,))
    assert "LAMP" in client.get(edit).content.decode()
    client.post(edit, fields | {"skus": "", "is_active": ""})
    row.refresh_from_db()
    assert (row.is_active, row.items.count()) == (False, 1)
    client.post(reverse("assortment:delete", args=(row.pk,)))
    assert not Assortment.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"skus": "NONE"}, "There is no product NONE."),
        ({"audience_keys": "tier:none"}, "There is no audience tier:none."),
        ({"skus": ""}, "Specify products, product lines or categories"),
        (
            {"valid_from": "2026-02-02", "valid_until": "2026-02-01"},
            "The last day is before the first day.",
        ),
    ],
)
def test_an_assortment_that_makes_no_sense_is_refused(
    client: Any, olga: Any, changes: Any, message: str
) -> None:
    make_product("LAMP")
    fields = {"name": "G", "code": "g", "effect": "grant", "audience_keys": "members", "skus": "LAMP"}
    response = client.post(reverse("assortment:add"), fields | changes)
    assert message in response.content.decode() and not Assortment.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "productline",
        "unit",
        "taxclass",
        "attributeprofile",
        "categorytranslation",
        "optiontranslation",
        "assortment",
        "categorytranslation",
        "optiontranslation",
        "qudao_products",
    ],
)
def test_every_screen_opens(client: Any, olga: Any, name: str) -> None:
    make_product("A", line="lighting", pack=12)
    grant("members")
    for screen in ("index", "add"):
        assert client.get(reverse(f"{name}:{screen}")).status_code == 200


def test_a_unit_in_use_stays(client: Any, olga: Any) -> None:
    make_product("A")
    client.post(reverse("unit:delete", args=(make_unit().pk,)))
    assert Unit.objects.filter(code="pcs").exists()


def test_products_of_oscars_editor_are_taken_into_the_channel(client: Any, olga: Any) -> None:
    goods = make_product("A").product_class
    made = type(make_product("B")).objects.create(upc="OSC-1", title="Made in Oscar", product_class=goods)
    type(made).objects.create(title="Without UPC", product_class=goods)
    assert "Not in the channel yet (2)" in client.get(reverse("qudao_products:index")).content.decode()
    page = client.get(reverse("qudao_products:unlisted")).content.decode()
    assert "Made in Oscar" in page and "Enter its UPC first" in page
    add = f"{reverse('qudao_products:add')}?sku=OSC-1"
    assert f'href="{add}"' in page and "Made in Oscar" in client.get(add).content.decode()
    client.post(add, form(sku="OSC-1", title="Made in Oscar"))
    assert ProductProfile.objects.get(sku="OSC-1").product_id == made.pk


def test_a_category_is_named_in_chinese(client: Any, olga: Any) -> None:
    lamps = make_category("Lamps")
    fields = {"category": lamps.pk, "language": "zh-hans", "name": "灯具", "description": ""}
    client.post(reverse("categorytranslation:add"), fields)
    assert catalog.get_category("lamps").label("zh-hans") == "灯具"
    again = client.post(reverse("categorytranslation:add"), fields | {"name": "灯"})
    assert again.status_code == 200 and "already exists" in again.content.decode()


@pytest.mark.parametrize("permissions", [[], ["catalogue.view_product"]])
def test_others_are_kept_out(client: Any, permissions: list[str]) -> None:
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin", *permissions]))
    response = client.post(reverse("qudao_products:add"), form())
    assert response.status_code in (302, 403) and not ProductProfile.objects.exists()
