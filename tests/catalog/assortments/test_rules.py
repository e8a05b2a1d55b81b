from __future__ import annotations

import pytest
from qudao_catalog.assortments.rules import DENY, GRANT, Item, covers, sight

pytestmark = pytest.mark.any_database


def test_nothing_granted_opens_nothing() -> None:
    assert sight([]).nothing
    assert sight([Item(1, DENY, line_id=3)]).nothing


def test_denying_everything_closes_everything() -> None:
    assert sight([Item(1, GRANT, everything=True), Item(2, DENY, everything=True)]).nothing


def test_items_of_one_effect_add_up() -> None:
    found = sight(
        [
            Item(1, GRANT, line_id=3),
            Item(1, GRANT, category_ids=frozenset({5, 6})),
            Item(2, GRANT, names_products=True),
            Item(3, DENY, line_id=4),
        ]
    )
    assert found.granted.lines == {3} and found.granted.categories == {5, 6}
    assert found.granted.product_sets == {2} and found.denied.lines == {4}
    assert not found.nothing


@pytest.mark.parametrize(
    ("sets", "line", "categories", "covered"),
    [
        ((2,), None, (), True),
        ((), 3, (), True),
        ((), 4, (6,), True),
        ((7,), 4, (8,), False),
        ((), None, (), False),
    ],
)
def test_one_way_of_being_covered_is_enough(
    sets: tuple[int, ...], line: int | None, categories: tuple[int, ...], covered: bool
) -> None:
    reach = sight(
        [
            Item(1, GRANT, line_id=3),
            Item(1, GRANT, category_ids=frozenset({5, 6})),
            Item(2, GRANT, names_products=True),
        ]
    ).granted
    assert covers(reach, product_sets=sets, line_id=line, category_ids=categories) is covered
