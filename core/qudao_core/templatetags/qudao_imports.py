"""Template filters of the import screens."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from ..imports.rules import Column
from ..wording import with_label

register = template.Library()


@register.filter
def column_title(column: Column) -> str:
    """A column's header in the reader's language."""
    return column.title(get_language() or "en")


@register.filter
def labelled(label: object, text: object) -> str:
    """``{{ sheet|labelled:line }}`` → ``Prices: 7``, with the colon of the reader's language."""
    return with_label(label, text)
