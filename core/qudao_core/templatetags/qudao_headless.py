"""Filters of the API reference: ``{% load qudao_headless %}``."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_CODE = re.compile(r"``([^`]+)``|`([^`]+)`")


@register.filter
def code_words(text: str) -> SafeString:
    """Escaped text in which what stands in backticks is ``<code>``."""
    escaped = str(conditional_escape(text))
    return mark_safe(_CODE.sub(lambda found: f"<code>{found[1] or found[2]}</code>", escaped))


@register.filter
def code_paragraphs(text: str) -> SafeString:
    """The same in paragraphs."""
    return mark_safe(linebreaks(code_words(text)))
