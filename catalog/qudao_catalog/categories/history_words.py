"""What changed about a category, in the reader's words: the history keeps fields."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LABELS = {
    "name": _("Name"),
    "name (zh-hans)": _("Chinese name"),
    "slug": _("Web address"),
    "description": _("Description"),
    "is_public": _("Shown"),
    "exclude_from_menu": _("In the menu"),
    "place": _("Place in the tree"),
    "picture": _("Picture"),
}
FLAGS = {"True": _("Yes"), "False": _("No")}
#: The form asks the other way round than the field.
TURNED = {"True": _("No"), "False": _("Yes")}


def history_words(name: str, before: str, after: str) -> tuple[str, list[str]]:
    """A changed field of a category: what its form calls it, and both values."""
    words = TURNED if name == "exclude_from_menu" else FLAGS if name == "is_public" else {}
    return str(LABELS.get(name, name)), [str(words.get(text, text)) for text in (before, after)]
