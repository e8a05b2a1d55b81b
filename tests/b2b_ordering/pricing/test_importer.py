"""Price rows from files, into one list or several."""

from datetime import date
from decimal import Decimal

import pytest
from qudao_b2b_ordering.pricing.models import ALWAYS, PriceRow
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_product
from qudao_partner_portal.testing import make_company

from tests.imports import counts, csv, load, problems

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lists():
    maker = make_company("Maker")
    base = make_price_list("base", seller=maker)
    make_price_list("export", seller=maker, currency="EUR")
    make_price_list("gold", seller=maker, base=base, percent=-5)
    make_product("LH-1")
    make_product("LH-2", external_key="E2")


def rows():
    return {
        (row.price_list.code, row.product.profile.sku, row.min_quantity, row.valid_from): row.unit_price
        for row in PriceRow.objects.all()
    }


def test_prices_with_breaks_into_the_chosen_list():
    text = csv(
        ("货号", "单价", "起始数量"),
        ("LH-1", "18.50", ""),
        ("LH-1", "17.2", "100"),
        ("ext:E2", "0.1234", "1"),
    )
    assert counts(load("prices", text, price_list="base")) == (3, 0, 0, 0)
    assert rows() == {
        ("base", "LH-1", 1, ALWAYS): Decimal("18.5"),
        ("base", "LH-1", 100, ALWAYS): Decimal("17.2"),
        ("base", "LH-2", 1, ALWAYS): Decimal("0.1234"),
    }
    assert counts(load("prices", text, price_list="base")) == (0, 0, 3, 0)
    raised = csv(("SKU", "Price", "From quantity"), ("LH-1", "19", "1"), ("LH-1", "17.2", "100"))
    assert counts(load("prices", raised, price_list="base")) == (0, 1, 1, 0)


def test_one_file_for_several_lists_with_dates():
    text = csv(
        ("SKU", "Price list", "Unit price", "Valid from", "Valid until"),
        ("LH-1", "base", "10", "2026-01-01", "2026-12-31"),
        ("LH-1", "export", "1.5", "", ""),
    )
    assert counts(load("prices", text)) == (2, 0, 0, 0)
    assert rows() == {
        ("base", "LH-1", 1, date(2026, 1, 1)): Decimal(10),
        ("export", "LH-1", 1, ALWAYS): Decimal("1.5"),
    }


def test_rows_in_error():
    text = csv(
        ("SKU", "Price list", "Unit price", "From quantity", "Valid from", "Valid until"),
        ("LH-9", "base", "10", "1", "", ""),
        ("LH-1", "gold", "10", "1", "", ""),
        ("LH-1", "base", "-1", "1", "", ""),
        ("LH-1", "base", "10", "0", "", ""),
        ("LH-1", "base", "10", "1", "2026-02-01", "2026-01-01"),
        ("LH-1", "base", "10.12345", "1", "", ""),
        ("LH-2", "base", "10", "1", "01/02/2026", ""),
        ("LH-2", "base", "7", "1", "", ""),
        ("LH-2", "base", "8", "1", "", ""),
    )
    job = load("prices", text, skip_rejected=True)
    assert counts(job) == (1, 0, 0, 8)
    found = {(line, column) for line, column, _code in problems(job)}
    assert found == {
        (2, "SKU"),
        (3, "Price list"),
        (4, "Unit price"),
        (5, "From quantity"),
        (6, "Valid until"),
        (7, "Unit price"),
        (8, "Valid from"),
        (10, "Price list"),
    }
    assert rows() == {("base", "LH-2", 1, ALWAYS): Decimal(7)}


def quoted(cell):
    return f'"{cell}"'


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # the column itself shows how it writes numbers, above or below the open cell
        (["0,125", "1,250"], ["0.125", "1.25"]),
        (["1,250", "12,50"], ["1.25", "12.5"]),
        (["1.250", "12,50"], ["1250", "12.5"]),
        (["1.234,56", "1.250"], ["1234.56", "1250"]),
        (["12.50", "1,250"], ["12.5", "1250"]),
        (["1,234.56", "1,250"], ["1234.56", "1250"]),
        (["1,234,567", "1,250"], ["1234567", "1250"]),
        (["1.250", "3"], ["1.25", "3"]),
        (["¥1,250.00", "¥1,250"], ["1250", "1250"]),
        (["1 250,5", "1,250"], ["1250.5", "1.25"]),
        (["１２．５０", "１，２５０"], ["12.5", "1250"]),
        # nothing shows it: asked
        (["1,250", "3"], [None, "3"]),
        (["1,250", "2,500"], [None, None]),
        # the file contradicts itself: asked
        (["12.50", "1,5"], ["12.5", None]),
        (["12.50", "12,50", "1.250"], ["12.5", None, None]),
        # no numbers at all
        (["1e3", "NaN", "--5"], [None, None, None]),
    ],
)
def test_a_files_own_numbers_say_how_it_writes_them(cells, expected):
    skus = [f"M-{number}" for number in range(len(cells))]
    for sku in skus:
        make_product(sku)
    text = csv(("SKU", "Price"), *zip(skus, map(quoted, cells), strict=True))
    load("prices", text, price_list="base", skip_rejected=True)
    found = {sku: price for (_list, sku, _minimum, _start), price in rows().items()}
    assert [found.get(sku) for sku in skus] == [None if text is None else Decimal(text) for text in expected]


def test_another_column_of_the_file_says_it_where_the_own_one_does_not():
    text = csv(
        ("SKU", "Price", "From quantity"), ("LH-1", quoted("12,50"), "1.000"), ("LH-2", quoted("9,75"), "1")
    )
    assert counts(load("prices", text, price_list="base")) == (2, 0, 0, 0)
    assert rows() == {
        ("base", "LH-1", 1000, ALWAYS): Decimal("12.5"),
        ("base", "LH-2", 1, ALWAYS): Decimal("9.75"),
    }


def test_an_ambiguous_price_names_both_readings():
    job = load("prices", csv(("SKU", "Price"), ("LH-1", quoted("1,250"))), price_list="base")
    assert problems(job) == [(2, "Price", "ambiguous_number")]
    assert "“1,250” could mean 1.25 or 1250." in job.preview["problems"][0]["message"]


def test_a_derived_list_cannot_be_chosen():
    with pytest.raises(Exception, match="invalid_option"):
        load("prices", csv(("SKU", "Price"), ("LH-1", "1")), price_list="gold")


def test_a_file_without_a_list_says_what_to_do():
    job = load("prices", csv(("SKU", "Price", "起订数量"), ("LH-1", "10", "100")))
    assert counts(job) == (0, 0, 0, 1)
    assert [list(problem) for problem in problems(job)] == [[2, "Price list", "required"]]
    assert "Neither the file nor the upload says which price list" in job.preview["problems"][0]["message"]
