"""Documents as they are written. No database."""

from __future__ import annotations

from typing import Any

import pytest
from qudao_search.entries.rules import access_rule_of, clean, number_of, prepare
from qudao_search.hooks import AccessRule, Document

pytestmark = pytest.mark.any_database


def document(**more: Any) -> Document:
    given = {"item": "1", "titles": {"en": "Lamp"}, "access": (AccessRule("keys", frozenset({"b", "a"})),)}
    return Document(**(given | more))  # type: ignore[arg-type]


def test_keys_are_the_same_on_every_machine() -> None:
    assert number_of("product", [1, 2], {"line": ["red"]}) == 7682204612053582012
    assert number_of({"a": 1, "b": 2}) == number_of({"b": 2, "a": 1})
    assert 0 < number_of() < 2**63


def test_the_order_of_doors_values_and_languages_does_not_matter() -> None:
    one = (AccessRule("keys", frozenset({"a"})), AccessRule("keys", frozenset({"b"})))
    first = prepare(
        "product", document(access=one, facets={"x": ("1", "2"), "y": ("3",)}, languages=("en", "zh")), 9
    )
    again = prepare(
        "product",
        document(access=one[::-1], facets={"y": ("3",), "x": ("2", "1", "1")}, languages=("zh", "en")),
        9,
    )
    assert first.group == again.group
    assert first.digest == again.digest


@pytest.mark.parametrize(
    "change",
    [
        {"titles": {"en": "Lamps"}},
        {"codes": ("A",)},
        {"texts": {"en": "Text"}},
        {"keywords": ("Word",)},
        {"boost": 2.0},
        {"facets": {"line": ("red",)}},
        {"languages": ("en",)},
        {"access": ()},
    ],
)
def test_whatever_is_searched_by_changes_the_digest(change: dict[str, Any]) -> None:
    assert prepare("product", document(), 9).digest != prepare("product", document(**change), 9).digest


def test_texts_are_cut_together() -> None:
    texts = {"en": "abcdef", "zh-hans": "一二三四", "de": "x"}
    assert prepare("product", document(texts=texts), 8).texts == {"en": "abcdef", "zh-hans": "一二"}


def test_boost_stays_within_bounds() -> None:
    assert [prepare("p", document(boost=boost), 9).boost for boost in (0.0, 2.0, 1e9)] == [0.1, 2.0, 10.0]


@pytest.mark.parametrize("item", ["", "x" * 65])
def test_a_key_no_entry_keeps_is_refused(item: str) -> None:
    with pytest.raises(ValueError, match="1 to 64"):
        prepare("product", document(item=item), 9)


def test_what_no_database_keeps_is_replaced() -> None:
    assert clean("a\x00b\ud83dc\U0001f600") == "a\ufffdb\ufffdc\U0001f600"
    assert access_rule_of(AccessRule("keys", frozenset({"\x00"}))).tokens == {"\ufffd"}
