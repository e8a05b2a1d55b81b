"""Writing handbooks by program: what is made, what repeating does, what is refused."""

from __future__ import annotations

import pytest
from qudao_catalog.handbook import services
from qudao_catalog.handbook.models import TopicPage, Translation
from qudao_catalog.testing import make_product
from qudao_core import api as core
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

BODY = [
    ("heading", "Before you start"),
    ("text", "<p>Switch <b>off</b> the mains.<script>alert(1)</script></p>"),
    ("table", {"caption": "Loads", "columns": [("text", "Load"), ("number", "A")], "rows": [["Lamps", 10]]}),
    ("warning", {"level": "danger", "title": "Mains", "text": "<p>Wait five minutes.</p>"}),
    ("faq", [{"question": "Why?", "answer": "<p>Because.</p>"}]),
    ("steps", {"title": "Mounting", "steps": [{"title": "Drill", "text": "<p>6 mm.</p>"}]}),
    ("products", ["LH-1"]),
    ("script", {"customer_says": "Too dear.", "answer": "<p>Count the hours.</p>", "products": ["LH-1"]}),
]


@pytest.fixture
def chapter(db: None) -> services.ChapterPage:
    handbook = services.save_handbook(slug="lights", title="Light handbook")
    return services.save_chapter(parent=handbook, slug="mounting", title="Mounting")


def _topic(chapter: services.ChapterPage, **given: object) -> TopicPage:
    values = {"slug": "downlights", "title": "Downlights", "body": BODY, "products": ["LH-1"]} | given
    return services.save_topic(parent=chapter, **values)  # type: ignore[arg-type]


def test_a_topic_is_written_published_and_logged(chapter: services.ChapterPage) -> None:
    product = make_product("LH-1")
    topic = TopicPage.objects.get(pk=_topic(chapter, keywords=["recessed", "spot"]).pk)
    assert (topic.live, topic.kind, topic.words) == (True, "guide", ["recessed", "spot"])
    assert [row.product_id for row in topic.products.all()] == [product.pk]
    assert [block.block_type for block in topic.body] == [name for name, _value in BODY]
    assert topic.body[2].value["table"].rows is not None
    assert "script" not in topic.body[1].value.source and "<b>off</b>" in topic.body[1].value.source
    actions = PageLogEntry.objects.filter(page=topic.pk).values_list("action", flat=True)
    assert {"wagtail.create", "wagtail.edit", "wagtail.publish"} <= set(actions)


def test_repeating_writes_nothing(chapter: services.ChapterPage) -> None:
    make_product("LH-1")
    first = _topic(chapter)
    revisions, entries = Revision.objects.count(), PageLogEntry.objects.count()
    again = _topic(chapter)
    assert again.pk == first.pk
    assert (Revision.objects.count(), PageLogEntry.objects.count()) == (revisions, entries)


def test_a_draft_stays_a_draft_until_it_is_published(chapter: services.ChapterPage) -> None:
    make_product("LH-1")
    assert not _topic(chapter, publish=False).live
    topic = _topic(chapter)
    assert topic.live
    _topic(chapter, title="Downlights, new", publish=False)
    topic.refresh_from_db()
    assert (topic.title, topic.draft_title) == ("Downlights", "Downlights, new")


def test_a_translation_stands_at_the_same_address_and_remembers_what_it_follows(
    chapter: services.ChapterPage,
) -> None:
    make_product("LH-1")
    topic = _topic(chapter)
    words = {"language": "zh-hans", "title": "筒灯", "body": [("text", "<p>先断电。</p>")]}
    chinese = services.translate_topic(topic=topic, **words)
    assert (chinese.live, chinese.slug, chinese.locale.language_code) == (True, "downlights", "zh-hans")
    assert chinese.url == topic.url
    mark = Translation.objects.get(pk=chinese.pk)
    assert (mark.original_id, mark.revision_id) == (topic.pk, topic.live_revision_id)
    assert [row.product_id for row in chinese.products.all()] == [
        row.product_id for row in topic.products.all()
    ]
    revisions = Revision.objects.count()
    services.translate_topic(topic=topic, **words)
    assert Revision.objects.count() == revisions
    home = chapter.get_parent().get_parent().get_translation(chinese.locale)
    assert not home.live, "a translated front page that is live would hide what is not translated"


def test_marking_a_translation_is_logged(chapter: services.ChapterPage) -> None:
    make_product("LH-1")
    topic = _topic(chapter)
    chinese = services.translate_topic(topic=topic, language="zh-hans", title="筒灯")
    services.mark_up_to_date(page=chinese)
    assert ModelLogEntry.objects.filter(action="qudao.handbook.followed", object_id=str(chinese.pk)).exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "novel"}, "unknown_kind"),
        ({"products": ["NONE"]}, "unknown_product"),
        ({"audience": ["tier:tin"]}, "unknown_audience"),
        ({"language": "zh-hans"}, "wrong_language"),
        ({"body": [("poem", "x")]}, "invalid_body"),
        ({"body": [("text", "<p>a</p>"), ("heading", {"text": ""})]}, "invalid_body"),
        ({"body": [("heading", {"text": "A", "size": 3})]}, "invalid_body"),
        ({"body": [("products", ["NONE"])]}, "invalid_body"),
        ({"body": [("video", {"caption": "neither"})]}, "invalid_body"),
        ({"title": ""}, "values_invalid"),
        ({"title": "x" * 256}, "values_invalid"),
        ({"slug": "no good slug"}, "values_invalid"),
    ],
)
def test_what_cannot_be_is_refused(
    chapter: services.ChapterPage, given: dict[str, object], code: str
) -> None:
    make_product("LH-1")
    with pytest.raises(core.Refusal) as caught:
        _topic(chapter, **given)
    assert caught.value.code == code
    assert not TopicPage.objects.exists()


def test_the_refusal_names_the_block(chapter: services.ChapterPage) -> None:
    with pytest.raises(core.Refusal, match="Block 2"):
        _topic(chapter, products=[], body=[("text", "<p>a</p>"), ("heading", {"text": ""})])


def test_chapters_nest_once(chapter: services.ChapterPage) -> None:
    section = services.save_chapter(parent=chapter, slug="ceilings", title="Ceilings")
    with pytest.raises(core.Refusal) as caught:
        services.save_chapter(parent=section, slug="deeper", title="Deeper")
    assert caught.value.code == "wrong_place"
