"""What is typed becomes a question of bounded size, and is never more than text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_search.querying.parse import (
    MOST_CLAUSES,
    MOST_PHRASES,
    MOST_TOKENS,
    is_question_text,
    read,
    relaxed,
    segments,
)
from qudao_search.synonyms.rules import NO_SYNONYMS, SynonymWords, compile_synonyms
from qudao_search.values import Phrase, Query

from ..matching import answers, document, finds
from ..text.test_rules import anything, mixed

pytestmark = pytest.mark.any_database

SYNONYMS = compile_synonyms(
    [
        SynonymWords(("投光灯", "floodlight", "flood light")),
        SynonymWords(("泛光灯",), ("投光灯",)),
        SynonymWords(("灯", "lamp")),
        SynonymWords(("MCB", "circuit breaker", "断路器")),
    ]
)


def pieces(text: str) -> list[str]:
    return [part.text for part in segments(text, SYNONYMS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LED投光灯 100W", ["led", "投光灯", "100w"]),
        ("8口交换机", ["8口", "交换机"]),
        ("QX-2048-A交换机", ["qx-2048-a", "交换机"]),
        ("TCP/IP 10/100M", ["tcp", "ip", "10/100m"]),
        ("红投光灯", ["红投光灯"]),  # a single character would be left over
        ("投光灯支架", ["投光灯", "支架"]),
        ("台灯罩子", ["台灯罩子"]),  # a synonym of one character stands alone or not at all
        ("x-mcb-2", ["x-mcb-2"]),  # nothing is cut out of a part number
        ("Flood Lights, circuit-breakers", ["flood lights", "circuit-breakers"]),
        ("how do I mount the switch", ["mount", "switch"]),
        ("the", ["the"]),
        ("请问交换机怎么安装", ["交换机", "安装"]),
        ("目的地", ["目的地"]),
        ("don't", ["don't"]),
        ("，。!? 😀 \x00", []),
    ],
)
def test_pieces(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_synonyms_go_the_way_editors_said() -> None:
    by_text = {part.text: part.alternatives for part in segments("投光灯 泛光灯 lamps mcb", SYNONYMS)}
    assert by_text["投光灯"] == ("floodlight", "flood light")
    assert by_text["泛光灯"] == ("投光灯",)
    assert by_text["lamps"] == ("灯",)
    assert by_text["mcb"] == ("circuit breaker", "断路器")


def test_a_synonym_that_finds_one_character_finds_it_inside_a_run() -> None:
    assert finds("lamp", document("户外灯具"), synonyms=SYNONYMS)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "!!!", "\x00\x01", "😀😀", "\"'()*:^~-+&|!{}[]<>\\/", "，。、", "\u0301\u200b", "\ud800"],
)
def test_text_without_a_letter_is_an_empty_question(text: str) -> None:
    assert read(text).is_empty
    assert relaxed(read(text)).is_empty


@given(mixed | anything | st.text(st.sampled_from('"*^:()-+ANDORNOTnear交换机&|!~<>\\ '), max_size=60))
def test_every_question_is_bounded_and_clean(text: str) -> None:
    for question in (read(text, synonyms=SYNONYMS), read(text, as_you_type=True), relaxed(read(text))):
        assert len(question.clauses) <= 2 * MOST_CLAUSES
        for phrase in phrases(question):
            assert 1 <= len(phrase.tokens) <= MOST_TOKENS
            assert all(token.isalnum() or len(token) <= 2 for token in phrase.tokens)


def phrases(question: Query) -> list[Phrase]:
    for clause in question.clauses:
        assert 1 <= len(clause.phrases) <= MOST_PHRASES
    return [*question.whole, *(phrase for clause in question.clauses for phrase in clause.phrases)]


def test_ten_thousand_characters_are_a_small_question() -> None:
    for text in ("交换机" * 3_400, "switch " * 1_500, "a-1" * 3_400):
        question = read(text)
        assert len(question.clauses) <= MOST_CLAUSES
        assert sum(len(phrase.tokens) for phrase in phrases(question)) < 2_000


@given(mixed)
def test_what_is_written_is_found_by_itself(text: str) -> None:
    """A title answers the question that repeats it, loosened or not."""
    found = document(text)
    question = read(text)
    if not question.is_empty:
        assert answers(question, found)
        assert answers(relaxed(question), found)


@given(st.text(st.sampled_from("工业交换机械口灯"), min_size=1, max_size=10), st.data())
def test_any_part_of_a_han_run_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert finds(text[start:end], document(f"8 {text} A"))


@given(st.from_regex(r"[A-Z]{2,3}-[0-9]{2,5}-[A-Z][0-9]?", fullmatch=True), st.data())
def test_any_part_of_a_part_number_with_a_digit_finds_it(code: str, data: st.DataObject) -> None:
    bare = code.replace("-", "")
    start = data.draw(st.integers(0, len(bare) - 3))
    part = bare[start : data.draw(st.integers(start + 3, len(bare)))]
    found = document("Switch", codes=[code])
    if any(map(str.isdigit, part)):
        assert finds(part, found)
        assert finds(part.lower(), found)
    assert (
        finds(code, found) and finds(code.replace("-", " "), found) and finds(code.replace("-", "/"), found)
    )


def test_the_last_word_may_go_on_while_typing() -> None:
    switch = document("Industrial switch")
    assert finds("industrial swi", switch, as_you_type=True)
    assert not finds("industrial swi", switch)
    assert finds("indus switch", switch)  # a word of four letters or more is found by its beginning anywhere
    assert not finds("ind switch", switch, as_you_type=True)
    assert not finds("industrial swi ", switch, as_you_type=True)


def test_a_loosened_question_is_answered_by_some_of_it() -> None:
    question = read("安装交换机 orbital")
    manual = document("交换机安装手册")
    assert not answers(question, manual)
    assert answers(relaxed(question), manual)
    assert not answers(relaxed(question), document("电动机"))


def test_without_synonyms_nothing_is_added() -> None:
    assert read("投光灯", synonyms=NO_SYNONYMS) == read("投光灯")
    assert not finds("floodlight", document("投光灯"))


@pytest.mark.parametrize(
    "text",
    [
        "灯不亮怎么办",
        "空调用多大的线",
        "家里老跳闸",
        "how do I wire it",
        "my breaker keeps tripping",
        "灯带?",
        "电缆要埋多深",
        "零线接哪边",
        "灯带要不要铝槽",
        "海边的灯生锈",
        "客户说网上便宜",
        "is 80 cri good enough",
        "warm or cool white for the kitchen",
        "lamp died after 6 months",
        "wrong goods delivered",
        "customer says it is dear",
    ],
)
def test_what_is_said_as_a_question_is_one(text: str) -> None:
    assert is_question_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "筒灯",
        "led downlight 9w",
        "socket with usb",
        "不锈钢支架",
        "LH-BC1-16",
        "can light 6 inch",
        "多功能插座",
        "",
    ],
)
def test_names_of_things_are_no_questions(text: str) -> None:
    assert not is_question_text(text)


def test_what_only_asks_is_not_looked_for() -> None:
    assert [part.text for part in segments("bv和bvr有什么区别", NO_SYNONYMS)] == ["bv", "bvr"]
    assert [part.text for part in segments("要不要装铝槽", NO_SYNONYMS)] == ["装铝槽"]


def test_of_a_long_question_every_word_counts() -> None:
    text = (
        "客户家里装修完以后卫生间的灯一打开漏电保护器就跳闸把灯拆下来以后又不跳了这个是灯的问题还是线路的问题"
    )
    asked = {clause.phrases[0].tokens for clause in relaxed(read(text), text).clauses}
    assert {("漏电",), ("跳闸",), ("线路",)} <= asked


def test_a_han_run_is_found_by_its_words_wherever_they_stand() -> None:
    assert finds("厨房灯", document("平板灯", text="适合厨房"))
    assert not finds("厨房灯", document("平板灯", text="适合书房"))
    assert finds("开关插座安装", document("插座的安装", text="开关"))
