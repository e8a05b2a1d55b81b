"""The handbook's texts, figures, films and papers, without a database."""

import io
import re
from collections import Counter

import pytest
from docx import Document as open_docx
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader
from qudao_site.demo import papers
from qudao_site.demo.content.families import items
from qudao_site.demo.content.handbook import HANDBOOKS
from qudao_site.demo.content.handbook.shapes import Attributes, Figure, Film, Goods, Papers, Rich, Words
from qudao_site.demo.content.papers import PAPERS
from qudao_site.demo.content.products import FAMILIES
from qudao_site.demo.content.synonyms import ONE_WAY, SAME
from qudao_site.demo.content.terms import TYPES
from qudao_site.demo.pictures.figures import figures, number, render_figure
from qudao_site.demo.pictures.films import render_film

TOPICS = [topic for book in HANDBOOKS for part in book.chapters for topic in part.topics]
HAN = re.compile(r"[\u4e00-\u9fff]")
#: A topic is looked up, not studied.
LONGEST = 700


def leaves(value):
    """Everything in a block's value that is not a container."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def everything(topic):
    return [leaf for block in topic.blocks for leaf in leaves(block.value)]


def words(topic, side):
    said = [leaf[side] for leaf in everything(topic) if isinstance(leaf, Words | Rich)]
    return re.sub(r"<[^>]+>", " ", " ".join(said))


def test_there_are_three_handbooks_of_more_than_fifty_topics_with_names_of_their_own():
    assert [book.key for book in HANDBOOKS] == ["product-knowledge", "installation-and-safety", "selling"]
    keys = [topic.key for topic in TOPICS]
    assert len(keys) == len(set(keys)) == 55
    assert len({topic.title.en for topic in TOPICS}) == len({topic.title.zh for topic in TOPICS}) == 55


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
def test_a_topic_says_the_same_in_both_languages(topic):
    assert HAN.search(topic.title.zh + topic.about.zh)
    assert not HAN.search(topic.title.en + topic.about.en + words(topic, 0))
    for leaf in everything(topic):
        if isinstance(leaf, Words | Rich):
            assert bool(leaf.en) == bool(leaf.zh)
            assert re.findall(r"</?\w+", leaf.en) == re.findall(r"</?\w+", leaf.zh), leaf.en
    assert len(words(topic, 0).split()) <= LONGEST
    assert topic.keywords.en and topic.keywords.zh


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
def test_what_a_topic_names_exists(topic):
    skus = {item.sku for item in items(FAMILIES)}
    codes = {each.code for attributes in TYPES.values() for each in attributes}
    known = {"topic": {each.key for each in TOPICS}, "figure": {"", *figures()}}
    for leaf in everything(topic):
        if isinstance(leaf, Goods):
            assert set(leaf.skus) <= skus
        elif isinstance(leaf, Attributes):
            assert set(leaf.codes) <= codes
        elif isinstance(leaf, Papers):
            assert set(leaf.names) <= set(PAPERS)
        elif isinstance(leaf, Figure | Film):
            assert leaf.name in known["figure"]
        elif isinstance(leaf, Rich):
            assert set(re.findall(r'href="topic:([^"]+)"', leaf.en + leaf.zh)) <= known["topic"]


def test_articles_named_in_the_text_are_sold():
    """A part number in a sentence belongs to an article, a family or a series."""
    skus = {item.sku for item in items(FAMILIES)}
    named = {code for topic in TOPICS for code in re.findall(r"LH-[A-Z0-9]+(?:-[A-Z0-9]+)?", words(topic, 0))}
    assert [code for code in sorted(named) if not any(sku.startswith(code) for sku in skus)] == []


def test_every_block_stands_in_it_at_least_twice():
    kinds = Counter(block.kind for topic in TOPICS for block in topic.blocks)
    assert len(kinds) == 12
    assert min(kinds.values()) >= 2
    levels = Counter(
        block.value["level"] for topic in TOPICS for block in topic.blocks if block.kind == "warning"
    )
    assert set(levels) == {"note", "caution", "warning", "danger"}


def test_every_state_of_a_topic_is_there_once():
    assert Counter(topic.state for topic in TOPICS) == {
        "live": 52,
        "scheduled": 1,
        "moderation": 1,
        "draft": 1,
    }
    assert [topic.key for topic in TOPICS if not topic.translated] == ["coastal"]
    assert [topic.key for topic in TOPICS if topic.added] == ["flicker-and-dimming"]


@pytest.mark.parametrize("name", figures())
def test_a_figure_is_wide_on_white_and_the_same_each_time(name):
    picture = render_figure(name)
    image = Image.open(io.BytesIO(picture))
    assert (image.width, image.format) == (1600, "PNG")
    assert image.getpixel((2, 2)) == (255, 255, 255)
    assert len(picture) < 150_000
    assert picture == render_figure(name)


def test_every_figure_is_used_and_numbered():
    used = {leaf.name for topic in TOPICS for leaf in everything(topic) if isinstance(leaf, Figure)}
    assert used - {""} == set(figures())
    assert len({number(name) for name in figures()}) == len(figures()) >= 8


def test_a_film_is_a_webm_file_of_key_frames():
    film = render_film("ip-digits")
    assert film.startswith(b"\x1a\x45\xdf\xa3")
    assert b"V_VP8" in film
    assert film.count(b"\x9d\x01\x2a") == 45
    assert len(film) < 600_000


def test_papers_hold_text_that_can_be_read():
    policy = PdfReader(io.BytesIO(papers.price_policy()))
    assert len(policy.pages) == 2
    assert "价格保护" in "".join(page.extract_text() for page in policy.pages)
    form = open_docx(io.BytesIO(papers.warranty_form()))
    assert "空载跳闸" in "\n".join(each.text for each in form.paragraphs)
    deck = Presentation(io.BytesIO(papers.training_deck()))
    assert "脱扣曲线" in "".join(slide.shapes.title.text for slide in deck.slides)
    book = load_workbook(io.BytesIO(papers.parameters()), read_only=True)
    assert sum(sheet.max_row - 2 for sheet in book) == sum(not item.is_parent for item in items(FAMILIES))


def test_no_word_stands_in_two_sets_of_synonyms():
    found = Counter(
        word.lower() for entry in (*SAME, *(words for words, _finds in ONE_WAY)) for word in entry
    )
    assert [word for word, count in found.items() if count > 1] == []
