from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model
from qudao_catalog import api as catalog
from qudao_catalog import signals
from qudao_catalog.product_editing import services
from qudao_catalog.product_references import Codes, case_variants
from qudao_catalog.products.models import (
    AttributeProfile,
    OptionTranslation,
    ProductProfile,
    ProductTranslation,
)
from qudao_catalog.testing import make_category, make_line, make_product
from qudao_core import api as core
from qudao_core.events.models import OutboxEvent

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
LAMP = {"sku": "LAMP", "title": "Lamp"}


def upsert(*rows: dict[str, Any], **options: Any) -> catalog.UpsertResult:
    return catalog.upsert_products(actor=None, rows=rows, **options)


def outcomes(result: catalog.UpsertResult) -> list[str]:
    return [row.outcome for row in result.rows]


@pytest.fixture
def goods() -> Any:
    """A product type with an attribute of every kind that can be imported."""
    model = get_model("catalogue", "ProductClass")
    goods = model.objects.create(name="Goods", track_stock=False)
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="Colour")
    white = group.options.create(option="White", code="wh")
    OptionTranslation.objects.create(option=white, language="zh-hans", name="白色")
    for code, kind in {
        "colour": "option",
        "fits": "multi_option",
        "power": "float",
        "poles": "integer",
        "dimmable": "boolean",
        "ip": "text",
        "since": "date",
    }.items():
        grouped = {"option_group": group} if "option" in kind else {}
        attribute = goods.attributes.create(name=code.title(), code=code, type=kind, **grouped)
        AttributeProfile.objects.create(attribute=attribute, is_facet=True)
    return goods


def test_a_new_product_starts_with_sensible_facts() -> None:
    assert outcomes(upsert(LAMP)) == ["created"]
    profile = ProductProfile.objects.select_related("product__product_class").get(sku="LAMP")
    assert (profile.unit.code, profile.tax_class.code, profile.status) == ("pcs", "standard", "active")
    assert (profile.min_quantity, profile.pack_size, profile.sold_in_packs) == (1, 1, False)
    assert (profile.product.upc, profile.product.slug, profile.product.is_public) == ("LAMP", "lamp", True)
    assert profile.product.product_class.name == "Goods"


def test_all_fields_can_be_set_at_once(goods: Any) -> None:
    make_category("Lamps", parent=make_category("Lighting"))
    make_line("lighting")
    make_product("NEW")
    row = LAMP | {
        "title_zh": "灯", "description": "Bright", "description_zh": "亮", "external_key": "E1", "barcode": "69",
        "status": "discontinued", "line": "LIGHTING", "unit": "m", "pack_unit": "roll", "pack_size": "100",
        "sold_in_packs": "yes", "min_quantity": 100, "max_quantity": "1000", "tax_class": "reduced",
        "categories": "Lighting > Lamps", "weight_kg": "1.5", "origin": "cn", "is_public": False,
        "replacement": "new", "attributes": {"power": "9.5", "colour": "white", "dimmable": "是"},
    }  # fmt: skip
    assert upsert(row).problems == ()
    profile = ProductProfile.objects.get(sku="LAMP")
    product = profile.product
    assert (profile.line.code, profile.unit.code, profile.pack_unit.code) == ("lighting", "m", "roll")
    assert (profile.max_quantity, profile.origin, profile.replacement.profile.sku) == (D(1000), "CN", "NEW")
    assert [category.name for category in product.categories.all()] == ["Lamps"]
    words = product.translations.get(language="zh-hans")
    assert (words.title, words.description, words.sort_key) == ("灯", "亮", "deng")
    assert (product.attr.power, product.attr.colour.option, product.attr.dimmable) == (9.5, "White", True)
    assert product.is_public is False


def test_saying_the_same_again_touches_nothing(goods: Any) -> None:
    make_category("Lamps")
    row = LAMP | {"title_zh": "灯", "categories": "lamps", "attributes": {"power": 9, "fits": "White|Black"}}
    upsert(row)
    before = ProductProfile.objects.get().updated_at, Product.objects.get().date_updated
    events, history = OutboxEvent.objects.count(), len(core.history(ProductProfile.objects.get()))
    assert outcomes(upsert(row)) == ["unchanged"]
    assert (ProductProfile.objects.get().updated_at, Product.objects.get().date_updated) == before
    assert OutboxEvent.objects.count() == events
    assert len(core.history(ProductProfile.objects.get())) == history


def test_absent_fields_stay_and_empty_ones_are_cleared(goods: Any) -> None:
    make_category("Lamps")
    upsert(
        LAMP
        | {"barcode": "69", "max_quantity": 5, "categories": ["Lamps"], "title_zh": "灯"}
        | {"attributes": {"power": 9, "ip": "IP20", "fits": ["White"]}}
    )
    result = upsert(
        {
            "sku": "lamp",
            "barcode": "",
            "max_quantity": None,
            "categories": [],
            "attributes": {"power": None, "fits": None},
        }
    )
    assert outcomes(result) == ["changed"]
    profile = ProductProfile.objects.get(sku="LAMP")
    assert (profile.barcode, profile.max_quantity, profile.product.title) == ("", None, "Lamp")
    assert not profile.product.categories.exists()
    assert [value.attribute.code for value in profile.product.attribute_values.all()] == ["ip"]
    assert profile.product.translations.get().title == "灯"


def test_a_change_is_told_with_before_and_after(
    channel: Any, django_capture_on_commit_callbacks: Any
) -> None:
    upsert(LAMP)
    told: list[tuple[int, ...]] = []

    def listen(product_ids: tuple[int, ...], **kwargs: Any) -> None:
        told.append(product_ids)

    signals.products_changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        catalog.update_product(actor=channel.editor, sku="LAMP", title="Desk lamp", pack_size=6)
    signals.products_changed.disconnect(listen)
    profile = ProductProfile.objects.get()
    entry = core.history(profile)[0]
    assert (entry.actor_name, entry.action) == ("Emil Editor", "qudao.product.changed")
    assert entry.data["changes"] == {"title": ["Lamp", "Desk lamp"], "pack_size": ["1.000", "6"]}
    assert told == [(profile.pk,)]
    event = OutboxEvent.objects.filter(topic="catalogue.products_changed").latest("pk")
    assert event.payload == {"product_ids": [profile.pk]}


def test_variants_join_a_parent_of_the_same_file_in_any_order(goods: Any) -> None:
    result = upsert(
        {"sku": "SW-W", "parent": "SW", "title": "White switch", "attributes": {"colour": "White"}},
        {
            "sku": "SW",
            "title": "Switch",
            "unit": "box",
            "pack_unit": "ctn",
            "pack_size": 10,
            "attributes": {"ip": "20"},
        },
        {"sku": "SW-B", "parent": "sw", "title": "Black switch", "attributes": {"colour": "Black"}},
    )
    assert (outcomes(result), result.new_options) == (["created"] * 3, ("Black",))
    parent = Product.objects.get(upc="SW")
    assert parent.structure == "parent"
    assert {child.profile.sku for child in parent.children.all()} == {"SW-W", "SW-B"}
    white = parent.children.get(upc="SW-W")
    assert (white.structure, white.product_class, white.profile.unit.code) == ("child", None, "box")
    assert (white.profile.pack_size, white.attr.colour.option) == (10, "White")
    assert [row.product_id for row in result.rows] == [
        white.pk,
        parent.pk,
        parent.children.get(upc="SW-B").pk,
    ]


def test_a_product_turns_into_a_parent_when_a_variant_joins() -> None:
    upsert(LAMP)
    upsert({"sku": "LAMP-2", "parent": "LAMP"})
    assert Product.objects.get(upc="LAMP").structure == "parent"


def test_a_product_made_in_oscar_is_taken_over_by_its_upc() -> None:
    made = Product.objects.create(upc="lamp", title="Old", product_class=make_product().product_class)
    result = upsert(LAMP)
    assert (outcomes(result), result.rows[0].product_id) == (["created"], made.pk)
    made.refresh_from_db()
    assert (made.title, made.profile.sku) == ("Lamp", "LAMP")


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ({"sku": "", "title": "X"}, "required", "sku"),
        ({"sku": "X"}, "required", "title"),
        ({"sku": "X", "title": "X", "line": "none"}, "unknown_product_line", "line"),
        ({"sku": "X", "title": "X", "unit": "none"}, "unknown_unit", "unit"),
        ({"sku": "X", "title": "X", "unit": ""}, "required", "unit"),
        ({"sku": "X", "title": "X", "pack_unit": "none"}, "unknown_pack_unit", "pack_unit"),
        ({"sku": "X", "title": "X", "tax_class": "none"}, "unknown_tax_class", "tax_class"),
        ({"sku": "X", "title": "X", "product_type": "none"}, "unknown_product_type", "product_type"),
        ({"sku": "X", "title": "X", "categories": "none"}, "unknown_category", "categories"),
        ({"sku": "X", "title": "X", "parent": "none"}, "unknown_product", "parent"),
        ({"sku": "X", "title": "X", "parent": "x"}, "own_parent", "parent"),
        ({"sku": "X", "title": "X", "parent": "CHILD"}, "parent_is_variant", "parent"),
        ({"sku": "X", "title": "X", "replacement": "none"}, "unknown_product", "replacement"),
        ({"sku": "X", "title": "X", "replacement": "x"}, "own_replacement", "replacement"),
        ({"sku": "X", "title": "X", "external_key": "TAKEN"}, "external_key_taken", "external_key"),
        (
            {"sku": "X", "title": "X", "min_quantity": 10, "max_quantity": 5},
            "no_orderable_quantity",
            "max_quantity",
        ),
        ({"sku": "X", "title": "X", "attributes": {"none": 1}}, "unknown_attribute", "attribute:none"),
        ({"sku": "X", "title": "X", "attributes": {"power": "hot"}}, "invalid_attribute", "attribute:power"),
        ({"sku": "X", "title": "X", "attributes": {"poles": 10**12}}, "invalid_attribute", "attribute:poles"),
        (
            {"sku": "X", "title": "X", "attributes": {"dimmable": "x"}},
            "invalid_attribute",
            "attribute:dimmable",
        ),
        ({"sku": "X", "title": "X", "attributes": {"since": "soon"}}, "invalid_attribute", "attribute:since"),
        ({"sku": "X", "title": "X", "attributes": {"colour": [1]}}, "invalid_attribute", "attribute:colour"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_saved(goods: Any, row: Any, code: str, field: str) -> None:
    upsert({"sku": "PARENT", "title": "P", "external_key": "TAKEN"}, {"sku": "CHILD", "parent": "PARENT"})
    result = upsert({"sku": "GOOD", "title": "Good"}, row)
    assert [(each.code, each.field, each.line) for each in result.problems] == [(code, field, 2)]
    assert str(result.problems[0].message)
    assert not result.saved and not ProductProfile.objects.filter(sku__in=["GOOD", "X"]).exists()


def test_the_good_rows_are_kept_where_that_was_asked_for() -> None:
    result = upsert(
        LAMP,
        {"sku": "BAD", "title": "Bad", "line": "none"},
        {"sku": "BAD-1", "parent": "BAD"},
        {"sku": "lamp", "title": "Again"},
        partial=True,
    )
    assert outcomes(result) == ["created", "refused", "refused", "refused"]
    assert [each.code for each in result.problems] == [
        "unknown_product_line",
        "unknown_product",
        "duplicate_row",
    ]
    assert list(ProductProfile.objects.values_list("sku", flat=True)) == ["LAMP"]


def test_a_rehearsal_says_what_would_happen_and_leaves_nothing(goods: Any) -> None:
    upsert(LAMP)
    result = upsert(
        LAMP | {"title": "New"}, {"sku": "B", "title": "B", "attributes": {"colour": "Red"}}, rehearse=True
    )
    assert (outcomes(result), result.saved, result.new_options) == (["changed", "created"], False, ("Red",))
    assert Product.objects.get().title == "Lamp"
    assert not get_model("catalogue", "AttributeOption").objects.filter(option="Red").exists()


def test_statements_do_not_grow_with_rows(goods: Any) -> None:
    make_category("Lamps")

    def statements(start: int, count: int) -> int:
        rows = [
            {"sku": f"S-{number}", "title": f"S {number}", "title_zh": "灯", "categories": "Lamps"}
            | {"attributes": {"colour": "White", "power": number, "fits": "White"}}
            for number in range(start, start + count)
        ]
        with CaptureQueriesContext(connection) as asked:
            assert upsert(*rows).saved
        return len(asked)

    statements(0, 1)  # fills what is kept once (content types)
    assert statements(10, 1) == statements(20, 3) == 49


def test_creating_twice_is_refused_and_changing_what_is_not_there_too() -> None:
    catalog.create_product(actor=None, sku="LAMP", title="Lamp", max_quantity=None)
    with pytest.raises(core.Conflict) as refused:
        catalog.create_product(actor=None, sku="lamp", title="Lamp")
    assert refused.value.code == "exists"
    with pytest.raises(core.NotFound):
        catalog.update_product(actor=None, sku="NONE", title="X")
    with pytest.raises(core.Refusal) as wrong:
        catalog.update_product(actor=None, sku="LAMP", line="none")
    assert (wrong.value.code, wrong.value.problem.field) == ("unknown_product_line", "line")
    catalog.create_product(actor=None, sku="CABLE", title="Cable", external_key="ERP-7", max_quantity=None)
    with pytest.raises(core.Refusal) as taken:
        catalog.update_product(actor=None, sku="LAMP", external_key="ERP-7")
    assert (taken.value.code, taken.value.status) == ("external_key_taken", 409)
    with pytest.raises(core.Refusal) as both:
        catalog.update_product(actor=None, sku="LAMP", line="none", unit="none")
    assert (both.value.code, both.value.status, len(both.value.problems)) == ("values_invalid", 422, 2)


def test_a_discontinued_product_names_its_successor() -> None:
    upsert(LAMP, {"sku": "NEW", "title": "New"})
    catalog.discontinue_product(actor=None, sku="LAMP", replacement="NEW")
    profile = ProductProfile.objects.get(sku="LAMP")
    assert (profile.status, profile.replacement.profile.sku) == ("discontinued", "NEW")


def test_too_many_rows_are_refused_before_anything_is_read() -> None:
    with pytest.raises(core.Refusal) as refused:
        upsert(*[{"sku": str(number), "title": "x"} for number in range(20_001)])
    assert refused.value.code == "too_many_rows"


def test_words_keep_their_sound_when_an_editor_changes_them() -> None:
    lamp = make_product("LAMP")
    row = catalog.set_translation(actor=None, product=lamp, language="zh-hans", title="插座")
    row.title = "灯"
    row.save(update_fields=["title"])
    assert ProductTranslation.objects.get().sort_key == "deng"


def test_every_product_of_a_batch_is_told_of_once_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "EVENT_SIZE", 2)
    result = upsert(*(LAMP | {"sku": f"L{number}"} for number in range(5)))
    assert outcomes(result) == ["created"] * 5
    events = OutboxEvent.objects.filter(topic="catalogue.products_changed").order_by("pk")
    told = [event.payload["product_ids"] for event in events]
    ids = list(ProductProfile.objects.order_by("pk").values_list("pk", flat=True))
    assert told == [ids[:2], ids[2:4], ids[4:]]


# --- One barcode names one product ---

CODE = "6901234567892"


def outcome(*rows, partial=True):
    result = services.upsert_products(actor=None, rows=rows, partial=partial)
    return [(row.outcome, *(problem.code for problem in row.problems)) for row in result.rows]


def test_a_barcode_of_another_product_is_refused():
    make_product("A", barcode=CODE)
    assert outcome({"sku": "B", "title": "B", "barcode": CODE}) == [("refused", "barcode_taken")]
    make_product("C")
    assert outcome({"sku": "C", "barcode": CODE}) == [("refused", "barcode_taken")]
    found = services.upsert_products(actor=None, rows=[{"sku": "C", "barcode": CODE}]).problems[0]
    assert str(found.message) == f"Product A has the barcode “{CODE}” already; a barcode names one product."
    assert (found.field, found.params["sku"]) == ("barcode", "A")


def test_the_same_barcode_twice_in_one_call_is_refused_once():
    rows = [{"sku": sku, "title": sku, "barcode": CODE} for sku in ("A", "B")]
    assert outcome(*rows) == [("created",), ("refused", "barcode_taken")]
    assert outcome({"sku": "A", "barcode": CODE}, {"sku": "D", "title": "D", "barcode": CODE.lower()}) == [
        ("unchanged",),
        ("refused", "barcode_taken"),
    ]


def test_barcodes_may_change_hands_in_one_call():
    make_product("A", barcode="1111")
    make_product("B", barcode="2222")
    assert outcome({"sku": "A", "barcode": "2222"}, {"sku": "B", "barcode": "1111"}) == [
        ("changed",),
        ("changed",),
    ]
    assert outcome({"sku": "A", "barcode": ""}, {"sku": "C", "title": "C", "barcode": "2222"}) == [
        ("changed",),
        ("created",),
    ]


def test_a_family_and_its_variant_may_share_one_and_former_doubles_stay():
    rows = [
        {"sku": "F", "title": "F", "barcode": CODE},
        {"sku": "F-1", "title": "1", "parent": "F", "barcode": CODE},
    ]
    assert outcome(*rows) == [("created",), ("created",)]
    assert outcome({"sku": "F-2", "parent": "F", "barcode": CODE}) == [("refused", "barcode_taken")]
    make_product("X")
    make_product("Y")
    ProductProfile.objects.filter(sku__in=("X", "Y")).update(barcode="77")
    assert outcome({"sku": "X", "title": "New", "barcode": "77"}) == [("changed",)]


@pytest.mark.parametrize("sku", ["Кабель 3х2", "straße-7", "ﬁlter-1", "Öl-5w", "İst-ı", "ΣΑς-1"])
def test_a_sku_in_any_script_is_found_again(sku: str) -> None:
    row = {"sku": sku, "title": "Cable"}
    assert outcomes(upsert(row)) == ["created"]
    assert outcomes(upsert(row)) == ["unchanged"]
    assert outcomes(upsert({**row, "title": "Rope"}, {"sku": "V-1", "title": "Long", "parent": sku})) == [
        "changed",
        "created",
    ]
    owner = ProductProfile.objects.get(sku=sku)
    assert Codes.of([sku]).wanted["sku"] == case_variants(sku)
    assert owner.product.children.count() == 1
