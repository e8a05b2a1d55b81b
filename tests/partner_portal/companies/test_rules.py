"""Numbers, telephones and postcodes, on their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_partner_portal.companies import rules
from stdnum.cn import uscc

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(st.text(alphabet=LETTERS, min_size=9, max_size=9), st.sampled_from(["110000", "510100", "440300"]))
def test_a_credit_code_is_accepted_with_its_check_digit_and_no_other(unit: str, place: str) -> None:
    start = f"91{place}{unit}"
    right = uscc.calc_check_digit(start)
    for digit in LETTERS:
        found = rules.tax_number(start + digit, "CN")
        assert (found == start + digit) == (digit == right)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800138000", "138 0013 8000"),
        ("１３８００１３８０００", "138 0013 8000"),
        ("028-85123456", "028 8512 3456"),
        ("021-12345678-801", "021 1234 5678 ext. 801"),
        ("400-820-8820", "400 820 8820"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("无", None),
        ("12", None),
    ],
)
def test_telephones_are_read_as_people_write_them(written: str, kept: str | None) -> None:
    assert rules.phone(written, "CN") == kept


def test_a_foreign_address_keeps_its_country_code() -> None:
    assert rules.phone("020 7946 0958", "GB", "CN") == "+44 20 7946 0958"


@pytest.mark.parametrize(("text", "ok"), [("610000", "610000"), ("61000", None), ("SW1A 1AA", None)])
def test_a_chinese_postcode_has_six_digits(text: str, ok: str | None) -> None:
    assert rules.postcode(text, "CN") == ok


def test_a_foreign_postcode_is_kept_as_written() -> None:
    assert rules.postcode("sw1a 1aa", "GB") == "SW1A 1AA"
