"""Which lines of a long cart its page shows. Up to 200 lines stand on one page; more come in pages of 100."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse

from .queries import PricedCart, PricedLine

WHOLE, PAGE = 200, 100
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """What was asked for: a page, the page with a line, or the lines whose name, SKU or note contains a text."""

    page: str = ""
    line: int = 0
    find: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Shown:
        line = query.get("line", "")
        found = int(line) if line.isascii() and line.isdigit() and len(line) < 19 else 0
        return cls(query.get("page", ""), found, query.get("find", "").strip()[:LONGEST_TEXT])


def is_long(cart: PricedCart) -> bool:
    return len(cart.lines) > WHOLE


def window(cart: PricedCart, shown: Shown, language: str) -> Page[PricedLine]:
    """The lines to show; a number beyond the end is the last page, a line that is not there is on the first."""
    lines: Sequence[PricedLine] = cart.lines
    if shown.find:
        lines = [line for line in lines if _contains(line, shown.find.casefold(), language)]
    size = PAGE if is_long(cart) else WHOLE
    number: Any = shown.page
    if shown.line and not shown.page:  # links to other pages keep the rest of the address
        place = next((place for place, line in enumerate(lines) if line.line_id == shown.line), 0)
        number = place // size + 1
    return Paginator(lines, size).get_page(number)


def line_href(cart: PricedCart, line_id: int) -> str:
    """Leads to a line on the cart's page, from wherever in a long cart."""
    return f"?{urlencode({'line': line_id})}#line-{line_id}" if is_long(cart) else f"#line-{line_id}"


def line_url(line_id: int | None) -> str:
    """The address of the cart's page that shows a line."""
    page = reverse("ordering:cart")
    return f"{page}?{urlencode({'line': line_id})}#line-{line_id}" if line_id else page


def _contains(line: PricedLine, text: str, language: str) -> bool:
    name = line.facts.name(language) if line.facts else ""
    return any(text in part.casefold() for part in (line.sku, name, line.note))
