"""Template filters of the import screens."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from ..imports.rules import Column

register = template.Library()


@register.filter
def column_title(column: Column) -> str:
    """A column's header in the reader's language."""
    return column.title(get_language() or "en")
