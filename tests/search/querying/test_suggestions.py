"""Lines under the search field: own searches, popular ones, things; nothing twice."""

import pytest
from qudao_search.querying.queries import assemble, plain
from qudao_search.values import Hit, Piece

pytestmark = pytest.mark.any_database


def hit(title: str, code: str = "", kind: str = "product") -> Hit:
    return Hit(
        kind=kind, item=title, position=1, title=(Piece(title),), excerpt=(), url=f"/{title}/", code=code
    )


def lines(text: str, **given: object) -> list[tuple[str, str]]:
    found = assemble(text, **({"recents": [], "popular": [], "hits": []} | given))  # type: ignore[arg-type]
    return [(plain(line.text), line.kind) for line in found]


def test_own_searches_come_first_then_popular_ones_then_things() -> None:
    found = lines(
        "swi",
        recents=["Switch 8", "cable", "industrial switch"],
        popular=["switch cabinet", "ＳＷＩＴＣＨ 8"],
        hits=[hit("Switch one", "QX-1"), hit("Switch two", "QX-2")],
    )
    assert found == [
        ("Switch 8", ""),
        ("industrial switch", ""),
        ("switch cabinet", ""),
        ("Switch one", "product"),
        ("Switch two", "product"),
    ]


def test_without_text_only_recent_searches() -> None:
    assert lines(" ", recents=["a b", "A B", "c"], hits=[hit("Thing")]) == [("a b", ""), ("c", "")]


def test_a_title_stands_once_unless_its_part_number_tells_it_apart() -> None:
    things = [
        hit("Switch", "QX-1"),
        hit("Switch", "QX-2"),
        hit("Switch", "QX-2"),
        hit("switch", kind="topic"),
    ]
    assert len(lines("sw", hits=things)) == 3


def test_what_is_typed_is_not_offered_and_the_list_ends() -> None:
    found = lines(
        "switch",
        recents=["Switch"],
        popular=[f"switch {n}" for n in range(9)],
        hits=[hit(str(n)) for n in range(9)],
    )
    assert len(found) == 8
    assert [text for text, kind in found if not kind] == ["switch 0", "switch 1", "switch 2"]


def test_what_was_typed_is_marked() -> None:
    (line,) = assemble("swi", recents=["A switch"], popular=[], hits=[])
    assert [piece.text for piece in line.text if piece.marked] == ["swi"]
