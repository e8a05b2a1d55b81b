"""The demo's pages beside the handbook: terms of delivery, returns, contacts, in both languages."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.html import format_html

from .content.pages import PAGES

ENGLISH, CHINESE = 0, 1


def make_pages(author: Any) -> int:
    """Publish every page below the front page, and its translation beside it. Returns how many texts there are.

    Run again it changes nothing: what is there stays.
    """
    page_type = apps.get_model("qudao_partner_portal", "ContentPage")
    locales = {row.language_code: row for row in apps.get_model("wagtailcore", "Locale").objects.all()}
    home = apps.get_model("wagtailcore", "Site").objects.get(is_default_site=True).root_page
    made = 0
    for slug, title, summary, parts in PAGES:
        if page_type.objects.filter(slug=slug).exists():
            continue
        page = page_type(slug=slug, locale=locales["en"])
        _say(page, ENGLISH, title, summary, parts)
        home.add_child(instance=page)
        _publish(page, author)
        translation = page.copy_for_translation(locales["zh-hans"], copy_parents=True)
        _say(translation, CHINESE, title, summary, parts)
        _publish(translation, author)
        made += 2
    _open_front_page(home, locales["zh-hans"], author)
    return made


def _open_front_page(home: Any, locale: Any, author: Any) -> None:
    """Wagtail leads into a language's tree once its front page is published."""
    front = home.get_translation(locale)
    if not front.live:
        _publish(front, author)


def _say(page: Any, language: int, title: Any, summary: Any, parts: Any) -> None:
    page.title = page.draft_title = title[language]
    page.summary = summary[language]
    page.body = [
        block
        for heading, text in parts
        for block in (
            ("heading", heading[language]),
            ("text", _rich(page, format_html("<p>{}</p>", text[language]))),
        )
    ]


def _rich(page: Any, html: str) -> Any:
    block = page._meta.get_field("body").stream_block.child_blocks["text"]
    return block.to_python(html)


def _publish(page: Any, author: Any) -> None:
    page.save_revision(user=author).publish(user=author)
