"""How values of ordering look in the API: plain dictionaries, decimals as they are (the renderer makes them text)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from qudao_core.errors import Problem
from qudao_core.headless import entity_tag, require_match
from qudao_core.numbers import rules as numbers
from rest_framework.request import Request

from .pricing.rules import Totals


def problem_document(problem: Problem) -> dict[str, Any]:
    """One problem, with the members that problem+json uses for it."""
    members = {
        "code": problem.code,
        "message": str(problem.message),
        "field": problem.field,
        "line": problem.line,
        "remedy": str(problem.remedy) if problem.remedy else None,
        "remedy_url": problem.remedy_url,
        "params": problem.params,
    }
    return {name: value for name, value in members.items() if value not in (None, {}, "")}


def problem_documents(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [problem_document(each) for each in problems]


def totals_document(totals: Totals) -> dict[str, Any]:
    return {
        "net": numbers.amount(totals.net),
        "tax": numbers.amount(totals.tax),
        "gross": numbers.amount(totals.gross),
        "by_rate": [
            {
                "rate": numbers.rate(each.rate),
                "net": numbers.amount(each.net),
                "tax": numbers.amount(each.tax),
            }
            for each in totals.by_rate
        ],
    }


def revision_tag(row: Any) -> str:
    """The ETag of a document that counts its changes in ``revision``."""
    return entity_tag(type(row).__name__.lower(), row.pk, row.revision)


def seen_revision(request: Request, row: Model) -> int | None:
    """The revision the caller names by ``If-Match``, to be checked again under the lock; ``None`` without the header.

    :raises Refusal: 412 ``changed_meanwhile``.
    """
    if "If-Match" not in request.headers:
        return None
    require_match(request, revision_tag(row))
    return int(row.revision)  # type: ignore[attr-defined]
