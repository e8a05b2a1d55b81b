"""Addresses of pages, rows of tables, and the few small things templates lack."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from qudao_themes.brands import get_brand

register = template.Library()
logger = logging.getLogger(__name__)

#: Changing a filter starts the list anew.
PAGING = ("page", "cursor")
_HAN = re.compile("[\u4e00-\u9fff]")
_INK = re.compile(r"--qd-print-brand:\s*(#[0-9a-fA-F]{6})\b")


def _copy(query: Any) -> QueryDict:
    return query.copy() if isinstance(query, QueryDict) else QueryDict(mutable=True)


def _as_query(query: QueryDict) -> str:
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def query_set(query: Any, key: str, value: Any = None) -> str:
    """``request.GET`` with ``key`` set to ``value`` (empty: removed); paging dropped unless it is the key."""
    changed = _copy(query)
    for name in PAGING:
        changed.pop(name, None)
    if value in (None, ""):
        changed.pop(key, None)
    else:
        changed[key] = str(value)
    return _as_query(changed)


@register.simple_tag
def query_toggle(query: Any, key: str, value: Any) -> str:
    """``request.GET`` with ``value`` added to, or taken from, the values of ``key``; paging dropped."""
    changed = _copy(query)
    for name in PAGING:
        changed.pop(name, None)
    values = changed.getlist(key)
    wanted = str(value)
    changed.setlist(key, [v for v in values if v != wanted] if wanted in values else [*values, wanted])
    return _as_query(changed)


@register.filter
def elided_pages(page: Any) -> list[Any]:
    """Page numbers of a Django ``Page`` to show: both ends, the neighbours, and an ellipsis between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def initials(name: Any) -> str:
    """For an avatar: the last two characters of a Han name, the first letters of two words otherwise."""
    text = str(name or "").strip()
    if _HAN.search(text):
        return text[-2:]
    words = text.replace("@", " ").replace(".", " ").split()
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.filter
def cell(row: Any, key: Any) -> Any:
    """``row[key]`` or ``row.key``: what stands in a column of a generic table."""
    if isinstance(row, Mapping):
        return row.get(key, "")
    return getattr(row, str(key), "")


@register.filter
def is_mapping(value: Any) -> bool:
    """Whether a table cell is a mapping (value, href, sub, badge) and not a plain value."""
    return isinstance(value, Mapping)


@register.filter
def words_of(text: Any) -> list[str]:
    """The words of a text, for short literal lists in templates."""
    return str(text).split()


@register.simple_tag(takes_context=True)
def is_current(context: Context, url: str) -> bool:
    """Whether the page shown lies at ``url`` or below it (the front page only when it is that page)."""
    request = context.get("request")
    if request is None or not url:
        return False
    path = str(url).split("?")[0]
    if path.strip("/") in ("", *_language_prefixes()):
        return bool(request.path == path)
    return bool(request.path == path or request.path.startswith(path if path.endswith("/") else f"{path}/"))


def _language_prefixes() -> tuple[str, str]:
    language = (get_language() or "en").lower()
    return language, language.split("-")[0]


@register.simple_tag(takes_context=True)
def document_brand(context: Context) -> Any:
    """The brand of a document: ``brand`` in its context, or the default one (a job has no request)."""
    return context.get("brand") or get_brand("")


@register.simple_tag
def brand_ink(brand: Any) -> str:
    """The brand's colour on white, ``#rrggbb``, for mails: mail programs know neither style sheets nor properties."""
    for path in (brand.tokens, "qudao_themes/css/tokens.css"):
        if found := _INK.search(_static_text(path)):
            return found[1]
    return "#26323a"


@register.simple_tag
def static_source(path: str) -> SafeString:
    """The text of a static file of ours, for documents (PDF) that cannot fetch it."""
    return _static_text(str(path))


@lru_cache(maxsize=16)
def _static_text(path: str) -> SafeString:
    from django.contrib.staticfiles import finders  # noqa: PLC0415 - staticfiles is optional in a host's workers

    found = finders.find(path)
    if not found:
        logger.warning("static file %r does not exist", path)
        return mark_safe("")
    with open(str(found), encoding="utf-8") as file:
        return mark_safe(file.read())  # our own file, never input
