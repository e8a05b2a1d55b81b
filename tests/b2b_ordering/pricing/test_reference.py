"""The worked tables of docs/reference/pricing.md, as they stand there."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from qudao_b2b_ordering.pricing import rules
from qudao_partner_portal.api import audience_rank

TEXT = (Path(__file__).parents[3] / "docs/reference/pricing.md").read_text(encoding="utf-8")
SINCE = date(2000, 1, 1)


def table(heading: str) -> list[list[str]]:
    """The cells of the table that follows a line beginning with "Worked: " and `heading`, without its
    header.
    """
    _before, _mark, after = TEXT.partition(f"Worked: {heading}")
    assert _mark, heading
    lines = after[after.index("\n|") + 1 :].split("\n\n", 1)[0].splitlines()
    assert len(lines) > 2
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def cases(heading: str) -> list[Any]:
    return [pytest.param(*cells, id=" ".join(cells)) for cells in table(heading)]


def head(number: int = 1, **fields: object) -> rules.PriceListHeader:
    return rules.PriceListHeader(number, f"list-{number}", "", 1, "CNY", **({"valid_from": SINCE} | fields))


def row(minimum: str, price: str, since: date = SINCE, until: date | None = None) -> rules.Row:
    return rules.Row(1, Decimal(minimum), Decimal(price), since, until)


def test_the_order_of_lists() -> None:
    rows = table("the order of lists")
    heads = {n: head(n, valid_from=date.fromisoformat(cells[2])) for n, cells in enumerate(rows)}
    assignments: dict[str, list[tuple[int, int]]] = {}
    for number, (key, priority, _start, _place) in enumerate(rows):
        assignments.setdefault(key, []).append((number, int(priority)))
    ranks = {key: audience_rank(key) for key in assignments}
    found = rules.candidates(heads, assignments, set(assignments), ranks)
    places = {candidate.head.id: str(place) for place, candidate in enumerate(found, start=1)}
    assert [places[number] for number in range(len(rows))] == [cells[3] for cells in rows]


BREAKS = [row("1", "10.00"), row("12", "9.50"), row("100", "8.00")]


@pytest.mark.parametrize(("quantity", "unit_price", "start"), cases("the row that decides"))
def test_breaks(quantity: str, unit_price: str, start: str) -> None:
    found = rules.list_price(1, Decimal(quantity), BREAKS, [head()])
    assert (found.unit_price, found.from_quantity) == (Decimal(unit_price), Decimal(start))


@pytest.mark.parametrize(("quantity", "unit_price", "note", "start"), cases("a list whose only row"))
def test_below_the_first_break(quantity: str, unit_price: str, note: str, start: str) -> None:
    found = rules.list_price(1, Decimal(quantity), [row("12", "9.50")], [head()])
    assert found.unit_price == (None if unit_price == "none" else Decimal(unit_price))
    assert (found.note or "", found.from_quantity) == (note, Decimal(start))


DATED = [
    row("1", "10.00"),
    row("1", "11.00", date(2026, 7, 1)),
    row("1", "9.00", date(2026, 11, 1), date(2026, 11, 11)),
    row("50", "8.00", until=date(2026, 8, 31)),
]


@pytest.mark.parametrize(("day", "quantity", "unit_price"), cases("rows from 1 at 10.00 (always)"))
def test_validity(day: str, quantity: str, unit_price: str) -> None:
    valid = rules.rows_on(DATED, date.fromisoformat(day))
    found = rules.list_price(1, Decimal(quantity), valid, [head()])
    assert found.unit_price == Decimal(unit_price)


@pytest.mark.parametrize(("price", "percent", "step", "rounding", "derived"), cases("one step"))
def test_one_derivation(price: str, percent: str, step: str, rounding: str, derived: str) -> None:
    found = rules.derive(Decimal(price), Decimal(percent), rounding.replace(" ", "_"), Decimal(step))
    assert str(found) == derived


@pytest.mark.parametrize(
    ("price", "percent_1", "step_1", "percent_2", "step_2", "derived"), cases("derived of derived")
)
def test_two_derivations(
    price: str, percent_1: str, step_1: str, percent_2: str, step_2: str, derived: str
) -> None:
    middle = head(2, base_id=1, percent=Decimal(percent_1), rounding_step=Decimal(step_1))
    top = head(3, base_id=2, percent=Decimal(percent_2), rounding_step=Decimal(step_2))
    assert str(rules.derived_price(Decimal(price), None, [top, middle, head()])) == derived


@pytest.mark.parametrize(("unit_price", "quantity", "net"), cases("lines"))
def test_lines(unit_price: str, quantity: str, net: str) -> None:
    assert str(rules.line_net(Decimal(unit_price), Decimal(quantity))) == net


def test_a_document_with_two_rates() -> None:
    heading = re.search(r"Worked: a document with two rates \((.+?) at 13 %, (.+?) at 6 %\)", TEXT)
    assert heading
    lines = [
        rules.TaxableLine(Decimal(net), rate)
        for nets, rate in zip(heading.groups(), (Decimal("0.13"), Decimal("0.06")), strict=True)
        for net in nets.split(" and ")
    ]
    found = rules.totals(lines)
    expected = [[str(each.rate), str(each.net), str(each.tax)] for each in found.by_rate]
    assert expected + [["total", str(found.net), str(found.tax)]] == table("a document with two rates")
    assert f"Its gross total is {found.gross}." in TEXT
