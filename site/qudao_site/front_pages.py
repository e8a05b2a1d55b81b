"""The front page of every language is called what it is, in that language, until an editor names it otherwise."""

from typing import Any

from django.utils.translation import gettext, override
from wagtail.models import Page

#: What Wagtail's own first migration calls it.
UNNAMED = "Welcome to your new Wagtail site!"
ROOT_DEPTH = 2


def front_page_title(language: str) -> str:
    with override(language):
        return gettext("Home")


def name_translated_front_page(sender: Any, source_obj: Any, target_obj: Any, **_rest: Any) -> None:
    """A copy of a front page for another language keeps its title only where an editor has given it one."""
    if not isinstance(target_obj, Page) or target_obj.depth != ROOT_DEPTH:
        return
    if source_obj.title not in (UNNAMED, front_page_title(source_obj.locale.language_code)):
        return
    target_obj.title = front_page_title(target_obj.locale.language_code)
    target_obj.draft_title = target_obj.title
    target_obj.save(update_fields=["title", "draft_title"], clean=False)
    if target_obj.latest_revision_id:
        target_obj.save_revision(clean=False)
