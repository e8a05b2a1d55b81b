"""Units, their names for one and for many, and quantities that know their unit."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal as D

import pytest
from qudao_catalog.measures import (
    ANY_UNIT,
    LARGEST,
    Quantity,
    QuantityError,
    UnitFacts,
    UnitName,
    quantity_fault,
    unit_form,
)

pytestmark = pytest.mark.any_database
PIECE = UnitFacts("pcs", "piece", "pieces", "个", 0)
METRE = UnitFacts("m", "metre", "metres", "米", 1)


@pytest.mark.parametrize(
    ("number", "unit", "code"),
    [
        ("1", PIECE, None),
        ("2.000", PIECE, None),
        ("0", PIECE, None),
        ("-3", PIECE, None),
        ("0.5", PIECE, "quantity_fractional"),
        ("936.5", PIECE, "quantity_fractional"),
        ("-0.5", PIECE, "quantity_fractional"),
        ("12.5", METRE, None),
        ("12.55", METRE, "quantity_fractional"),
        ("0.001", ANY_UNIT, None),
        ("0.0001", ANY_UNIT, "quantity_fractional"),
        ("99999999999.999", ANY_UNIT, None),
        ("100000000000", PIECE, "quantity_too_large"),
        ("-100000000000", PIECE, "quantity_too_large"),
        ("NaN", PIECE, "quantity_unreadable"),
        ("Infinity", PIECE, "quantity_unreadable"),
    ],
)
def test_there_is_no_quantity_finer_than_its_unit(number: str, unit: UnitFacts, code: str | None) -> None:
    assert quantity_fault(D(number), unit) == code
    if code is None:
        assert Quantity(D(number), unit).number == D(number)
    else:
        with pytest.raises(QuantityError) as caught:
            Quantity(D(number), unit)
        assert (caught.value.code, caught.value.unit) == (code, unit)


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (1, "piece"),
        (D("1.000"), "piece"),
        (0, "pieces"),
        (2, "pieces"),
        (D("0.5"), "pieces"),
        (D(-1), "pieces"),
    ]
    + [(None, "pieces")],
)
def test_a_unit_is_plural_for_everything_but_one(quantity: D | int | None, shown: str) -> None:
    assert unit_form(PIECE.label("en"), quantity) == shown
    assert unit_form(PIECE.label("zh-hans"), quantity) == "个"
    assert unit_form("kg", quantity) == "kg"


def test_a_unit_without_a_plural_keeps_its_name() -> None:
    assert unit_form(UnitFacts("kg", "kg").label("en"), 5) == "kg"
    assert UnitFacts("x").label("en") == "x" and UnitFacts("x", "ex").label("zh-hans") == "ex"


def test_a_unit_name_is_a_text_like_any_other() -> None:
    name = UnitName.of("box", "boxes")
    assert name == "box" and json.dumps(name) == '"box"'
    assert copy.deepcopy(name).plural == pickle.loads(pickle.dumps(name)).plural == "boxes"
    assert UnitName("box").plural == ""


def test_no_quantity_is_larger_than_its_column() -> None:
    assert D("99999999999.999") == LARGEST
