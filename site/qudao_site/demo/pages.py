"""The demo's pages beside the handbook: terms of delivery, returns, contacts, in both languages."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from .channel import Channel, Text


def make_pages(author: Any, channel: Channel) -> int:
    """Publish every page below the front page, and its translation beside it. Returns how many texts there are.

    Run again it changes nothing: what is there stays.
    """
    page_type = apps.get_model("qudao_partner_portal", "ContentPage")
    locales = {row.language_code: row for row in apps.get_model("wagtailcore", "Locale").objects.all()}
    home = apps.get_model("wagtailcore", "Site").objects.get(is_default_site=True).root_page
    made = 0
    for slug, written in channel.pages.items():
        if page_type.objects.filter(slug=slug).exists():
            continue
        texts = dict(written)
        page = page_type(slug=slug, locale=locales["en"])
        _say(page, texts.pop("en"))
        home.add_child(instance=page)
        _publish(page, author)
        for language, text in texts.items():
            translation = page.copy_for_translation(locales[language], copy_parents=True)
            _say(translation, text)
            _publish(translation, author)
        made += 1 + len(texts)
    _open_front_page(home, locales["zh-hans"], author)
    return made


def _open_front_page(home: Any, locale: Any, author: Any) -> None:
    """Wagtail leads into a language's tree once its front page is published."""
    front = home.get_translation_or_none(locale)
    if front is not None and not front.live:
        _publish(front, author)


def _say(page: Any, text: Text) -> None:
    page.title = page.draft_title = text.front.title
    page.summary = text.front.summary
    page.body = [
        (block.kind, block.value["text"] if block.kind == "heading" else _rich(page, block.value))
        for block in text.body
    ]


def _rich(page: Any, html: str) -> Any:
    block = page._meta.get_field("body").stream_block.child_blocks["text"]
    return block.to_python(html)


def _publish(page: Any, author: Any) -> None:
    page.save_revision(user=author).publish(user=author)
