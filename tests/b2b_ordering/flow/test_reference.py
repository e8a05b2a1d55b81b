"""The worked table of docs/reference/order-flow.md, as it stands there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from qudao_b2b_ordering.flow import rules
from qudao_b2b_ordering.flow.rules import APPROVAL, SELLER, SHIPMENT, Condition, Facts, Flow, Step

TEXT = (Path(__file__).parents[3] / "docs/reference/order-flow.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    after = TEXT.partition("Worked: the way of an order")[2]
    lines = after[after.index("\n|") + 1 :].split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def step(words: str) -> Step:
    """Read ``money ≥ 5000``, ``money if over credit``, ``check if cable``, ``check off``."""
    name, _space, rest = words.partition(" ")
    condition = Condition()
    if rest.startswith("≥"):
        condition = Condition(min_amount=Decimal(rest.removeprefix("≥").strip()))
    elif rest == "if over credit":
        condition = Condition(only_over_credit=True)
    elif rest.startswith("if "):
        condition = Condition(lines=frozenset({rest.removeprefix("if ")}))
    kind = SHIPMENT if name == "ship" else APPROVAL
    return Step(name, name, kind, SELLER, "sales", enabled=rest != "off", condition=condition)


@pytest.mark.parametrize("cells", [pytest.param(cells, id=" ".join(cells)) for cells in rows()])
def test_the_way_of_an_order(cells: list[str]) -> None:
    flow, amount, over_credit, lines, way = cells
    parsed = Flow(tuple(step(words.strip()) for words in flow.split(",")))
    names = frozenset(name.strip() for name in lines.split(",") if name.strip())
    facts = Facts(Decimal(amount), over_credit == "yes", names)
    assert [each.code for each in rules.path(parsed, facts)] == [name.strip() for name in way.split(",")]


def test_the_standard_flow_stands_in_the_document_as_it_is() -> None:
    for each in rules.DEFAULT.steps:
        assert f"| {each.name} {each.name_zh} | {each.kind} | {each.side}, {each.role} |" in TEXT
    assert " → ".join(["提交", *(each.name_zh for each in rules.DEFAULT.steps), "完成"]) in TEXT
