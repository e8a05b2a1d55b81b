from __future__ import annotations

import pytest
from qudao_catalog.assortments.rules import DENY, GRANT, Item, covers, visibility_rule

pytestmark = pytest.mark.any_database


def test_nothing_granted_opens_nothing() -> None:
    assert visibility_rule([]).nothing
    assert visibility_rule([Item(1, DENY, line_id=3)]).nothing


def test_denying_everything_closes_everything() -> None:
    assert visibility_rule([Item(1, GRANT, everything=True), Item(2, DENY, everything=True)]).nothing


def test_items_of_one_effect_add_up() -> None:
    found = visibility_rule(
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
    reach = visibility_rule(
        [
            Item(1, GRANT, line_id=3),
            Item(1, GRANT, category_ids=frozenset({5, 6})),
            Item(2, GRANT, names_products=True),
        ]
    ).granted
    assert covers(reach, product_sets=sets, line_id=line, category_ids=categories) is covered


@pytest.mark.parametrize("effect", [GRANT, DENY])
def test_each_effect_keeps_to_its_own_items(effect: str) -> None:
    """What grants does not deny, of whatever kind the item is."""
    items = [
        Item(1, effect, everything=True),
        Item(2, effect, names_products=True),
        Item(3, effect, line_id=7),
        Item(4, effect, category_ids=frozenset({8, 9})),
    ]
    found = visibility_rule(items)
    full, empty = (found.granted, found.denied) if effect == GRANT else (found.denied, found.granted)
    assert (full.everything, full.product_sets, full.lines, full.categories) == (True, {2}, {7}, {8, 9})
    assert (empty.everything, empty.product_sets, empty.lines, empty.categories) == (
        False,
        set(),
        set(),
        set(),
    )
    assert bool(full) and not empty
    assert found.nothing is (effect == DENY)


@pytest.mark.parametrize(
    "item",
    [Item(1, GRANT, everything=True), Item(1, GRANT, names_products=True), Item(1, GRANT, line_id=3)]
    + [Item(1, GRANT, category_ids=frozenset({5}))],
)
def test_any_one_kind_of_grant_opens_something(item: Item) -> None:
    assert not visibility_rule([item]).nothing
    assert not visibility_rule([item, Item(2, DENY, names_products=True)]).nothing


def test_everything_covers_what_is_named_nowhere() -> None:
    reach = visibility_rule([Item(1, GRANT, everything=True)]).granted
    assert covers(reach, product_sets=(), line_id=None, category_ids=())
