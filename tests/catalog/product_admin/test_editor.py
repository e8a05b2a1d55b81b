from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from qudao_catalog import api as catalog
from qudao_catalog.assortments.models import Assortment
from qudao_catalog.pictures.queries import picture_url
from qudao_catalog.products.models import ProductProfile, Unit
from qudao_catalog.testing import grant, make_category, make_product, make_type, make_unit
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.testing import make_back_office, make_company
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file, get_test_image_file_svg
from wagtail.permissions import policy_registry

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
    } | changes


def test_a_product_is_entered_and_its_history_names_who(client: Any, olga: Any) -> None:
    response = client.post(reverse("qudao_products:add"), form(pack_unit=make_unit("ctn").pk, pack_size="12"))
    profile = ProductProfile.objects.get(sku="LAMP")
    assert response.status_code == 302
    assert (profile.product.title, profile.pack_unit.code, profile.pack_size) == ("Lamp", "ctn", 12)
    entry = core.history(profile)[0]
    assert (entry.actor_name, entry.action) == ("Olga Office", "qudao.product.created")


def rows(name: str, *given: dict[str, Any], before: int = 0) -> dict[str, Any]:
    """The fields of a formset with these rows."""
    found = {f"{name}-TOTAL_FORMS": len(given), f"{name}-INITIAL_FORMS": before}
    for index, row in enumerate(given):
        found |= {f"{name}-{index}-ORDER": index + 1}
        found |= {f"{name}-{index}-{field}": value for field, value in row.items()}
    return found


def shown(response: Any) -> dict[str, Any]:
    """Everything the form of a page would send back unchanged."""
    form = response.context["form"]
    data: dict[str, Any] = {}
    for each in [form, *(sub for name in form.formsets for sub in form.formsets[name].forms)]:
        for bound in each:
            value = bound.value()
            if value in (None, "", False, []):
                continue
            data[bound.html_name] = "on" if value is True else value
    for formset in form.formsets.values():
        data |= {bound.html_name: bound.value() for bound in formset.management_form}
    return data


def make_picture(title: str = "Front") -> Any:
    return get_image_model().objects.create(title=title, file=get_test_image_file(f"{title}.png"))


def test_a_product_is_changed_and_documents_come_and_go(client: Any, olga: Any) -> None:
    product = make_product("LAMP")
    document = get_document_model().objects.create(title="Sheet", file=ContentFile(b"%PDF", name="s.pdf"))
    address = reverse("qudao_products:edit", args=(product.pk,))
    row = {"document_id": document.pk, "kind": "manual", "language": "en"}
    client.post(address, form(title="Desk lamp", barcode="69", **rows("documents", row)))
    profile = ProductProfile.objects.get(pk=product.pk)
    link = product.documents.get()
    assert (profile.product.title, profile.barcode) == ("Desk lamp", "69")
    assert (link.document_id, link.kind, link.language) == (document.pk, "manual", "en")
    page = client.get(address)
    assert "Sheet" in page.content.decode()
    used = client.get(reverse("wagtaildocs:document_usage", args=(document.pk,))).content.decode()
    assert "LAMP · Desk lamp" in used and f'href="{address}' in used, "a document says which products show it"
    editor = make_back_office(permissions=["catalogue.change_product"])
    assert policy_registry.get_by_type(type(link)).user_has_permission(editor, "change"), "and to whom"
    client.post(address, shown(page) | {"documents-0-DELETE": "1"})
    assert not product.documents.exists()
    assert "Desk lamp" in client.get(reverse("qudao_products:history", args=(product.pk,))).content.decode()


def test_what_is_sent_back_unchanged_changes_nothing(client: Any, olga: Any) -> None:
    kind = make_type("Lamps", power="float", dimmable="boolean", colour="option:white|black")
    product = make_product("LAMP", title="Lamp", title_zh="灯", pack=12, line="lighting")
    catalog.upsert_products(
        actor=None,
        rows=[
            {"sku": "LAMP", "product_type": kind.name}
            | {"attribute:power": "7.5", "attribute:dimmable": "yes", "attribute:colour": "white"}
        ],
    )
    before = core.history(product.profile)
    address = reverse("qudao_products:edit", args=(product.pk,))
    response = client.post(address, shown(client.get(address)))
    assert response.status_code == 302, response.context["form"].errors
    assert core.history(product.profile) == before


def test_pictures_are_added_reordered_and_removed(client: Any, olga: Any) -> None:
    product = make_product("LAMP")
    front, back = make_picture("front"), make_picture("back")
    address = reverse("qudao_products:edit", args=(product.pk,))
    new = [{"image_id": front.pk, "caption": "Front"}, {"image_id": back.pk, "caption": ""}]
    client.post(address, form(**rows("pictures", *new)))
    first, second = product.images.all()
    assert first.caption == "Front" and "front" in first.original.name and "back" in second.original.name
    page = client.get(address)
    assert picture_url(first.original.name) in page.content.decode()
    client.post(address, shown(page) | {"pictures-0-ORDER": 2, "pictures-1-ORDER": 1})
    assert list(product.images.values_list("pk", flat=True)) == [second.pk, first.pk]
    client.post(address, shown(client.get(address)) | {"pictures-0-DELETE": "1"})
    assert list(product.images.values_list("pk", flat=True)) == [first.pk]
    front.delete()
    assert first.original.storage.exists(first.original.name)


@pytest.mark.parametrize("gone", ["row", "file", "never", "svg"])
def test_a_picture_that_cannot_be_used_is_refused(client: Any, olga: Any, gone: str) -> None:
    product, picture = make_product("LAMP"), make_picture()
    pk = picture.pk
    if gone == "row":
        picture.delete()
    elif gone == "file":
        picture.file.storage.delete(picture.file.name)
    elif gone == "svg":
        drawing = get_test_image_file_svg()
        pk = get_image_model().objects.create(title="Drawing", file=drawing, width=1, height=1).pk
    else:
        pk = 2**31 - 1
    address = reverse("qudao_products:edit", args=(product.pk,))
    page = client.post(address, form(**rows("pictures", {"image_id": pk})))
    assert page.status_code == 200 and "This picture cannot be used" in page.content.decode()
    assert not product.images.exists()


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**30])
def test_numbers_out_of_range_are_no_error_of_ours(client: Any, olga: Any, number: int) -> None:
    product = make_product("LAMP")
    address = reverse("qudao_products:edit", args=(product.pk,))
    for given in (
        rows("pictures", {"image_id": number, "id": number}),
        rows("documents", {"document_id": number, "kind": "manual"}),
    ):
        assert client.post(address, form(**given)).status_code == 200
    bulk = reverse("wagtail_bulk_action", args=("qudao_catalog", "productprofile", "edit"))
    assert client.get(f"{bulk}?id={number}").status_code == 200


def test_attributes_are_fields_of_their_type(client: Any, olga: Any) -> None:
    make_type("Lamps", power="float", sockets="integer", dimmable="boolean", colour="option:white|black")
    make_type("Cables", length="float", power="text")
    client.post(
        reverse("qudao_products:add"),
        form(product_type="Lamps")
        | {"attribute:power": "7.5", "attribute:dimmable": "no", "attribute:colour": "black"},
    )
    product = ProductProfile.objects.get(sku="LAMP").product
    assert product.product_class.name == "Lamps"
    assert {row.attribute.code: row.value for row in product.attribute_values.all()} == {
        "power": 7.5,
        "dimmable": False,
        "colour": product.attribute_values.get(attribute__code="colour").value_option,
    }
    address = reverse("qudao_products:edit", args=(product.pk,))
    wrong = client.post(address, form(product_type="Lamps") | {"attribute:sockets": "1.5"})
    assert wrong.status_code == 200 and wrong.context["form"].errors["attribute:sockets"]
    client.post(address, form(product_type="Lamps") | {"attribute:colour": "", "attribute:power": "8"})
    values = {row.attribute.code: row.value for row in product.attribute_values.all()}
    assert values == {"power": 8.0}
    client.post(address, form(product_type="Cables") | {"attribute:power": "strong"})
    assert [row.value for row in product.attribute_values.all()] == ["strong"]


def test_another_type_keeps_what_was_typed(client: Any, olga: Any) -> None:
    make_type("Lamps", power="float", colour="option:white|black")
    make_type("Cables", power="float", length="float")
    address = reverse("qudao_products:attributes")
    typed = form(product_type="Cables") | {"attribute:power": "7,", "attribute:colour": "black"}
    page = client.post(address, typed).content.decode()
    assert 'value="7,"' in page and 'name="attribute:length"' in page
    assert '<input type="hidden" name="attribute:colour" value="black">' in page
    back = client.post(address, typed | {"product_type": "Lamps", "attribute:length": "3"}).content.decode()
    assert '<option value="black" selected' in back
    assert '<input type="hidden" name="attribute:length" value="3">' in back


def test_the_history_says_in_words_what_changed(client: Any, olga: Any) -> None:
    make_type("Lamps", power="float")
    category = make_category("Downlights")
    make_product("NEXT")
    product = make_product("LAMP", title="Lamp")
    catalog.update_product(
        actor=olga,
        sku="LAMP",
        title_zh="灯",
        status="discontinued",
        replacement="NEXT",
        categories=f"id:{category.pk}",
        product_type="Lamps",
        attributes={"power": 7},
        is_public=False,
    )
    page = client.get(reverse("qudao_products:history", args=(product.pk,))).content.decode()
    for words in ("Chinese name", "Downlights", "Discontinued", "Power", "Shown", "Product type"):
        assert words in page, words
    assert "title_zh-hans" not in page


def test_the_history_does_not_take_a_sku_of_figures_for_an_id(client: Any, olga: Any) -> None:
    product, other = make_product("LAMP"), make_product("OTHER")
    make_product(str(other.pk))
    catalog.update_product(actor=None, sku="LAMP", replacement="OTHER")
    catalog.update_product(actor=None, sku="LAMP", replacement=str(other.pk))
    page = client.get(reverse("qudao_products:history", args=(product.pk,))).content.decode()
    assert f"OTHER → {other.pk}" in page


def test_the_history_names_the_choices_of_an_attribute(client: Any, olga: Any) -> None:
    make_type("Lamps", colour="option:white|black")
    product = make_product("LAMP")
    catalog.update_product(actor=None, sku="LAMP", product_type="Lamps", attributes={"colour": "white"})
    for colour in ("Black", "Pearl", ""):
        catalog.update_product(actor=None, sku="LAMP", attributes={"colour": colour})
    page = client.get(reverse("qudao_products:history", args=(product.pk,))).content.decode()
    for change in ("– → white", "white → black", "black → Pearl", "Pearl → –"):
        assert f"Colour: {change}" in page, change


def test_two_editors_lose_nothing(client: Any, olga: Any) -> None:
    product = make_product("LAMP", title="Lamp", title_zh="灯")
    address = reverse("qudao_products:edit", args=(product.pk,))
    mine = shown(client.get(address)) | {"title": "My lamp", "barcode": "69"}
    catalog.update_product(actor=None, sku="LAMP", title="Their lamp", title_zh="她的灯")
    second = client.post(address, mine)
    page = second.content.decode()
    assert second.status_code == 200 and "has been changed while you were editing" in page
    assert "Stored meanwhile: “Their lamp”" in page and 'value="My lamp"' in page and "她的灯" in page
    product.refresh_from_db()
    assert product.title == "Their lamp"
    client.post(address, shown(second))
    profile = ProductProfile.objects.get(pk=product.pk)
    assert (profile.product.title, profile.barcode) == ("My lamp", "69")
    assert profile.product.translations.get().title == "她的灯"


def test_what_is_stored_meanwhile_is_said_in_words(client: Any, olga: Any) -> None:
    make_type("Lamps", at="datetime", dimmable="boolean")
    lamps = make_category("Downlights")
    product = make_product("LAMP", title="Lamp")
    facts = {"at": "2026-01-02T10:00:30+00:00", "dimmable": "no"}
    catalog.update_product(actor=None, sku="LAMP", product_type="Lamps", attributes=facts)
    address = reverse("qudao_products:edit", args=(product.pk,))
    mine = shown(client.get(address)) | {"title": "Mine"}
    facts = {"at": "2026-05-02T10:00:30+00:00", "dimmable": "yes"}
    catalog.update_product(
        actor=None,
        sku="LAMP",
        attributes=facts,
        status="announced",
        categories=f"id:{lamps.pk}",
        sold_in_packs=True,
    )
    second = client.post(address, mine)
    errors = second.context["form"].errors
    for name, words in (
        ("status", "Announced"),
        ("categories", "Downlights"),
        ("sold_in_packs", "Yes"),
        ("attribute:dimmable", "Yes"),
    ):
        assert f"“{words}”" in errors[name][0], errors[name]
    assert client.post(address, shown(second)).status_code == 302
    value = product.attribute_values.get(attribute__code="at").value
    assert value.isoformat() == "2026-05-02T10:00:30+00:00"


def test_pictures_and_attributes_of_another_editor_stay(client: Any, olga: Any) -> None:
    """Who sends the old order of the pictures back, or never saw the fields of the new type, changes neither."""
    make_type("Lamps", power="float")
    make_type("Cables", cores="integer")
    product = make_product("LAMP", title="Lamp")
    address = reverse("qudao_products:edit", args=(product.pk,))
    new = [{"image_id": make_picture(title).pk, "caption": title} for title in ("front", "back")]
    client.post(address, form(product_type="Lamps", **rows("pictures", *new)))
    mine = shown(client.get(address)) | {"title": "My lamp"}
    theirs = shown(client.get(address)) | {"product_type": "Cables", "attribute:cores": "3"}
    client.post(address, theirs | {"pictures-0-ORDER": 2, "pictures-1-ORDER": 1})
    second = client.post(address, mine)
    assert "The pictures have been changed meanwhile." in second.content.decode()
    assert client.post(address, shown(second)).status_code == 302
    product.refresh_from_db()
    assert (product.title, product.attr.cores) == ("My lamp", 3)
    assert list(product.images.values_list("caption", flat=True)) == ["back", "front"]


def test_what_another_editor_saved_is_said_in_words(client: Any, olga: Any) -> None:
    near, far = make_category("Near"), make_category("Far")
    product = make_product("LAMP", title="Lamp")
    address = reverse("qudao_products:edit", args=(product.pk,))
    mine = shown(client.get(address))
    catalog.update_product(
        actor=None,
        sku="LAMP",
        status="discontinued",
        is_public=False,
        unit=make_unit("ctn").code,
        barcode="69",
        categories=[f"id:{near.pk}", f"id:{far.pk}"],
    )
    errors = client.post(address, mine | {"title": "My lamp"}).context["form"].errors
    said = {name: errors[name][0] for name in ("status", "is_public", "unit", "categories", "barcode")}
    assert said == {
        "status": "Stored meanwhile: “Discontinued”.",
        "is_public": "Stored meanwhile: “No”.",
        "unit": f"Stored meanwhile: “{Unit.objects.get(code='ctn')}”.",
        "categories": "Stored meanwhile: “Near, Far”.",
        "barcode": "Stored meanwhile: “69”.",
    }


def test_a_variant_is_entered_below_its_family(client: Any, olga: Any) -> None:
    family = make_product("FAM", title="Lamps", line="lighting")
    ProductProfile.objects.filter(sku="FAM").update(pack_size=12)
    page = client.get(reverse("qudao_products:add"), {"parent": "FAM"})
    assert page.context["form"]["parent"].value() == "FAM"
    shared = {name: page.context["form"][name].value() for name in ("line", "unit", "tax_class", "pack_size")}
    own = family.profile
    assert shared == {
        "line": own.line_id,
        "unit": own.unit_id,
        "tax_class": own.tax_class_id,
        "pack_size": "12",
    }
    client.post(reverse("qudao_products:add"), form(sku="FAM-W", title="White", parent="FAM", title_zh=""))
    variant = ProductProfile.objects.get(sku="FAM-W")
    assert variant.product.parent_id == family.pk
    edit = client.get(reverse("qudao_products:edit", args=(variant.pk,)))
    assert "Edit the family" in edit.content.decode()
    assert "FAM-W" in client.get(reverse("qudao_products:edit", args=(family.pk,))).content.decode()


def test_a_copy_starts_with_everything_but_codes(client: Any, olga: Any) -> None:
    make_type("Lamps", power="float")
    make_category("Lamps")
    source = make_product("LAMP", title="Lamp", title_zh="灯", line="lighting", barcode="69", pack=12)
    facts = {"product_type": "Lamps", "attributes": {"power": 7}, "categories": "Lamps"}
    catalog.update_product(actor=None, sku="LAMP", **facts)
    page = client.get(reverse("qudao_products:copy", args=(source.pk,)))
    data = shown(page)
    assert "sku" not in data and "barcode" not in data and data["attribute:power"] == "7"
    assert (
        client.post(reverse("qudao_products:copy", args=(source.pk,)), data | {"sku": "L2"}).status_code
        == 302
    )
    made = ProductProfile.objects.get(sku="L2")
    assert (made.product.title, made.pack_size, made.line.code) == ("Lamp", 12, "lighting")
    assert made.product.translations.get().title == "灯" and made.product.categories.get().name == "Lamps"
    assert made.product.attribute_values.get().value == 7


def test_a_product_that_nothing_needs_is_deleted(client: Any, olga: Any) -> None:
    product, other = make_product("LAMP"), make_product("OTHER")
    grant("members", products=[product])
    address = reverse("qudao_products:delete", args=(product.pk,))
    assert "referenced" not in client.get(address).content.decode(), "only the service knows"
    page = client.post(address, follow=True).content.decode()
    assert "is in use: " in page and ProductProfile.objects.filter(sku="LAMP").exists()
    client.post(reverse("qudao_products:delete", args=(other.pk,)))
    assert not type(other).objects.filter(pk=other.pk).exists()


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
        "assortment",
        "qudao_categories",
        "qudao_product_types",
        "qudao_option_sets",
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


def test_products_made_elsewhere_are_taken_into_the_channel(client: Any, olga: Any) -> None:
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


def test_a_new_product_does_not_begin_with_somebody_elses_words(client: Any, olga: Any) -> None:
    goods = make_product("A").product_class
    type(goods.products.get()).objects.create(title="Without UPC", product_class=goods)
    assert "Without UPC" not in client.get(reverse("qudao_products:add")).content.decode()


def test_a_variant_whose_family_is_not_in_the_channel_is_shown_edited_copied_and_exported(
    client: Any, olga: Any
) -> None:
    products = type(make_product("A"))
    goods = products.objects.get().product_class
    family = products.objects.create(upc="FAM", title="Family", structure="parent", product_class=goods)
    made = products.objects.create(upc="KID", title="Kid", structure="child", parent=family)
    catalog.upsert_products(actor=None, rows=[{"sku": "KID", "title": "Kid"}])
    page = client.get(reverse("qudao_products:edit", args=(made.pk,))).content.decode()
    assert "A variant of Family (–)" in page and "Edit the family" not in page
    assert client.get(reverse("qudao_products:copy", args=(made.pk,))).status_code == 200
    assert b"KID" in b"".join(client.get(reverse("qudao_products:index"), {"export": "csv"}))
    grant("everyone")
    buyer = portal.company_viewer(make_company("Dealer"))
    assert catalog.get_product(buyer, "KID").family_sku == ""


def test_pictures_cost_one_statement_however_many_they_are(client: Any, olga: Any) -> None:
    product, counts = make_product("LAMP"), []
    address = reverse("qudao_products:edit", args=(product.pk,))
    for number in range(3):
        product.images.create(original=f"images/{number}.png", display_order=number)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[2], counts


@pytest.mark.parametrize("number", ["abc", "9" * 30])
def test_a_picture_of_no_number_is_an_error_in_the_form(client: Any, olga: Any, number: str) -> None:
    address = reverse("qudao_products:edit", args=(make_product("LAMP").pk,))
    wrong = form(**rows("pictures", {"id": number, "caption": "x"}))
    assert client.post(address, wrong).status_code == 200


def test_a_picture_of_another_product_stays_there(client: Any, olga: Any) -> None:
    product, other = make_product("LAMP"), make_product("OTHER")
    theirs = other.images.create(original="images/x.png", caption="Theirs")
    address = reverse("qudao_products:edit", args=(product.pk,))
    for more in ({}, {"DELETE": "1"}):
        client.post(address, form(**rows("pictures", {"id": theirs.pk, "caption": "Mine"} | more)))
    theirs.refresh_from_db()
    assert (theirs.product_id, theirs.caption) == (other.pk, "Theirs") and not product.images.exists()


def test_a_document_named_twice_is_attached_once(client: Any, olga: Any) -> None:
    product = make_product("LAMP")
    document = get_document_model().objects.create(title="Sheet", file=ContentFile(b"%PDF", name="s.pdf"))
    twice = [{"document_id": document.pk, "kind": kind, "language": ""} for kind in ("manual", "drawing")]
    address = reverse("qudao_products:edit", args=(product.pk,))
    assert client.post(address, form(**rows("documents", *twice))).status_code == 302
    assert product.documents.get().kind == "drawing"


def test_what_was_seen_may_be_any_text(client: Any, olga: Any) -> None:
    address = reverse("qudao_products:edit", args=(make_product("LAMP").pk,))
    for seen in ("[" * 200_000, "5", "{"):
        assert client.post(address, form(seen=seen)).status_code == 302


@pytest.mark.parametrize("permissions", [[], ["catalogue.view_product"]])
def test_others_are_kept_out(client: Any, permissions: list[str]) -> None:
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin", *permissions]))
    response = client.post(reverse("qudao_products:add"), form())
    assert response.status_code in (302, 403) and not ProductProfile.objects.exists()
