"""Marks on the original text: whatever it is written in, joined the pieces are what they were made of."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_search.querying.parse import read, relaxed
from qudao_search.text.highlight import MOST_MARKS, excerpt, mark, needles
from qudao_search.values import Piece

from .test_rules import anything, mixed

pytestmark = pytest.mark.any_database


def shown(pieces: Iterable[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


def marked(asked: str, text: str, **how: bool) -> str:
    return shown(mark(text, needles(read(asked, **how))))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("交换机", "工業[交換機] 8口"),
        ("交換機", "工业[交换机]"),
        ("机", "[机]械 交换[机]"),
        ("业交", "工业 交换机"),
        ("switch", "A [SWITCH], [ｓｗｉｔｃｈ] and [Switched]"),
        ("switches", "One [switch], two [Switches]"),
        ("cafe", "Le [Café], le [cafe\u0301]."),
        ("qx2048a", "型号 [QX-2048-A]; [ＱＸ２０４８Ａ]"),
        ("048a", "QX-2[048-A]"),
        ("24", "1240, [24]V"),
        ("8口", "交换机 [8口]"),
        ("jhj", "工业[交换机]"),
        ("jiaohuan", "工业[交换]机"),
        ("3.5mm", "[3.5mm] and [3.5 mm]"),
        ("½", "[½] inch"),
        ("<b>", "a <[b]> c"),
        ("", "nothing"),
    ],
)
def test_marks(asked: str, expected: str) -> None:
    text = expected.replace("[", "").replace("]", "")
    assert marked(asked, text) == expected


def test_the_word_being_typed_is_marked_as_far_as_it_goes() -> None:
    assert marked("swi", "A switch", as_you_type=True) == "A [swi]tch"
    assert marked("swi", "A switch") == "A switch"


def test_what_is_written_as_typed_is_marked_before_what_sounds_like_it() -> None:
    assert marked("ji", "机 ji") == "机 [ji]"


@given(mixed | anything, mixed | anything)
def test_pieces_join_to_the_original(asked: str, text: str) -> None:
    for question in (read(asked), relaxed(read(asked))):
        assert "".join(piece.text for piece in mark(text, needles(question))) == text


@given(mixed | anything, mixed | anything, st.integers(5, 60))
def test_an_excerpt_is_a_stretch_of_the_original(asked: str, text: str, length: int) -> None:
    pieces = excerpt(text, needles(read(asked)), length)
    joined = "".join(piece.text for piece in pieces)
    assert joined.strip("…") in text or joined in text
    assert len(joined) <= length + 40


@given(mixed)
def test_no_mark_tears_an_accent_from_its_letter(text: str) -> None:
    for piece in mark(text, needles(read("e a 工"))):
        assert not piece.text.startswith("\u0301") or text.startswith("\u0301") or "\u0301\u0301" in text


def test_an_excerpt_shows_where_most_stands() -> None:
    text = "Switch once. " + "Nothing here. " * 40 + "The managed switch has 8 ports. " + "Nothing. " * 40
    found = shown(excerpt(text, needles(read("managed switch ports")), 80))
    assert found.startswith("…") and found.endswith("…")
    assert "[managed] [switch] has 8 [ports]" in found


def test_an_excerpt_without_a_mark_is_the_beginning() -> None:
    assert shown(excerpt("交换机" * 100, needles(read("cable")), 30)) == "交换机" * 10 + "…"


def test_words_are_not_cut_at_the_ends_of_an_excerpt() -> None:
    text = "alpha " * 50 + "switch" + " omega" * 50
    words = shown(excerpt(text, needles(read("switch")), 60)).strip("…").split()
    assert set(words) == {"alpha", "[switch]", "omega"}


@pytest.mark.parametrize(
    "text", ["的" * 200_000, "a" * 200_000, "a " * 100_000, "-" * 200_000, "1.a" * 66_000, "é" * 200_000]
)
def test_long_texts_of_one_kind_are_marked_in_one_pass(text: str) -> None:
    """Not a matter of seconds but of finishing: each of these once took time that grew with its square."""
    pieces = mark(text, needles(read("的的的的的的 a 1a1a aaaa é")))
    assert sum(piece.marked for piece in pieces) <= 10 * MOST_MARKS
    assert "".join(piece.text for piece in pieces) == text
