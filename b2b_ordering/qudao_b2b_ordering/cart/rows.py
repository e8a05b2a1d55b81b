"""Cart lines as pages show them: plain mappings for the templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext
from qudao_catalog import api as catalog
from qudao_core import api as core

from .queries import PricedCart, PricedLine

#: The width of the picture beside a line.
THUMBNAIL = 96
#: How many problems of lines a summary lists.
MOST_PROBLEMS = 20


def cart_rows(lines: Iterable[PricedLine], language: str) -> list[dict[str, Any]]:
    """One mapping per line, in their order."""
    return [cart_row(line, language) for line in lines]


def cart_row(line: PricedLine, language: str) -> dict[str, Any]:
    return {
        **_product(line, language),
        "id": line.line_id,
        "field_id": f"quantity-{line.line_id}",
        "sku": line.sku,
        "note": line.note,
        "quantity": catalog.plain_number(line.quantity),
        "unit_price": line.unit_price,
        "net": line.net,
        "last_price": _told_before(line),
        "changed_from": line.price_change.old if line.price_change else None,
        "stock": catalog.shown_stock(line.stock),
        "problems": line.problems,
        "hints": [notice for notice in line.notices if notice.code != "price_changed"],
    }


def _product(line: PricedLine, language: str) -> dict[str, Any]:
    facts = line.facts
    if facts is None:
        return {"name": line.sku, "url": "", "image_url": "", "unit": "", "pack": 1, "min": 0, "max": None}
    return {
        "name": facts.name(language),
        "url": reverse("catalog:product", args=[facts.sku]),
        "image_url": catalog.picture_address(facts.picture, THUMBNAIL) if facts.picture else "",
        "unit": facts.unit_name(language),
        **catalog.quantity_field(facts, language),
    }


def _told_before(line: PricedLine) -> Any:
    """The last price paid, where it says something new."""
    paid = line.last_paid.unit_price if line.last_paid else None
    return paid if paid is not None and paid != line.unit_price else None


def problem_summary(
    cart: PricedCart, href: Callable[[PricedLine], str] = lambda line: f"#line-{line.line_id}"
) -> list[dict[str, Any]]:
    """Those of the cart as a whole, then 20 at most of its lines: each names its product and links to its line."""
    whole = [problem_entry(problem, "") for problem in cart.problems if problem.code != "cart_empty"]
    lines = (_line_entry(line, problem, href) for line in cart.lines for problem in line.problems)
    return whole + list(islice(lines, MOST_PROBLEMS))


def summary_title(cart: PricedCart) -> str:
    """How many problems there are, where more are not listed."""
    number = sum(len(line.problems) for line in cart.lines)
    if number <= MOST_PROBLEMS:
        return ""
    words = ngettext(
        "%(number)d problem; the first %(listed)d are listed",
        "%(number)d problems; the first %(listed)d are listed",
        number,
    )
    return words % {"number": number, "listed": MOST_PROBLEMS}


def _line_entry(line: PricedLine, problem: core.Problem, href: Callable[[PricedLine], str]) -> dict[str, Any]:
    return problem_entry(problem, href(line), line.sku)


def problem_entries(problems: Iterable[core.Problem]) -> list[dict[str, Any]]:
    """Problems of a refusal for the theme's list; those of a line lead to it."""
    return [problem_entry(problem, "") for problem in problems]


def problem_entry(problem: core.Problem, href: str = "", sku: str = "") -> dict[str, Any]:
    """A problem for the theme's list; ``href`` leads to the line it stands on, ``sku`` names its product."""
    is_named = not sku or sku in str(problem.message)
    return {
        "message": problem.message if is_named else core.with_label(sku, problem.message),
        "href": href,
        "remedy": problem.remedy,
        "remedy_url": problem.remedy_url,
    }
