"""An import is undone whole: every kind is again as it was, unless something was built on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import override
from oscar.core.loading import get_model
from qudao_b2b_ordering.orders.models import Order, OrderLine
from qudao_b2b_ordering.pricing.models import LastPrice, PriceRow
from qudao_b2b_ordering.stock.models import Arrival, StockLevel
from qudao_b2b_ordering.stock.services import adjust, receive_arrival
from qudao_b2b_ordering.testing import make_price_list, make_warehouse
from qudao_catalog.products.models import ProductProfile
from qudao_catalog.testing import make_category, make_line, make_product
from qudao_core import api as core
from qudao_core.audit.queries import history
from qudao_core.hooks import importers
from qudao_core.imports import services
from qudao_core.imports.models import ImportJob
from qudao_core.imports.undoing.queries import undo_plan
from qudao_core.imports.undoing.services import undo
from qudao_partner_portal.companies.models import Address, Company
from qudao_partner_portal.testing import (
    add_member,
    make_back_office,
    make_company,
    make_tier,
    make_user,
    viewer_of,
)

from tests.locks import locked

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida():
    return viewer_of(make_back_office("Ida Import", is_superuser=True))


@pytest.fixture
def maker():
    return make_company("Maker", code="M-1", is_seller=True)


def bring(viewer: Any, kind: str, text: str, **options: str) -> ImportJob:
    file = ContentFile(text.encode())
    job = services.import_now(viewer=viewer, kind=kind, file=file, name=f"{kind}.csv", options=options)
    assert job.state == "done", (job.message, job.preview)
    return job


def state(*models: Any) -> dict[str, list[Any]]:
    """Every row of some models, without the times of change."""
    times = {"updated_at", "date_updated", "changed_at"}
    found = {}
    for model in models:
        names = [field.attname for field in model._meta.concrete_fields if field.name not in times]
        found[model.__name__] = list(model._default_manager.order_by("pk").values_list(*names))
    return found


def refused(viewer: Any, job: ImportJob) -> list[str]:
    with pytest.raises(core.Conflict) as refusal:
        undo(viewer=viewer, job=job)
    assert refusal.value.problem.code == "undo_blocked"
    job.refresh_from_db()
    assert job.state == "done"
    return [problem.code for problem in refusal.value.problems]


# --- Prices ---


@pytest.fixture
def priced(maker):
    base = make_price_list("base", seller=maker)
    for number in (1, 2, 3):
        make_product(f"LH-{number}")
    return base


PRICES = "sku,price,from quantity,valid until\nLH-1,18.5,1,\nLH-2,3,1,2030-01-01\nLH-3,7,10,\n"


def test_prices_are_removed_and_restored(ida, priced):
    bring(ida, "prices", "sku,price\nLH-1,10\nLH-2,3\n", price_list="base")
    before = state(PriceRow)
    job = bring(ida, "prices", PRICES, price_list="base")
    plan = undo_plan(ida, job)
    assert (plan.remove, plan.restore, plan.blocked, plan.is_possible) == (1, 2, 0, True)
    shown = {row.name: (row.action, row.values) for row in plan.rows}
    assert shown["LH-1"] == ("restore", (("Unit price", "18.5", "10"),))
    assert shown["LH-2"] == ("restore", (("Valid until", "2030-01-01", ""),))
    assert shown["LH-3"] == (
        "remove",
        (("Price list", "base", ""), ("From quantity", "10", ""), ("Unit price", "7", "")),
    )
    job = undo(viewer=ida, job=job)
    assert (job.state, job.message) == ("undone", "Undone: 1 record removed, 2 records restored.")
    assert state(PriceRow) == before
    entry = history(job, 3)[0]
    assert (entry.action, entry.details) == ("qudao.import.undone", "1 removed, 2 restored · prices.csv")
    with override("zh-hans"):
        assert history(job, 1)[0].details == "移除 1 条、恢复 2 条 · prices.csv"


def test_undoing_again_changes_nothing(ida, priced):
    job = undo(viewer=ida, job=bring(ida, "prices", PRICES, price_list="base"))
    bring(ida, "prices", PRICES, price_list="base")
    again = undo(viewer=ida, job=job)
    assert (again.state, PriceRow.objects.count()) == ("undone", 3)


def test_a_price_changed_since_or_used_by_an_order_stands_in_the_way(ida, priced, maker):
    job = bring(ida, "prices", PRICES, price_list="base")
    bring(ida, "prices", "sku,price\nLH-1,19\n", price_list="base")
    assert refused(ida, job) == ["changed_since"]
    bring(ida, "prices", "sku,price\nLH-1,18.5\n", price_list="base")
    derived = make_price_list("gold", seller=maker, base=priced, percent=-5)
    sold(maker, "LH-2", derived.code, "1")
    assert refused(ida, job) == ["used_by_order"]
    assert PriceRow.objects.count() == 3


def sold(maker: Company, sku: str, code: str, minimum: str) -> Order:
    dealer = make_company("Dealer", parent=maker)
    now = timezone.now()
    order = Order.objects.create(
        number=f"N-{Order.objects.count()}", seller=maker, company=dealer, currency="CNY", net=1, tax=0, gross=1,
        submitted_at=now,
    )  # fmt: skip
    OrderLine.objects.create(
        order=order, position=1, product=ProductProfile.objects.get(sku=sku).product, sku=sku, name=sku,
        quantity=1, unit_price=1, net=1, price_source={"list": code, "from_quantity": minimum},
    )  # fmt: skip
    return order


def test_an_order_at_another_price_does_not_matter(ida, priced, maker):
    job = bring(ida, "prices", PRICES, price_list="base")
    sold(maker, "LH-3", "base", "1")
    assert undo(viewer=ida, job=job).state == "undone"


# --- Stock and arrivals ---


@pytest.fixture
def stocked(maker):
    make_warehouse("cd", seller=maker)
    make_warehouse("sh", seller=maker)
    for number in (1, 2):
        make_product(f"LH-{number}")


STOCK = "sku,warehouse,on hand\nLH-1,cd,240\nLH-2,sh,5\n"


def on_hand() -> dict[tuple[str, str], Decimal]:
    return {
        (each.product.profile.sku, each.warehouse.code): each.on_hand
        for each in StockLevel.objects.select_related("product__profile", "warehouse")
    }


def test_counts_are_what_they_were(ida, stocked):
    bring(ida, "stock", "sku,warehouse,on hand\nLH-1,cd,7\n")
    job = bring(ida, "stock", STOCK)
    assert undo(viewer=ida, job=job).state == "undone"
    assert on_hand() == {("LH-1", "cd"): 7, ("LH-2", "sh"): 0}
    level = StockLevel.objects.get(product__profile__sku="LH-1")
    assert [move.quantity for move in level.movements.order_by("pk")] == [7, 233, -233]


def test_stock_that_moved_or_is_promised_stays(ida, stocked):
    job = bring(ida, "stock", STOCK)
    level = StockLevel.objects.get(product__profile__sku="LH-1")
    adjust(actor=ida, level=level, change=Decimal(1))
    adjust(actor=ida, level=level, change=Decimal(-1))
    StockLevel.objects.filter(product__profile__sku="LH-2").update(allocated=2)
    assert refused(ida, job) == ["stock_moved", "stock_allocated"]
    assert on_hand() == {("LH-1", "cd"): 240, ("LH-2", "sh"): 5}


def test_arrivals_are_announced_changed_and_withdrawn(ida, stocked):
    head = "sku,warehouse,quantity,expected on,external key\n"
    bring(ida, "arrivals", head + "LH-1,cd,10,2027-01-01,A\nLH-2,cd,20,2027-01-02,B\n")
    before = [row[1:] for row in state(Arrival)["Arrival"]]
    job = bring(
        ida, "arrivals", head + "LH-1,sh,11,2027-02-01,A\nLH-2,cd,0,2027-01-02,B\nLH-1,cd,5,2027-03-01,C\n"
    )
    plan = undo_plan(ida, job)
    assert (plan.restore, plan.recreate, plan.remove) == (1, 1, 1)
    assert undo(viewer=ida, job=job).state == "undone"
    assert [row[1:] for row in state(Arrival)["Arrival"]] == before
    job = bring(ida, "arrivals", head + "LH-1,cd,5,2027-03-01,C\n")
    receive_arrival(actor=ida, arrival=Arrival.objects.get(external_key="C"))
    assert refused(ida, job) == ["received"]


# --- Products ---

PRODUCTS = (
    "sku,name,chinese name,barcode,line,category,units per pack,attr:power,variant of,country of origin\n"
    "LH-1,Downlight,筒灯,6901234567892,lighting,Lamps,24,1234.5,,CN\n"
    "LH-9,Spotlight,射灯,,lighting,New > Spots,1,3,,\n"
    "LH-9-W,White spotlight,,,,,,,LH-9,\n"
)


@pytest.fixture
def products(maker):
    make_line("lighting")
    make_line("cables")
    make_category("Lamps")
    kind = get_model("catalogue", "ProductClass").objects.create(name="Lamp", track_stock=False)
    get_model("catalogue", "ProductAttribute").objects.create(
        product_class=kind, name="Power", code="power", type="float"
    )
    return {"new_categories": "create", "product_type": "Lamp", "unit": "pcs", "tax_class": "standard"}


MODELS = (
    get_model("catalogue", "Product"),
    ProductProfile,
    get_model("catalogue", "ProductCategory"),
    get_model("catalogue", "Category"),
    get_model("catalogue", "ProductAttributeValue"),
)


def test_products_are_again_as_they_were(ida, products):
    bring(
        ida,
        "products",
        "sku,name,barcode,line,units per pack,attr:power\nLH-1,Lamp,4006381333931,cables,1,1.234\n"
        "LH-9,Spot,,,,\n",
        **products,
    )
    before = state(*MODELS)
    job = bring(ida, "products", PRODUCTS, **products)
    assert len(state(*MODELS)["Product"]) == 3
    plan = undo_plan(ida, job)
    assert plan.is_possible and not plan.obstacles
    assert undo(viewer=ida, job=job).state == "undone"
    after = state(*MODELS)
    assert after.pop("ProductAttributeValue")[0][1:] == before.pop("ProductAttributeValue")[0][1:]
    assert after == before


def test_new_products_in_use_stay(ida, products, maker):
    job = bring(ida, "products", PRODUCTS, **products)
    base = make_price_list("base", seller=maker)
    bring(ida, "prices", "sku,price\nLH-9-W,1\n", price_list=base.code)
    assert refused(ida, job) == ["in_use"]
    plan = undo_plan(ida, job)
    assert [(each.name, each.message) for each in plan.obstacles] == [
        ("LH-9-W", "It is in use by now: prices.")
    ]


# --- Companies and addresses ---

COMPANIES = (
    "code,external key,name,tier,buys from,phone,territories\n"
    "D-1,E1,Dealer One Ltd,gold,A-1,028-8555 0101,\n"
    "A-1,,Agent,,M-1,,\n"
    "D-2,,Dealer Two,,A-1,,\n"
)


def companies() -> list[Any]:
    return [
        (
            each.code,
            each.external_key,
            each.name,
            each.tier_id,
            each.phone,
            getattr(each.get_parent(), "code", ""),
        )
        for each in Company.objects.order_by("code")
    ]


def test_companies_are_again_as_they_were(ida, maker):
    make_tier("gold")
    make_company("Dealer", code="D-1", parent=maker, phone="138 0013 8000")
    before = companies()
    job = bring(ida, "companies", COMPANIES)
    assert undo_plan(ida, job).is_possible
    assert undo(viewer=ida, job=job).state == "undone"
    assert companies() == before
    assert Company.find_problems() == ([], [], [], [], [])


def test_a_company_cannot_go_back_below_one_that_is_gone(ida, maker):
    """The first import made A-1; the second moved D-1 away from it, and then the first was undone."""
    first = bring(ida, "companies", "code,name,buys from\nA-1,Agent,M-1\n")
    make_company("Dealer", code="D-1", parent=Company.objects.get(code="A-1"))
    second = bring(ida, "companies", "code,name,buys from\nD-1,Dealer,M-1\n")
    undo(viewer=ida, job=first)
    assert refused(ida, second) == ["former_gone"]


def test_a_product_cannot_go_back_to_what_is_gone(ida, products):
    first = bring(ida, "products", "sku,name\nLH-1,Lamp\n", **products)
    for sku in ("LH-2", "LH-3"):
        make_product(sku)
    bring(ida, "products", "sku,replaced by\nLH-3,LH-1\n", **products)
    second = bring(ida, "products", "sku,replaced by\nLH-3,LH-2\n", **products)
    assert undo(viewer=ida, job=first).state == "undone"
    assert refused(ida, second) == ["former_gone"]


def test_a_company_with_people_stays(ida, maker):
    make_tier("gold")
    job = bring(ida, "companies", COMPANIES)
    add_member(make_user("Dora"), Company.objects.get(code="D-2"))
    assert refused(ida, job) == ["in_use"]


def test_addresses_are_again_as_they_were(ida, maker):
    head = "company,recipient,region,street,phone,default,label\n"
    bring(ida, "addresses", head + "M-1,Li Lei,Chengdu,Street 1,138 0013 8000,yes,Main\n")
    before = state(Address)
    job = bring(
        ida,
        "addresses",
        head + "M-1,Li Lei,Chengdu,Street 1,138 0013 8000,no,Old\nM-1,Han Mei,Chengdu,Street 2,,yes,New\n",
    )
    assert Address.objects.get(is_default=True).recipient == "Han Mei"
    assert undo(viewer=ida, job=job).state == "undone"
    assert state(Address) == before


# --- Past orders ---

HEAD = "order number,company,ordered,sku,quantity,unit price\n"


def test_past_orders_are_removed_with_the_last_prices_they_set(ida, maker):
    make_company("Dealer", code="D-1", parent=maker)
    make_product("LH-1")
    bring(ida, "orders", HEAD + "SO-1,D-1,2025-01-01,LH-1,1,10\n", seller="M-1", currency="CNY")
    before = state(Order, OrderLine, LastPrice)
    job = bring(
        ida,
        "orders",
        HEAD + "SO-2,D-1,2025-02-01,LH-1,2,11\nSO-3,D-1,2025-03-01,LH-1,2,12\n",
        seller="M-1",
        currency="CNY",
    )
    assert LastPrice.objects.get().unit_price == 12
    assert undo_plan(ida, job).remove == 2
    assert undo(viewer=ida, job=job).state == "undone"
    after = state(Order, OrderLine, LastPrice)
    assert after.pop("LastPrice")[0][1:] == before.pop("LastPrice")[0][1:]
    assert after == before


# --- Beside others ---

FILES = {
    "prices": ("sku,price\nLH-1,1\nLH-2,2\n", ["PriceList"]),
    "stock": (STOCK, ["StockLevel"]),
    "arrivals": (
        "sku,warehouse,quantity,expected on,external key\nLH-1,cd,10,2027-01-01,A\nLH-2,cd,20,2027-01-02,B\n",
        ["Arrival"],
    ),
    "orders": (HEAD + "SO-2,M-1,2025-02-01,LH-1,2,11\nSO-3,M-1,2025-03-01,LH-1,2,12\n", ["Order"]),
    "products": ("sku,name\nN-1,One\nN-2,Two\n", ["ProductProfile"]),
    "companies": ("code,name\nN-1,One\nN-2,Two\n", []),
    "addresses": (
        "company,recipient,region,street,phone\n"
        "M-1,Li Lei,Chengdu,Street 1,138 0013 8000\nM-1,Han Mei,Chengdu,Street 2,138 0013 8000\n",
        ["Company"],
    ),
}
OPTIONS = {
    "prices": {"price_list": "base"},
    "orders": {"seller": "M-1", "currency": "CNY"},
    "products": {"unit": "pcs", "tax_class": "standard"},
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_undone_is_locked_at_once_before_it_is_looked_at(ida, stocked, maker, kind, monkeypatch):
    """Locked batch by batch, an undo and a sale would wait for each other in a circle."""
    make_price_list("base", seller=maker)
    text, held = FILES[kind]
    importer = importers.get(kind)
    monkeypatch.setattr(importer, "batch_size", 1)
    job = bring(ida, kind, text, **OPTIONS.get(kind, {}))
    assert job.parts.count() == 2
    seen: list[list[str]] = []
    look = importer.undo.now
    with locked() as found:
        monkeypatch.setattr(importer.undo, "now", lambda *given: seen.append(list(found)) or look(*given))
        assert undo(viewer=ida, job=job).state == "undone"
    assert seen[0] == []  # asked without any lock whether it is possible
    assert seen[-1] == ["ImportJob", *held], seen


@pytest.mark.parametrize("kind", ["prices", "stock", "arrivals", "addresses", "products"])
def test_an_import_locks_before_it_looks_how_things_are(ida, stocked, maker, kind, monkeypatch):
    """Else what a sale or a person changes between the look and the writing would be undone with it."""
    make_price_list("base", seller=maker)
    importer, seen = importers.get(kind), []
    look = importer.undo.touched
    with locked() as found:
        monkeypatch.setattr(importer.undo, "touched", lambda *given: seen.append(list(found)) or look(*given))
        bring(ida, kind, FILES[kind][0], **OPTIONS.get(kind, {}))
    assert seen[0][-1:] == FILES[kind][1], seen


@pytest.mark.parametrize(("kind", "model"), [("products", "Product"), ("companies", "Company")])
def test_what_is_removed_is_held_before_it_is_asked_what_refers_to_it(ida, stocked, maker, kind, model):
    """Else what somebody adds in between (an address, a price) would vanish with it."""
    job = bring(ida, kind, FILES[kind][0], **OPTIONS.get(kind, {}))
    with locked() as found:
        undo(viewer=ida, job=job)
    assert found[-1] == model


# --- What cannot be undone ---


@pytest.mark.parametrize("code", ["not_imported", "nothing_to_undo", "undo_not_recorded"])
def test_what_cannot_be_undone_says_why(ida, priced, code):
    job = bring(ida, "prices", "sku,price\nLH-1,10\n", price_list="base")
    if code == "not_imported":
        job.state = "checked"
    elif code == "nothing_to_undo":
        job = bring(ida, "prices", "sku,price\nLH-1,10\n", price_list="base")
    else:
        job.parts.all().delete()
    with pytest.raises(core.Conflict) as refusal:
        undo(viewer=ida, job=job)
    assert refusal.value.problem.code == code


def test_every_kind_can_be_undone_or_says_why_not():
    from qudao_core.hooks import importers  # noqa: PLC0415

    assert all(importer.undo or importer.cannot_undo for importer in importers)


def test_somebody_without_the_right_cannot(ida, priced):
    job = bring(ida, "prices", PRICES, price_list="base")
    stranger = viewer_of(make_back_office("Stefan Stranger"))
    with pytest.raises(core.Forbidden):
        undo(viewer=stranger, job=job)
    assert PriceRow.objects.count() == 3
