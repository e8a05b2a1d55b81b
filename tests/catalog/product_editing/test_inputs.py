from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_catalog.product_editing.inputs import FIELDS, clean_row

pytestmark = pytest.mark.any_database


def test_only_what_is_given_is_set() -> None:
    row = clean_row({"sku": " A-1 ", "title": " Lamp ", "pack_size": "1,200.5", "sold_in_packs": "是"})
    assert (row.sku, row.issues) == ("A-1", ())
    assert row.values == {"title": "Lamp", "pack_size": D("1200.5"), "sold_in_packs": True}


def test_words_and_attributes_have_their_own_columns() -> None:
    row = clean_row(
        {
            "sku": "A",
            "title_zh": "灯",
            "title:zh-hans": "灯二",
            "description:zh": "文",
            "attribute:power": "9",
        }
        | {"attributes": {"colour": "White"}}
    )
    assert row.issues == ()
    assert row.values["titles"] == {"zh-hans": "灯二"} and row.values["descriptions"] == {"zh-hans": "文"}
    assert row.values["attributes"] == {"power": "9", "colour": "White"}


def test_lists_are_split_at_bars_and_semicolons() -> None:
    assert clean_row({"sku": "A", "categories": "Lamps; Lamps|开关；"}).values["categories"] == (
        "Lamps",
        "开关",
    )
    assert clean_row({"sku": "A", "categories": None}).values["categories"] == ()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("sku", "", "required"),
        ("sku", None, "required"),
        ("sku", "ext:1", "invalid_sku"),
        ("sku", "A\\B", "invalid_sku"),
        ("sku", "X" * 65, "too_long"),
        ("title", "", "required"),
        ("title", ["x"], "not_a_text"),
        ("title", "a\x00b", "not_a_text"),
        ("title", "x" * 256, "too_long"),
        ("pack_size", "0", "not_positive"),
        ("pack_size", "-1", "not_positive"),
        ("pack_size", "twelve", "not_a_number"),
        ("pack_size", True, "not_a_number"),
        ("pack_size", "", "required"),
        ("pack_size", "1e20", "not_a_number"),
        ("pack_size", "NaN", "not_a_number"),
        ("pack_size", "1,5", "ambiguous_number"),
        ("pack_size", "1_000", "not_a_number"),
        ("pack_size", "99999999999999", "not_positive"),
        ("min_quantity", "1.2345", "too_many_decimals"),
        ("sold_in_packs", "perhaps", "not_a_flag"),
        ("status", "sold", "unknown_choice"),
        ("origin", "China", "too_long"),
        ("origin", "1A", "unknown_choice"),
        ("categories", 5, "not_a_list"),
        ("attributes", [1], "not_a_mapping"),
        ("colour", "red", "unknown_field"),
    ],
)
def test_a_value_that_cannot_be_taken_says_why(field: str, value: Any, code: str) -> None:
    row = clean_row({"sku": "A", field: value})
    assert [(issue.code, issue.field) for issue in row.issues] == [(code, field)]
    assert field not in row.values


def test_empty_clears_what_may_be_empty() -> None:
    row = clean_row({"sku": "A", "max_quantity": "", "barcode": None, "weight_kg": None, "line": ""})
    assert row.values == {"max_quantity": None, "barcode": "", "weight_kg": None, "line": ""}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["sku", *FIELDS]) | st.text(max_size=8), anything, max_size=5))
def test_nothing_from_outside_crashes_the_reader(row: dict[str, Any]) -> None:
    cleaned = clean_row(row)
    assert isinstance(cleaned.sku, str)
    assert {issue.field for issue in cleaned.issues}.isdisjoint(cleaned.values)
