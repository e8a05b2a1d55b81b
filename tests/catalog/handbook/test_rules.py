"""What a PDF holds and when two requests ask for the same."""

from datetime import UTC, date, datetime

import pytest
from qudao_catalog.handbook import rules
from qudao_catalog.handbook.rules import CHAPTER, TOPIC, VisibleNode

DAY = date(2026, 11, 25)


def topic(pk: int, published: int = 1) -> VisibleNode:
    return VisibleNode(
        id=pk,
        source_id=pk,
        key=f"k{pk}",
        type=TOPIC,
        title=f"Topic {pk}",
        summary="",
        url_path=f"/h/{pk}/",
        language="en",
        published_at=datetime(2026, 1, published, tzinfo=UTC),
    )


def chapter(*topics: VisibleNode) -> VisibleNode:
    return VisibleNode(
        id=1,
        source_id=1,
        key="c",
        type=CHAPTER,
        title="C",
        summary="",
        url_path="/h/",
        language="en",
        children=topics,
    )


def mark(seen: VisibleNode, **changes: object) -> str:
    asked = {"scope": "chapter", "language": "en", "company_id": 3, "on": DAY} | changes
    return rules.fingerprint(seen, **asked)  # type: ignore[arg-type]


def test_the_same_request_has_the_same_mark() -> None:
    assert mark(chapter(topic(2))) == mark(chapter(topic(2)))


@pytest.mark.parametrize(
    "changes", [{"language": "zh-hans"}, {"company_id": 4}, {"on": date(2026, 11, 26)}, {"scope": "handbook"}]
)
def test_another_reader_language_or_day_is_another_pdf(changes: dict[str, object]) -> None:
    assert mark(chapter(topic(2)), **changes) != mark(chapter(topic(2)))


def test_a_text_that_moved_on_or_a_topic_more_is_another_pdf() -> None:
    marks = {mark(chapter(topic(2))), mark(chapter(topic(2, published=5))), mark(chapter(topic(2), topic(4)))}
    assert len(marks) == 3


def test_links_into_the_same_pdf_stay_inside() -> None:
    html = (
        '<p><a href="/h/2/#part">in</a> <a href="/h/9/">out</a>'
        ' <a href="https://x.example/">away</a> <a>none</a></p>'
    )
    assert rules.inner_links(html, {"/h/2/": "p2"}, "https://site.example") == (
        '<p><a href="#p2">in</a> <a href="https://site.example/h/9/">out</a>'
        ' <a href="https://x.example/">away</a> <a>none</a></p>'
    )


def _node(number: int, type_: str, children: tuple[rules.Node, ...] = ()) -> rules.Node:
    version = rules.Version(number, str(number), "en", type_, "", "", "", f"Page {number}")
    return rules.Node(str(number), type_, version, {"en": version}, children)


def test_a_menu_link_looks_no_further_than_the_first_page_that_is_open() -> None:
    """Every page of the site asks: a handbook of any size costs as many looks as pages are closed before it opens."""
    topics = tuple(_node(number, rules.TOPIC) for number in range(3, 100))
    handbook = _node(1, rules.HANDBOOK, (_node(2, rules.CHAPTER, topics),))
    looked: list[int] = []

    def is_open(version: rules.Version) -> bool:
        looked.append(version.page_id)
        return version.page_id >= 3

    assert rules.is_visible(handbook, "en", is_open)
    assert looked == [1, 2, 3]
