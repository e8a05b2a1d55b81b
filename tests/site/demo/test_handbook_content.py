"""The handbook's texts, figures, films and papers, without a database."""

import re
from collections import Counter

import pytest
from docx import Document as open_docx
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader
from qudao_site.demo.channel import SHIPPED, load
from qudao_site.demo.markdown import Attributes, Figure, Film, Goods, Papers, Rich

CHANNEL = load(SHIPPED)
HANDBOOKS = CHANNEL.handbooks
TOPICS = [
    CHANNEL.topic(book, part, key)
    for book in HANDBOOKS.books
    for part in book.chapters
    for key in part.topics
]
TRANSLATED = [topic for topic in TOPICS if "zh-hans" in topic.texts]
BLOCKS = [block for topic in TOPICS for block in topic.texts["en"].body]
FIGURES = list(HANDBOOKS.figures)
HAN = re.compile(r"[\u4e00-\u9fff]")
#: A topic is looked up, not studied.
LONGEST = 700
#: What a block holds that is the same in both languages.
_SHARED = (Goods, Attributes, Papers, Figure, Film)


def leaves(value):
    """Everything in a block's value that is not a container."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list) or (isinstance(value, tuple) and not isinstance(value, _SHARED)):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def everything(topic, language="en"):
    return [leaf for block in topic.texts[language].body for leaf in leaves(block.value)]


def words(topic, language):
    said = [leaf for leaf in everything(topic, language) if isinstance(leaf, str)]
    return re.sub(r"<[^>]+>", " ", " ".join(said))


def shape(leaf):
    """What must be the same in both languages: names and numbers, a text's elements, whether there is a word."""
    if isinstance(leaf, Rich):
        return re.findall(r"</?\w+", leaf)
    return bool(leaf) if isinstance(leaf, str) else leaf


def test_there_are_three_handbooks_of_more_than_fifty_topics_with_names_of_their_own():
    assert [book.key for book in HANDBOOKS.books] == [
        "product-knowledge",
        "installation-and-safety",
        "selling",
    ]
    keys = [topic.key for topic in TOPICS]
    assert len(keys) == len(set(keys)) == 55
    titles = [text.front.title for topic in TOPICS for text in topic.texts.values()]
    assert len(set(titles)) == len(titles) == 109


@pytest.mark.parametrize("topic", TRANSLATED, ids=lambda topic: topic.key)
def test_a_topic_says_the_same_in_both_languages(topic):
    english, chinese = topic.texts["en"], topic.texts["zh-hans"]
    assert HAN.search(chinese.front.title + chinese.front.summary)
    assert not HAN.search(english.front.title + english.front.summary + words(topic, "en"))
    assert [block.kind for block in english.body] == [block.kind for block in chinese.body]
    for leaf, other in zip(everything(topic), everything(topic, "zh-hans"), strict=True):
        assert shape(leaf) == shape(other), leaf
    assert len(words(topic, "en").split()) <= LONGEST
    assert english.front.keywords and chinese.front.keywords


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
def test_what_a_topic_names_exists(topic):
    skus = {item.sku for item in CHANNEL.items()}
    codes = {each.code for attributes in CHANNEL.catalogue.types.values() for each in attributes}
    topics = {each.key for each in TOPICS}
    for leaf in everything(topic):
        if isinstance(leaf, Goods):
            assert set(leaf.skus) <= skus
        elif isinstance(leaf, Attributes):
            assert set(leaf.codes) <= codes
        elif isinstance(leaf, Papers):
            assert set(leaf.names) <= set(CHANNEL.papers)
        elif isinstance(leaf, Figure | Film):
            assert leaf.name in {"", *FIGURES}
        elif isinstance(leaf, Rich):
            assert set(re.findall(r'href="topic:([^"]+)"', leaf)) <= topics


def test_articles_named_in_the_text_are_sold():
    """A part number in a sentence belongs to an article, a family or a series."""
    skus = {item.sku for item in CHANNEL.items()}
    named = {
        code for topic in TOPICS for code in re.findall(r"LH-[A-Z0-9]+(?:-[A-Z0-9]+)?", words(topic, "en"))
    }
    assert [code for code in sorted(named) if not any(sku.startswith(code) for sku in skus)] == []


def test_every_block_stands_in_it_at_least_twice():
    kinds = Counter(block.kind for block in BLOCKS)
    assert len(kinds) == 12
    assert min(kinds.values()) >= 2
    levels = {block.value["level"] for block in BLOCKS if block.kind == "warning"}
    assert levels == {"note", "caution", "warning", "danger"}


def test_every_state_of_a_topic_is_there_once():
    assert Counter(topic.front.state for topic in TOPICS) == {
        "live": 52,
        "scheduled": 1,
        "moderation": 1,
        "draft": 1,
    }
    assert [topic.key for topic in TOPICS if topic not in TRANSLATED] == ["coastal"]
    assert [topic.key for topic in TOPICS if topic.added] == ["flicker-and-dimming"]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_wide_on_white(name):
    path = CHANNEL.file("figures", f"{name}.png")
    with Image.open(path) as image:
        assert (image.width, image.format) == (1600, "PNG")
        assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    assert path.stat().st_size < 150_000


def test_every_figure_is_used_and_numbered():
    used = {leaf.name for topic in TOPICS for leaf in everything(topic) if isinstance(leaf, Figure)}
    assert used - {""} == set(FIGURES)
    assert len(set(HANDBOOKS.figures.values())) == len(FIGURES) >= 8


def test_a_film_is_a_webm_file():
    film = CHANNEL.file("films", "ip-digits.webm").read_bytes()
    assert film.startswith(b"\x1a\x45\xdf\xa3")
    assert b"V_VP8" in film
    assert len(film) < 600_000


def paper(name):
    return CHANNEL.file("papers", CHANNEL.papers[name].file)


def test_papers_hold_text_that_can_be_read():
    policy = PdfReader(paper("price-policy"))
    assert len(policy.pages) == 2
    assert "价格保护" in "".join(page.extract_text() for page in policy.pages)
    form = open_docx(str(paper("warranty-form")))
    assert "空载跳闸" in "\n".join(each.text for each in form.paragraphs)
    deck = Presentation(str(paper("training-deck")))
    assert "脱扣曲线" in "".join(slide.shapes.title.text for slide in deck.slides)


def test_the_table_of_parameters_holds_every_article():
    book = load_workbook(paper("parameters"), read_only=True)
    listed = {row[0]: row[1] for sheet in book for row in sheet.iter_rows(min_row=3, values_only=True)}
    assert listed == {item.sku: item.row["title"] for item in CHANNEL.items() if not item.is_parent}


def test_no_word_stands_in_two_sets_of_synonyms():
    synonyms = CHANNEL.synonyms
    found = Counter(
        word.lower()
        for entry in (*synonyms.same, *(words for words, _finds in synonyms.one_way))
        for word in entry
    )
    assert [word for word, count in found.items() if count > 1] == []
