"""The one reader of numbers: what is sure is read, what is not is asked back with both readings."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_core.numbers.rules import (
    COMMA,
    MIXED,
    POINT,
    PROGRAM,
    UNKNOWN,
    NumberError,
    NumberFormat,
    TextWithFormat,
    bounded,
    evidence,
    first_known_format,
    format_number,
    has_more_places,
    is_ambiguous,
    number_format_of,
    read_amount,
    read_number,
)

pytestmark = pytest.mark.any_database


def refusal(text: str, marks: NumberFormat = UNKNOWN) -> NumberError:
    with pytest.raises(NumberError) as caught:
        read_number(text, marks)
    return caught.value


@pytest.mark.parametrize("marks", [POINT, COMMA, UNKNOWN, MIXED])
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("36", "36"),
        (" ３６ ", "36"),
        ("٣٦", "36"),
        ("३६", "36"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("－５", "-5"),
        ("+5", "5"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("12,34,567.5", "1234567.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234", "1234"),
        ("1\u202f234.5", "1234.5"),
        ("1\u2009234,125", "1234.125"),
        ("1'234.50", "1234.50"),
        ("1’234,50", "1234.50"),
        ("１，２３４．５０", "1234.50"),
        ("1。5", "1.5"),
        ("٣٫٥", "3.5"),
        ("\u200b12\ufeff", "12"),
    ],
)
def test_what_a_value_says_itself_is_read_wherever_it_comes_from(
    text: str, number: str, marks: NumberFormat
) -> None:
    assert read_number(text, marks) == Decimal(number)


@pytest.mark.parametrize("marks", [POINT, COMMA, UNKNOWN, MIXED, PROGRAM])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        ".",
        ",",
        "--5",
        "+-5",
        "5-",
        "(5)",
        "1e3",
        "1E3",
        "NaN",
        "Infinity",
        "-inf",
        "3²",
        "½",
        "五",
        "0x10",
    ]
    + [
        "1..5",
        "1,,5",
        "1,23.4",
        "1,2,3",
        "1.2.3",
        "1 2",
        "12 34",
        "1,2345,678",
        "1.234,567,8",
        "12 pcs",
        "5\x00",
    ]
    + ["9" * 41, "1" + "0" * 200, "1,234.567.8", "1'23"],
)
def test_what_is_no_number_is_refused_wherever_it_comes_from(text: str, marks: NumberFormat) -> None:
    assert refusal(text, marks).code == "not_a_number"


@pytest.mark.parametrize(
    ("text", "point", "comma", "unknown"),
    [
        ("1,250", "1250", "1.250", None),
        ("1.250", "1.250", "1250", "1.250"),
        ("1,5", None, "1.5", None),
        ("12,5", None, "12.5", None),
        ("0,125", None, "0.125", None),
        ("12,50", None, "12.50", None),
        ("1.5", "1.5", None, "1.5"),
        (",5", None, "0.5", None),
        (".5", "0.5", None, "0.5"),
        ("1234,567", None, "1234.567", None),
        ("-1,5", None, "-1.5", None),
        ("１，５", None, "1.5", None),
    ],
)
def test_one_separator_is_read_where_its_meaning_is_known(
    text: str, point: str | None, comma: str | None, unknown: str | None
) -> None:
    for marks, number in ((POINT, point), (COMMA, comma), (UNKNOWN, unknown)):
        if number is None:
            assert refusal(text, marks).code == "ambiguous_number"
        else:
            assert read_number(text, marks) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1,5", ("1.5", "15")),
        ("12,5", ("12.5", "125")),
        ("0,125", ("0.125", "125")),
        ("1,250", ("1.25", "1250")),
        ("-1,5", ("-1.5", "-15")),
        (",5", ("0.5", "5")),
    ],
)
def test_an_ambiguous_number_names_both_readings(text: str, readings: tuple[str, str]) -> None:
    error = refusal(text)
    assert error.readings == readings and error.params["value"] == text


def test_a_trailing_separator_is_only_read_as_the_decimal_mark() -> None:
    assert read_number("5.", POINT) == 5 and read_number("5,", COMMA) == 5
    assert refusal("5,", POINT).code == refusal("5.", COMMA).code == "not_a_number"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,5", "ambiguous_number"),
        ("1,250", "ambiguous_number"),
        ("1,234.56", "not_a_number"),
        ("1 250", "not_a_number"),
        ("１２", "not_a_number"),
        ("١٢", "not_a_number"),
        ("1_000", "not_a_number"),
        ("\u22125", "not_a_number"),
    ],
)
def test_programs_write_digits_and_a_point(text: str, code: str) -> None:
    assert refusal(text, PROGRAM).code == code
    assert read_number("12.50", PROGRAM) == Decimal("12.50") and read_number("-3", PROGRAM) == -3


@pytest.mark.parametrize(
    ("language", "decimal", "group"),
    [
        ("en", ".", ","),
        ("zh-hans", ".", ","),
        ("de", ",", "."),
        ("fr", ",", "'"),
        ("de-ch", ".", "'"),
        ("xx", ".", ","),
    ]
    + [("", ".", ","), ("no such", ".", ",")],
)
def test_languages_bring_their_separators(language: str, decimal: str, group: str) -> None:
    assert number_format_of(language) == NumberFormat(decimal, group)


@pytest.mark.parametrize(
    ("texts", "marks"),
    [
        ([], UNKNOWN),
        (["12", "1,250", "1.250", "", "A,B"], UNKNOWN),
        (["12,50"], COMMA),
        (["0,125"], COMMA),
        (["1.234,56"], COMMA),
        (["1.234.567"], COMMA),
        (["1 234,567"], COMMA),
        (["¥12,50"], COMMA),
        (["１２，５０"], COMMA),
        (["12.50"], POINT),
        (["1,234.56"], POINT),
        (["1,234,567"], POINT),
        (["1,234,567.50"], POINT),
        (["1.234.567,5"], COMMA),
        (["1,234.567,8"], UNKNOWN),
        (["1234.567,8", "1234,567.8"], UNKNOWN),
        (["12,50" + " " * 75], COMMA),
        (["12,50" + " " * 76], UNKNOWN),
        (["12.50 元"], POINT),
        (["12.50", "12,50"], MIXED),
        (["1.2.3", "1,2,3", "x,5", "5,"], UNKNOWN),
    ],
)
def test_the_values_of_a_file_prove_its_separators(texts: list[str], marks: NumberFormat) -> None:
    assert evidence(texts) == marks


def test_a_file_that_contradicts_itself_is_asked() -> None:
    assert refusal("1,250", MIXED).code == refusal("1.250", MIXED).code == "ambiguous_number"
    assert refusal("1,5", MIXED).code == "ambiguous_number"
    assert read_number("1.5", MIXED) == Decimal("1.5")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.250", True), ("1,5", True), ("¥1.250", True), ("１，５", True), ("12.50", False), ("1250", False)]
    + [("0.125", False), ("1,234.5", False), ("1,234,567", False), ("1.2345", False)],
)
def test_only_open_values_need_the_rest_of_the_file(text: str, expected: bool) -> None:
    assert is_ambiguous(text) is expected


def test_the_nearest_evidence_counts() -> None:
    assert first_known_format(UNKNOWN, COMMA) == COMMA and first_known_format(POINT, COMMA) == POINT
    assert first_known_format(MIXED, COMMA) == MIXED and first_known_format() == UNKNOWN


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("¥12.50", "12.50"),
        ("12.50元", "12.50"),
        ("￥ 3", "3"),
        ("-¥3", "-3"),
        ("¥-3", "-3"),
        ("€ 1.234,50", "1234.50"),
    ]
    + [("CNY 5", "5"), ("5 usd", "5"), ("12.5", "12.5"), ("\u2212€3", "-3")],
)
def test_a_price_may_carry_its_currency(text: str, number: str) -> None:
    assert read_amount(text) == Decimal(number)


@pytest.mark.parametrize("text", ["元", "¥", "5 apples", "5 pcs", "--¥3"])
def test_a_price_carries_nothing_else(text: str) -> None:
    with pytest.raises(NumberError):
        read_amount(text)


def test_columns_have_limits() -> None:
    assert bounded(Decimal("99999999999.999"), places=3) == Decimal("99999999999.999")
    assert bounded(Decimal("1.500"), places=1) == Decimal("1.5")
    for number, places, code in (
        ("100000000000", 3, "too_large"),
        ("-100000000000", 3, "too_large"),
        ("0.0001", 3, "too_many_decimals"),
        ("NaN", 3, "not_a_number"),
        ("Infinity", 3, "not_a_number"),
    ):
        with pytest.raises(NumberError) as caught:
            bounded(Decimal(number), places=places)
        assert caught.value.code == code


def test_places_are_those_that_say_something() -> None:
    assert not has_more_places(Decimal("1.500"), 1) and has_more_places(Decimal("1.55"), 1)
    assert not has_more_places(Decimal("0.000"), 0) and not has_more_places(Decimal("1E+9"), 0)
    assert has_more_places(Decimal("0.5"), 0)


def test_a_text_remembers_how_its_file_writes_numbers() -> None:
    written = TextWithFormat.of("1.250", COMMA)
    assert written == "1.250" and read_number(written, written.marks) == 1250


@given(st.decimals(min_value=-(10**10), max_value=10**10, places=3))
def test_every_number_survives_in_every_language(number: Decimal) -> None:
    english = f"{number:,}"
    german = english.translate(str.maketrans(".,", ",."))
    assert read_number(english, POINT) == number and read_number(german, COMMA) == number
    assert read_number(format_number(number), PROGRAM) == number


@given(st.text(alphabet="0123456789.,' -+e２，。", max_size=12))
def test_no_text_is_read_as_another_number_by_program_and_person(text: str) -> None:
    try:
        sent = read_number(text, PROGRAM)
    except NumberError:
        return
    assert read_number(text, POINT) == sent


def test_no_number_has_more_than_forty_characters() -> None:
    assert read_number("1" * 40) == Decimal("1" * 40)
    assert read_number(" " * 60 + "1" * 40 + " " * 60) == Decimal("1" * 40)
    for text in ("1" * 41, " " * 61 + "1" * 40 + " " * 60, "x" * 99):
        assert (refusal(text).code, refusal(text).params["value"]) == ("not_a_number", text[:40])
    assert read_number("1" * 40, PROGRAM) == Decimal("1" * 40)
    assert refusal("1" * 41, PROGRAM).params["value"] == "1" * 40
