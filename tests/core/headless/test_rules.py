"""The conventions without Django."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_core.headless import rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("42", rules.Reference("", "42")),
        (42, rules.Reference("id", "42")),
        ("id:42", rules.Reference("id", "42")),
        (" code:D 1 ", rules.Reference("code", "D 1")),
        ("ext:SO-1001", rules.Reference("ext", "SO-1001")),
        ("ext:A:1", rules.Reference("ext", "A:1")),
        ("ext:", None),
        ("ext:  ", None),
        ("SO-1001", rules.Reference("", "SO-1001")),
        ("", None),
        (" \t", None),
        ("x" * 200, rules.Reference("", "x" * 200)),
        ("x" * 201, None),
        ("9" * 5000, None),
        (0, None),
        (-1, None),
        (2**63 - 1, rules.Reference("id", str(2**63 - 1))),
        (2**63, None),
        (True, None),
        (1.0, None),
        (None, None),
        (["1"], None),
        ("a\nb", None),
        ("ext:a\x00b", None),
    ],
)
def test_a_reference_is_a_name_and_perhaps_its_kind(text: object, expected: rules.Reference | None) -> None:
    assert rules.parse_reference(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("42", 42),
        ("0", None),
        ("²", None),
        ("9" * 5000, None),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
    ],
)
def test_only_digits_of_an_id_are_one(value: str, expected: int | None) -> None:
    assert rules.Reference("id", value).id == expected


def test_a_fingerprint_is_of_everything_that_is_asked() -> None:
    request = {"method": "POST", "path": "/x/", "company_id": 1, "body": "abc"}
    others = [{"method": "PUT"}, {"path": "/y/"}, {"company_id": 2}, {"company_id": None}, {"body": "abd"}]
    found = {rules.fingerprint(**(request | other)) for other in [{}, *others]}
    assert len(found) == 1 + len(others)
    assert rules.fingerprint(**request) in found


@pytest.mark.parametrize("other", [{"method": "PUT"}, {"path": "/y/"}, {"company_id": 2}, {"body": [2]}])
def test_a_fingerprint_knows_verb_address_company_and_content(other: dict[str, object]) -> None:
    request = {"method": "POST", "path": "/x/", "company_id": 1, "body": [1]}
    assert rules.fingerprint(**request) != rules.fingerprint(**request | other)  # type: ignore[arg-type]


def test_parts_of_an_entity_tag_do_not_run_together() -> None:
    assert rules.entity_tag("a", "bc") != rules.entity_tag("ab", "c")


def test_weak_and_any_tags_match() -> None:
    etag = rules.entity_tag("cart", 1)
    assert rules.tag_matches([f"W/{etag}"], etag)
    assert rules.tag_matches(["*"], etag)
    assert not rules.tag_matches(['"other"'], etag)


@given(st.integers(min_value=1, max_value=86400), st.floats(min_value=0, max_value=4e9))
def test_a_window_ends_within_its_length(seconds: int, now: float) -> None:
    number, reset = rules.Rate(10, seconds).window(now)
    assert 1 <= reset <= seconds + 1
    assert number * seconds <= now


@pytest.mark.parametrize("text", ["600", "x/min", "0/min", "5/fortnight", "-1/s"])
def test_a_rate_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a rate"):
        rules.Rate.parse(text)


def test_nested_complaints_become_a_flat_list_with_lines_counted_from_one() -> None:
    detail = {"code": ["Taken."], "lines": [{}, {"sku": ["Unknown."]}, {"non_field_errors": ["Both."]}]}
    found = [(error.path, error.line, error.message) for error in rules.flatten_errors(detail)]
    assert found == [("code", None, "Taken."), ("lines.1.sku", 2, "Unknown."), ("lines.2", 3, "Both.")]


def test_tokens_are_long_random_and_recognisable() -> None:
    one, other = rules.new_token(), rules.new_token()
    assert one.startswith("qd_")
    assert one != other
    assert len(one) > 40
    assert rules.token_hash(one) != rules.token_hash(other)
