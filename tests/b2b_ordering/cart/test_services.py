from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering import hooks
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.cart import queries, services
from qudao_b2b_ordering.cart.models import Cart, CartLine
from qudao_b2b_ordering.cart.rules import LineInput
from qudao_core import api as core
from qudao_partner_portal import testing as people

from ..channel import Channel


def add(
    channel: Channel, *lines: tuple[object, object], name: str = "bai", **options: object
) -> services.BulkResult:
    inputs = [LineInput(code, quantity) for code, quantity in lines]  # type: ignore[arg-type]
    return services.add_lines(viewer=channel.viewer(name), lines=inputs, **options)  # type: ignore[arg-type]


def test_every_line_is_answered_with_what_became_of_it(channel: Channel) -> None:
    channel.product("LAMP", pack=12)
    channel.product("BULB", stock=5)
    channel.product("SOON", status="announced")
    channel.product("ASK", price=None)
    channel.product("MAX", maximum=10)
    result = add(
        channel,
        ("LAMP", "36"),
        ("lamp", "2箱"),
        ("LAMP", "10"),
        ("BULB", "8"),
        ("NOPE", "1"),
        ("SOON", "1"),
        ("ASK", "1"),
        ("BULB", "two"),
        ("BULB", "0"),
        ("BULB", "-3"),
        ("BULB", "1.5"),
        ("MAX", "50"),
    )
    told = [(line.number, line.code, line.status, [p.code for p in line.problems]) for line in result.lines]
    assert told == [
        (1, "LAMP", "rounded", ["rounded"]),
        (2, "lamp", "rounded", ["rounded"]),
        (3, "LAMP", "rounded", ["rounded"]),
        (4, "BULB", "over_stock", ["not_enough_stock"]),
        (5, "NOPE", "unknown", ["not_available"]),
        (6, "SOON", "not_allowed", ["not_yet_available"]),
        (7, "ASK", "not_allowed", ["price_on_request"]),
        (8, "BULB", "invalid", ["quantity_unreadable"]),
        (9, "BULB", "invalid", ["quantity_not_positive"]),
        (10, "BULB", "invalid", ["quantity_not_positive"]),
        (11, "BULB", "invalid", ["quantity_fractional"]),
        (12, "MAX", "rounded", ["above_maximum"]),
    ]
    assert {line.product.profile.sku: line.quantity for line in CartLine.objects.all()} == {
        "LAMP": Decimal(72),
        "BULB": Decimal(8),
        "MAX": Decimal(10),
    }


def test_a_bad_line_does_not_spoil_a_good_line_of_the_same_product(channel: Channel) -> None:
    channel.product("BULB", stock=100)
    result = add(channel, ("BULB", "8"), ("BULB", "nine"))
    assert [line.status for line in result.lines] == ["ok", "invalid"]
    assert CartLine.objects.get().quantity == 8


def test_adding_adds_and_setting_sets(channel: Channel) -> None:
    channel.product("BULB")
    add(channel, ("BULB", "3"))
    add(channel, ("BULB", "4"))
    assert CartLine.objects.get().quantity == 7
    add(channel, ("BULB", "5"), mode="set")
    assert CartLine.objects.get().quantity == 5


def test_rounding_says_so_in_packs(channel: Channel) -> None:
    channel.product("LAMP", pack=12)
    line = add(channel, ("LAMP", "30")).lines[0]
    assert line.quantity == 36
    assert str(line.problems[0].message) == "Rounded to 36 pieces = 3 cartons."


def test_more_than_in_stock_is_kept_and_says_when_the_rest_comes(channel: Channel) -> None:
    bulb = channel.product("BULB", stock=24)
    ordering.make_arrival(bulb, 50, date(2030, 12, 3), channel.warehouse)
    line = add(channel, ("BULB", "36")).lines[0]
    assert line.status == "over_stock"
    assert str(line.problems[0].message) == "24 pieces in stock; the other 12 are expected on 3 Dec."
    assert CartLine.objects.get().quantity == 36


def test_figures_of_stock_are_told_only_to_who_may_see_them(channel: Channel) -> None:
    ordering.stock_policy(channel.maker, mode="banded")
    channel.product("BULB", stock=24)
    problem = add(channel, ("BULB", "36")).lines[0].problems[0]
    assert str(problem.message) == "There is not enough in stock for 36 pieces."
    assert "available" not in problem.params


@pytest.mark.parametrize(
    ("mode", "stock", "message", "remedy"),
    [
        ("exact", 24, "24 pieces in stock; you asked for 5,000.", "Order 24 pieces now and the rest later."),
        ("exact", 1, "1 piece in stock; you asked for 5,000.", "Order 1 piece now and the rest later."),
        ("exact", 0, "Out of stock.", "Remove the line, or ask your sales contact when more arrives."),
        ("banded", 24, "There is not enough in stock for 5,000 pieces.", None),
        ("banded", 4, "Few left, not enough for 5,000 pieces.", None),
        ("banded", 0, "Out of stock.", None),
        ("hidden", 24, "There is not enough in stock for 5,000 pieces.", None),
        ("hidden", 0, "There is not enough in stock for 5,000 pieces.", None),
    ],
)
def test_a_shortage_says_how_much_there_is_as_far_as_the_policy_goes(
    channel: Channel, mode: str, stock: int, message: str, remedy: str | None
) -> None:
    ordering.stock_policy(channel.maker, mode=mode, low_threshold=10)
    channel.product("BULB", stock=stock)
    problem = add(channel, ("BULB", "5000")).lines[0].problems[0]
    told = remedy or "Order less, or ask your sales contact how much can be delivered."
    assert (problem.code, str(problem.message), str(problem.remedy)) == ("not_enough_stock", message, told)
    assert problem.params.get("available") == (stock if mode == "exact" else None)


def test_the_part_that_can_be_ordered_now_is_whole_packs(channel: Channel) -> None:
    channel.product("LAMP", pack=12, stock=30)
    channel.product("FEW", pack=12, stock=7)
    first, second = (line.problems[0] for line in add(channel, ("LAMP", "60"), ("FEW", "60")).lines)
    assert str(first.message) == "30 pieces in stock; you asked for 60."
    assert str(first.remedy) == "Order 24 pieces now and the rest later."
    assert str(second.remedy) == "Remove the line, or ask your sales contact when more arrives."


@pytest.mark.parametrize(
    ("text", "language", "quantity", "code"),
    [
        ("1,5", "en", None, "quantity_ambiguous"),
        ("1,5", "zh-hans", None, "quantity_ambiguous"),
        ("12,5 m", "zh-hans", None, "quantity_ambiguous"),
        ("12,5", "de", "12.5", None),
        ("1.250", "de", "1250", None),
        ("1,250", "zh-hans", "1250", None),
        ("１２．５米", "zh-hans", "12.5", None),
        ("12。5", "zh-hans", "12.5", None),
        ("1 250", "en", "1250", None),
        ("1e3", "en", None, "quantity_unreadable"),
        ("NaN", "en", None, "quantity_unreadable"),
        ("--5", "en", None, "quantity_unreadable"),
        ("-5", "en", None, "quantity_not_positive"),
        ("\u22125", "en", None, "quantity_not_positive"),
        ("12.55", "en", None, "quantity_fractional"),
        ("999999999999", "en", None, "quantity_too_large"),
    ],
)
def test_a_quantity_is_read_in_the_persons_language_or_asked_back(
    channel: Channel, text: str, language: str, quantity: str | None, code: str | None
) -> None:
    channel.product("CABLE", unit="m", stock=10_000)
    viewer = channel.viewer("bai", language)
    line = services.add_lines(viewer=viewer, lines=[LineInput("CABLE", text)]).lines[0]
    assert line.quantity == (None if quantity is None else Decimal(quantity))
    assert [problem.code for problem in line.problems] == ([code] if code else [])


def test_what_no_document_can_hold_is_refused_in_the_cart(channel: Channel) -> None:
    channel.product("BULB", price="20.00", stock=None)
    ordering.stock_terms(channel.product("FREE", price="0.0001", stock=None), is_unlimited=True)
    line = add(channel, ("BULB", "99999999990")).lines[0]
    assert (line.status, [problem.code for problem in line.problems]) == ("not_allowed", ["amount_too_large"])
    assert add(channel, ("FREE", "99999999999")).lines[0].status == "ok"
    line = add(channel, ("FREE", "1")).lines[0]
    assert (line.status, [problem.code for problem in line.problems]) == ("invalid", ["quantity_too_large"])
    assert CartLine.objects.get().quantity == Decimal(99999999999)


def test_a_cart_is_no_larger_than_an_order_can_be(channel: Channel) -> None:
    for sku in ("A", "B"):
        ordering.stock_terms(channel.product(sku, price="10.00", stock=None), is_unlimited=True)
    add(channel, ("A", "60000000000"), ("B", "60000000000"))
    viewer = channel.viewer("bai")
    priced = queries.price_cart(viewer, Cart.objects.get())
    assert [problem.code for problem in priced.problems] == ["amount_too_large"]
    assert not priced.can_submit


def test_an_ambiguous_quantity_is_asked_with_both_readings(channel: Channel) -> None:
    channel.product("CABLE", unit="m")
    problem = add(channel, ("CABLE", "1,5")).lines[0].problems[0]
    assert str(problem.message) == "“1,5” could mean 1.5 or 15. Enter the one you mean."
    assert problem.params == {"text": "1,5", "one": "1.5", "other": "15"}


def test_nothing_is_rounded_where_the_quantity_is_to_be_exact(channel: Channel) -> None:
    channel.product("LAMP", pack=12)
    channel.product("BULB", minimum=10)
    channel.product("MAX", maximum=10)
    viewer = channel.viewer("bai")
    lines = [LineInput("LAMP", "30"), LineInput("BULB", "7"), LineInput("MAX", "11"), LineInput("LAMP", "6")]
    result = services.add_lines(viewer=viewer, lines=lines, exact=True)
    assert [(line.status, [problem.code for problem in line.problems]) for line in result.lines] == [
        ("ok", []),
        ("invalid", ["below_minimum"]),
        ("invalid", ["above_maximum"]),
        ("ok", []),
    ], "36 lamps in two lines are three cartons"
    assert str(result.lines[1].problems[0].message) == "The minimum is 10 pieces."


def test_a_quantity_raised_to_the_minimum_says_so(channel: Channel) -> None:
    channel.product("BULB", minimum=10)
    line = add(channel, ("BULB", "7")).lines[0]
    assert (line.status, line.quantity) == ("rounded", 10)
    assert str(line.problems[0].message) == "Raised to the minimum of 10 pieces."


def test_a_purchase_rule_keeps_a_product_out_and_says_why(channel: Channel) -> None:
    switch = channel.product("SW-1")
    asked: list[list[int]] = []

    def certified_only(viewer: core.Viewer, product_ids: object) -> dict[int, core.Problem]:
        asked.append(list(product_ids))  # type: ignore[call-overload]
        return {
            switch.pk: core.Problem("not_certified", "Pass the exam first.", remedy_url="/courses/switches/")
        }

    hooks.purchase_rules.register("test", certified_only)
    try:
        line = add(channel, ("SW-1", "1")).lines[0]
    finally:
        hooks.purchase_rules.unregister("test")
    assert (line.status, line.problems[0].code, line.problems[0].remedy_url) == (
        "not_allowed",
        "not_certified",
        "/courses/switches/",
    )
    assert asked == [[switch.pk]]
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("count", [1, 3, 200])
def test_a_bulk_add_costs_the_same_for_any_number_of_lines(channel: Channel, count: int) -> None:
    products = channel.products(count)
    viewer = channel.viewer("bai")
    core.Versions.read()
    add(channel, (products[0].profile.sku, "1"))
    lines = [LineInput(product.profile.sku, "2") for product in products]
    with CaptureQueriesContext(connection) as queries_run:
        services.add_lines(viewer=viewer, lines=lines)
    assert len(queries_run) == 13, [query["sql"][:120] for query in queries_run]


def test_too_many_lines_are_refused_before_anything_is_read(channel: Channel) -> None:
    with pytest.raises(core.Refusal) as refused:
        services.add_lines(viewer=channel.viewer("bai"), lines=[LineInput("X", 1)] * 2001)
    assert refused.value.code == "too_many_lines"
    assert refused.value.problem.params == {"most": 2000, "given": 2001}


@pytest.mark.parametrize("name", ["ann", "cao", "sam"])
def test_only_buyers_have_carts(channel: Channel, name: str) -> None:
    channel.product("BULB")
    with pytest.raises(core.Refusal) as refused:
        add(channel, ("BULB", "1"), name=name)
    assert refused.value.code in {"role_required", "no_seller"}
    assert refused.value.problem.message
    assert not Cart.objects.exists()


def test_a_cart_is_its_owners_alone(channel: Channel) -> None:
    channel.product("BULB")
    cart_id = add(channel, ("BULB", "1")).cart_id
    for name in ("bo", "ann", "cao", "pat", "stu", "ada"):
        with pytest.raises(core.NotFound) as refused:
            queries.get_cart(channel.viewer(name), cart_id)
        assert refused.value.code == "cart_not_found"
    for name in ("bo", "pat", "stu"):
        with pytest.raises(core.NotFound):
            services.clear(viewer=channel.viewer(name), cart_id=cart_id)
    assert queries.get_cart(channel.viewer("bai"), cart_id).pk == cart_id
    assert CartLine.objects.count() == 1


def test_a_person_of_two_companies_has_a_cart_for_each(channel: Channel) -> None:
    channel.product("BULB")
    people.add_member(channel.users["bai"], channel.stranger, ["buyer"])
    add(channel, ("BULB", "1"))
    other = people.viewer_of(channel.users["bai"], channel.stranger)
    assert queries.get_cart(other).pk is None
    services.add_lines(viewer=other, lines=[LineInput("BULB", 9)])
    assert sorted(CartLine.objects.values_list("cart__company__code", "quantity")) == [
        ("D-1", Decimal(1)),
        ("D-2", Decimal(9)),
    ]


def test_a_stale_edit_is_refused_and_a_fresh_one_is_not(channel: Channel) -> None:
    channel.product("BULB")
    first = add(channel, ("BULB", "1"))
    add(channel, ("BULB", "1"), revision=first.revision)
    with pytest.raises(core.Outdated) as refused:
        add(channel, ("BULB", "1"), revision=first.revision)
    assert refused.value.code == "changed_meanwhile"
    assert CartLine.objects.get().quantity == 2


def test_a_line_is_set_noted_and_removed(channel: Channel) -> None:
    channel.product("LAMP", pack=12)
    viewer = channel.viewer("bai")
    line_id = add(channel, ("LAMP", "12")).lines[0].line_id
    assert line_id
    changed = services.set_line(viewer=viewer, line_id=line_id, quantity="3 ctn", note="for the shop")
    assert (changed.status, changed.quantity) == ("ok", 36)
    assert CartLine.objects.get().note == "for the shop"
    with pytest.raises(core.Refusal) as refused:
        services.set_line(viewer=viewer, line_id=line_id, quantity="0")
    assert refused.value.code == "quantity_not_positive"
    assert str(refused.value.problem.remedy) == "To leave out the product, remove the line."
    assert CartLine.objects.get().quantity == 36
    services.remove_line(viewer=viewer, line_id=line_id)
    services.remove_line(viewer=viewer, line_id=line_id)
    assert not CartLine.objects.exists()


def test_a_line_of_another_cart_is_not_found(channel: Channel) -> None:
    channel.product("BULB")
    foreign = add(channel, ("BULB", "1"), name="stu").lines[0].line_id
    add(channel, ("BULB", "1"))
    with pytest.raises(core.NotFound) as refused:
        services.set_line(viewer=channel.viewer("bai"), line_id=foreign or 0, quantity="5")
    assert refused.value.code == "line_not_found"
    services.remove_line(viewer=channel.viewer("bai"), line_id=foreign or 0)
    assert CartLine.objects.filter(pk=foreign).exists()


def test_named_carts_are_started_switched_renamed_and_deleted(channel: Channel) -> None:
    channel.product("BULB")
    viewer = channel.viewer("bai")
    first = add(channel, ("BULB", "1")).cart_id
    second = services.start_cart(viewer=viewer, name="Spring stock")
    add(channel, ("BULB", "7"))
    assert [(cart.name, cart.is_current, cart.line_count) for cart in queries.carts(viewer)] == [
        ("Spring stock", True, 1),
        ("", False, 1),
    ]
    services.switch_cart(viewer=viewer, cart_id=first)
    services.rename_cart(viewer=viewer, cart_id=first, name=" Urgent ")
    assert [(cart.name, cart.is_current) for cart in queries.carts(viewer)] == [
        ("Urgent", True),
        ("Spring stock", False),
    ]
    services.delete_cart(viewer=viewer, cart_id=first)
    assert [(cart.id, cart.is_current) for cart in queries.carts(viewer)] == [(second.pk, True)]
    with pytest.raises(core.NotFound):
        services.switch_cart(viewer=channel.viewer("bo"), cart_id=second.pk)


def test_clearing_keeps_the_cart(channel: Channel) -> None:
    channel.product("BULB")
    cart_id = add(channel, ("BULB", "1")).cart_id
    services.clear(viewer=channel.viewer("bai"))
    assert Cart.objects.get(pk=cart_id).revision == 3
    assert not CartLine.objects.exists()


def test_two_requests_that_both_find_no_cart_get_one(channel: Channel) -> None:
    viewer = channel.viewer("bai")
    first = services._made_current(viewer)
    assert first is not None
    assert services._made_current(viewer) == first
