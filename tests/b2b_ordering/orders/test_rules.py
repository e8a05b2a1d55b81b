"""What may be shipped and what a receipt may say, line by line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from qudao_b2b_ordering.orders import rules
from qudao_b2b_ordering.orders.rules import LineState, ReceiptLine, ShipLine
from qudao_catalog.measures import UnitFacts

D = Decimal
PIECE, METRE = UnitFacts("piece", decimals=0), UnitFacts("metre", decimals=1)
LINES = {
    1: LineState(1, 1, 11, "LAMP", D(10), allocated=D(4), shipped=D(3), dropped=D(2), unit=PIECE),
    2: LineState(2, 2, 12, "CABLE", D("7.5"), allocated=D(9), unit=METRE),
    3: LineState(3, 3, None, "FREIGHT", D("0.5"), unit=PIECE),
}


def found(issues: tuple[rules.LineIssue, ...]) -> list[tuple[str, int]]:
    return [(issue.code, issue.number) for issue in issues]


def test_what_is_open_is_neither_shipped_nor_given_up() -> None:
    assert [line.open for line in LINES.values()] == [5, D("7.5"), D("0.5")]
    assert rules.everything_open(list(LINES.values())) == [
        ShipLine(1, D(5)),
        ShipLine(2, D("7.5")),
        ShipLine(3, D("0.5")),
    ]


def test_what_is_ready_is_promised_from_stock_or_not_kept_in_stock() -> None:
    lines = list(LINES.values())
    assert rules.everything_ready(lines) == [ShipLine(1, D(4)), ShipLine(2, D("7.5"))]
    assert rules.everything_ready(lines, frozenset({11})) == [ShipLine(1, D(5)), ShipLine(2, D("7.5"))]


@pytest.mark.parametrize(
    ("wanted", "issues"),
    [
        ([(1, "5"), (2, "7.5")], []),
        ([(1, "1"), (2, "0.1")], []),
        ([(3, "0.5")], []),  # what is left may be shipped whole, whatever it is
        ([(4, "1")], [("unknown_line", 4)]),
        ([(1, "1"), (1, "1")], [("line_twice", 1)]),
        ([(4, "1"), (4, "1")], [("unknown_line", 4), ("unknown_line", 4)]),
        ([(1, "0"), (2, "-1")], [("quantity_not_positive", 1), ("quantity_not_positive", 2)]),
        ([(1, "NaN")], [("quantity_not_positive", 1)]),
        ([(1, "0.5"), (2, "0.55")], [("quantity_fractional", 1), ("quantity_fractional", 2)]),
        ([(1, "6"), (2, "7.6")], [("more_than_ordered", 1), ("more_than_ordered", 2)]),
    ],
)
def test_a_shipment_holds_no_more_than_is_open_and_each_line_once(
    wanted: list[tuple[int, str]], issues: list[tuple[str, int]]
) -> None:
    shipment = [ShipLine(number, D(quantity)) for number, quantity in wanted]
    assert found(rules.check_shipment(LINES, shipment)) == issues


@pytest.mark.parametrize(
    ("claims", "issues"),
    [
        ([(1, "0", "0"), (2, "1", "0.5")], []),
        ([(1, "3", "0")], []),
        ([(3, "0.5", "0")], []),  # what was sent can be missing whole, whatever it is
        ([(4, "0", "0")], [("unknown_line", 4)]),
        ([(1, "1", "0"), (1, "0", "1")], [("line_twice", 1)]),
        ([(1, "-1", "0"), (2, "0", "-1")], [("quantity_negative", 1), ("quantity_negative", 2)]),
        ([(1, "NaN", "0"), (2, "0", "Infinity")], [("quantity_negative", 1), ("quantity_negative", 2)]),
        ([(1, "0.5", "0"), (2, "0", "0.55")], [("quantity_fractional", 1), ("quantity_fractional", 2)]),
        ([(1, "2", "2")], [("more_than_shipped", 1)]),
        ([(2, "1.5", "0.6")], [("more_than_shipped", 2)]),
    ],
)
def test_short_and_damaged_fit_into_what_was_sent_and_each_line_is_named_once(
    claims: list[tuple[int, str, str]], issues: list[tuple[str, int]]
) -> None:
    sent = {1: D(3), 2: D(2), 3: D("0.5")}
    units = {number: line.unit for number, line in LINES.items()}
    receipt = [ReceiptLine(number, D(short), D(damaged)) for number, short, damaged in claims]
    assert found(rules.check_receipt(sent, receipt, units)) == issues
