"""The demo's product handbook: pages in both languages with figures, films and documents, written over a year."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.images import ImageFile
from qudao_catalog import api as catalog
from qudao_partner_portal import api as portal
from wagtail.signal_handlers import disable_reference_index_auto_update

from .channel import Channel, ChapterEntry, Handbook, Text, Topic
from .clock import clock_at
from .families import Item
from .markdown import Attributes, Block, Figure, Film, Goods, Papers, Rich
from .papers import keep
from .scale import Scale

CHINESE = "zh-hans"
#: The first topic was written so many days ago, the last; a translation follows; what is newer came so long ago.
FIRST, LAST, LATER, MOVED_ON = timedelta(360), timedelta(25), timedelta(6), timedelta(4)
SCHEDULED = timedelta(days=9)
_LINK = re.compile(r'<a href="topic:([a-z0-9-]+)">(.*?)</a>')


def choose_topics(channel: Channel, scale: Scale) -> list[tuple[Handbook, ChapterEntry, Topic]]:
    """All topics in their order; in a small channel the first of each chapter and the special ones."""
    everything = [
        (at, book, part, channel.topic(book, part, key))
        for book in channel.handbooks.books
        for part in book.chapters
        for at, key in enumerate(part.topics)
    ]
    return [
        (book, part, topic)
        for at, book, part, topic in everything
        if not scale.topics_each or at < scale.topics_each or _is_special(topic)
    ]


def _is_special(topic: Topic) -> bool:
    return topic.front.state != "live" or CHINESE not in topic.texts or bool(topic.added)


class Editor:
    """Whoever writes the handbook: knows the goods, pictures and documents by name."""

    def __init__(
        self,
        channel: Channel,
        author: Any,
        chosen: Sequence[Item],
        papers: Mapping[str, Any],
        now: datetime,
    ) -> None:
        self.channel, self.author, self.papers, self.now = channel, author, papers, now
        self.skus = _articles(chosen)
        self.pages: dict[str, Any] = {}
        self._pictures: dict[str, Any] = {}
        self._documents = {document.pk for document in papers.values()}

    def write(self, topics: Sequence[tuple[Handbook, ChapterEntry, Topic]]) -> int:
        """Everything; the number of topics. What pages refer to is noted once, at the end, to save time."""
        age = (FIRST - LAST) / max(len(topics), 1)
        with disable_reference_index_auto_update(), _unnoticed():
            for at, (book, part, topic) in enumerate(topics):
                moment = self.now - FIRST + at * age
                chapter = self._chapter(book, part, moment)
                self._topic(chapter, topic, moment)
        self._note_references()
        return len(topics)

    def _note_references(self) -> None:
        """Who refers to what, and with that who may open the documents."""
        index = apps.get_model("wagtailcore", "ReferenceIndex")
        for page in apps.get_model("qudao_catalog", "TopicPage").objects.all():
            index.create_or_update_for_object(page)
        portal.update_documents(document_ids=self._documents)

    # --- Pages --------------------------------------------------------------------------------------------------------

    def _chapter(self, book: Handbook, part: ChapterEntry, moment: datetime) -> Any:
        if part.key not in self.pages:
            with clock_at(moment):
                self.pages[part.key] = self._new_chapter(book, part)
        return self.pages[part.key]

    def _new_chapter(self, book: Handbook, part: ChapterEntry) -> Any:
        if book.key not in self.pages:
            self.pages[book.key] = self._new_handbook(book)
        chapter = catalog.save_chapter(
            parent=self.pages[book.key],
            slug=part.key,
            title=part.title,
            summary=part.about,
            audience=part.audiences,
            actor=self.author,
        )
        catalog.translate_chapter(
            chapter=chapter,
            language=CHINESE,
            title=part.title_zh,
            summary=part.about_zh,
            actor=self.author,
        )
        return chapter

    def _new_handbook(self, book: Handbook) -> Any:
        page = catalog.save_handbook(
            slug=book.key,
            title=book.title,
            summary=book.about,
            audience=book.audiences,
            actor=self.author,
        )
        catalog.translate_handbook(
            handbook=page, language=CHINESE, title=book.title_zh, summary=book.about_zh, actor=self.author
        )
        return page

    def _topic(self, chapter: Any, topic: Topic, moment: datetime) -> None:
        with clock_at(moment):
            page = self._english(chapter, topic)
        self.pages[topic.key] = page
        if CHINESE in topic.texts:
            with clock_at(moment + LATER):
                self.pages[f"{topic.key}/{CHINESE}"] = self._chinese(page, topic)
        with clock_at(self.now - MOVED_ON):
            self._go_on(chapter, topic, page)

    def _go_on(self, chapter: Any, topic: Topic, page: Any) -> None:
        """What became of the topic since: a longer text, a date to go live, a wait for somebody's approval."""
        if topic.added:
            self._english(chapter, topic, ("text", topic.added))
        if topic.front.state == "scheduled":
            for draft in [page, *page.get_translations()]:
                _schedule(draft, self.author, self.now + SCHEDULED)
        if topic.front.state == "moderation":
            page.get_workflow().start(page, self.author)

    def _english(self, chapter: Any, topic: Topic, *more: tuple[str, Any]) -> Any:
        text = topic.texts["en"]
        return catalog.save_topic(
            parent=chapter,
            slug=topic.key,
            title=text.front.title,
            summary=text.front.summary,
            kind=text.front.kind,
            body=[*self._body(text), *more],
            products=self._about(text),
            keywords=text.front.keywords,
            publish=text.front.state == "live",
            actor=self.author,
        )

    def _chinese(self, page: Any, topic: Topic) -> Any:
        text = topic.texts[CHINESE]
        return catalog.translate_topic(
            topic=page,
            language=CHINESE,
            title=text.front.title,
            summary=text.front.summary,
            body=self._body(text),
            keywords=text.front.keywords,
            publish=topic.front.state == "live",
            actor=self.author,
        )

    # --- Bodies -------------------------------------------------------------------------------------------------------

    def _body(self, text: Text) -> list[tuple[str, Any]]:
        """The blocks; those whose products are not in this channel are left out."""
        known = (block for block in text.body if block.kind == "script" or self._has_goods(block))
        return [(block.kind, self._block(block)) for block in known]

    def _has_goods(self, block: Block) -> bool:
        named = list(_goods(block.value))
        return not named or any(sku in self.skus for sku in named)

    def _block(self, block: Block) -> Any:
        value = self._said(block.value)
        if block.kind == "drawing":
            return {**value, "number": self._number(block.value["image"].name)}
        return value

    def _said(self, value: Any) -> Any:
        """A value with real things in place of names."""
        if isinstance(value, Rich):
            return _LINK.sub(self._link, value)
        if isinstance(value, Goods):
            return list(dict.fromkeys(self.skus[sku] for sku in value.skus if sku in self.skus))
        if isinstance(value, Attributes):
            return list(value.codes)
        if isinstance(value, Papers):
            return [self.papers[name] for name in value.names]
        if isinstance(value, Figure):
            return self._picture(value.name) if value.name else None
        if isinstance(value, Film):
            return self._film(value.name)
        if isinstance(value, Mapping):
            return {key: self._said(each) for key, each in value.items()}
        return [self._said(each) for each in value] if isinstance(value, list) else value

    def _number(self, name: str) -> str:
        return self.channel.handbooks.figures[name]

    def _link(self, found: re.Match[str]) -> str:
        """A link to another topic; plain words where that is not there."""
        page = self.pages.get(found[1])
        return f'<a linktype="page" id="{page.pk}">{found[2]}</a>' if page else found[2]

    def _about(self, text: Text) -> list[tuple[str, str]]:
        """What the topic is about: the products on its cards; what it mentions: all others."""
        cards = [sku for block in text.body if block.kind == "products" for sku in _goods(block.value)]
        others = [sku for block in text.body for sku in _goods(block.value)]
        roles = {sku: "mentions" for sku in others} | {sku: "about" for sku in cards}
        wanted = dict.fromkeys([*cards, *others])
        return [(self.skus[sku], roles[sku]) for sku in wanted if sku in self.skus]

    def _picture(self, name: str) -> Any:
        if name not in self._pictures:
            path = self.channel.file("figures", f"{name}.png")
            self._pictures[name] = _keep_picture(f"{self._number(name)} {name}", path)
        return self._pictures[name]

    def _film(self, name: str) -> Any:
        film = keep(f"Film {self._number(name)}", self.channel.file("films", f"{name}.webm"))
        self._documents.add(film.pk)
        return film


def _articles(chosen: Sequence[Item]) -> dict[str, str]:
    """What can be ordered, by every SKU a text may use: of a product with variants it is the first one."""
    articles: dict[str, str] = {}
    for item in chosen:
        if not item.is_parent:
            articles[item.sku] = item.sku
            articles.setdefault(item.row.get("parent", item.sku), item.sku)
    return articles


def _goods(value: Any) -> Iterator[str]:
    """The SKUs of all goods in a value."""
    if isinstance(value, Goods):
        yield from value.skus
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _goods(each)


def _keep_picture(title: str, path: Path) -> Any:
    """The figure as a Wagtail image; one that is there already stays."""
    model = apps.get_model("wagtailimages", "Image")
    found = model.objects.filter(title=title).first()
    if found is not None:
        return found
    return model.objects.create(title=title, file=ImageFile(io.BytesIO(path.read_bytes()), name=path.name))


@contextmanager
def _unnoticed() -> Iterator[None]:
    """Within the block Wagtail tells nobody that something waits: what happened in the demo's past is past."""
    profile = apps.get_model("wagtailusers", "UserProfile")
    people = apps.get_model(settings.AUTH_USER_MODEL).objects.filter(is_superuser=True)
    profiles = [profile.get_for_user(person) for person in people]
    profile.objects.filter(pk__in=[each.pk for each in profiles]).update(submitted_notifications=False)
    yield
    profile.objects.filter(pk__in=[each.pk for each in profiles]).update(submitted_notifications=True)


def _schedule(page: Any, author: Any, moment: datetime) -> None:
    """The draft goes live by itself at ``moment``."""
    draft = page.get_latest_revision_as_object()
    draft.go_live_at = moment
    draft.save_revision(user=author, log_action=True).publish(user=author)
