"""A mapping as JSON: what is kept comes back as it was, and what was sent is believed only as far as it is valid."""

from decimal import Decimal
from typing import Any

import pytest
from qudao_core.imports.mapping import rules

WHOLE = rules.FileMapping(
    encoding="gb18030",
    delimiter=";",
    sheets=("Prices", "Old"),
    header=3,
    sources=(
        rules.Source("sku", (1, 2), fill=True),
        rules.Source("unit_price", (4,), divisor=Decimal(1000), rounded=True),
        rules.Source("status", (5,), words={"停产": "discontinued"}),
        rules.Source("currency", value="CNY"),
    ),
    spread_field="unit_price",
    spread=(rules.Spread(6, {"min_quantity": "100"}),),
    sections="category",
    section_gaps=(2, 3),
    blank=("on request",),
    excluded=(rules.Exclusion(1, "starts", "Total"), rules.Exclusion(4, "empty")),
    dates="dmy",
    joined_by="-",
    variants=7,
)


@pytest.mark.parametrize("mapping", [rules.FileMapping(), WHOLE])
def test_a_mapping_that_is_kept_comes_back_as_it_was(mapping: rules.FileMapping) -> None:
    assert rules.from_json(rules.to_json(mapping)) == mapping


@pytest.mark.parametrize(
    "sent",
    [
        {"header": 0},
        {"header": 1_000_000},
        {"variants": rules.MAX_COLUMNS},
        {"section_gaps": [1]},
        {"blank": ["x" * 500]},
        {"sources": [{"field": "sku", "columns": [1] * rules.MAX_COLUMNS}]},
        {"sources": [{"field": "price", "divisor": "0.000001"}, {"field": "cost", "divisor": 1_000_000}]},
    ],
)
def test_the_limits_themselves_are_valid(sent: dict[str, Any]) -> None:
    assert (
        rules.to_json(rules.from_json(sent)).items()
        >= {name: value for name, value in sent.items() if name != "sources"}.items()
    )


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"encoding": 1}, "encoding"),
        ({"encoding": "x" * 501}, "encoding"),
        ({"encoding": "a\x00b"}, "encoding"),
        ({"sheets": "Prices"}, "sheets"),
        ({"sheets": ["x"] * (rules.MAX_COLUMNS + 1)}, "sheets"),
        ({"header": "1"}, "header"),
        ({"header": True}, "header"),
        ({"header": -1}, "header"),
        ({"header": 1_000_001}, "header"),
        ({"variants": rules.MAX_COLUMNS + 1}, "variants"),
        ({"section_gaps": [0]}, "section_gaps"),
        ({"dates": "ymd"}, "dates"),
        ({"sources": ["sku"]}, "sources.0"),
        ({"sources": [{"columns": [1]}]}, "sources.0.field"),
        ({"sources": [{"field": "sku"}, {"field": "title", "columns": [0]}]}, "sources.1.columns"),
        ({"sources": [{"field": "sku", "fill": 1}]}, "fill"),
        ({"sources": [{"field": "sku", "words": ["a"]}]}, "sources.0.words"),
        ({"sources": [{"field": "sku", "words": {"a": 1}}]}, "sources.0.words"),
        ({"sources": [{"field": "price", "divisor": "0"}]}, "sources.0.divisor"),
        ({"sources": [{"field": "price", "divisor": "NaN"}]}, "sources.0.divisor"),
        ({"sources": [{"field": "price", "divisor": "1000001"}]}, "sources.0.divisor"),
        ({"sources": [{"field": "price", "divisor": "many"}]}, "sources.0.divisor"),
        ({"spread": [{"sets": {}}]}, "spread.0.column"),
        ({"excluded": [{"column": 1, "test": "ends"}]}, "excluded.0.test"),
    ],
)
def test_what_is_not_valid_is_named_with_its_place(sent: dict[str, Any], path: str) -> None:
    with pytest.raises(rules.MappingError) as caught:
        rules.from_json(sent)
    assert (caught.value.code, caught.value.path) == ("not_valid", path)


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"heading": 1}, "heading"),
        ({"sources": [{"field": "sku", "colums": [1]}]}, "sources.0.colums"),
        ({"excluded": [{"column": 1, "than": "x"}]}, "excluded.0.than"),
    ],
)
def test_an_unknown_name_is_no_silent_default(sent: dict[str, Any], path: str) -> None:
    with pytest.raises(rules.MappingError) as caught:
        rules.from_json(sent)
    assert (caught.value.code, caught.value.path) == ("unknown_name", path)


def test_files_of_the_same_make_are_known_by_their_columns() -> None:
    assert rules.shape_of(["SKU", "Price ", ""], 3) == rules.shape_of(["sku", "price"], 9)
    assert rules.shape_of(["SKU", "Price"], 2) != rules.shape_of(["Price", "SKU"], 2)
    assert rules.shape_of(["", None], 2) == rules.shape_of([], 2) != rules.shape_of([], 3)
