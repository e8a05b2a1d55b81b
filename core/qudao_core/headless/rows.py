"""Errors of requests that carry rows: each names its place in the body, and all rows' errors come together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext
from rest_framework import exceptions

from ..errors import Problem, Refusal
from . import rules

#: Names of a product; a problem of one of them is told at the one that was sent.
PRODUCT = ("product", "sku", "product_id", "external_key")


def located(problem: Problem, body: Any) -> Problem:
    """The problem with the path of its input: ``quantity`` of line 3 is ``lines.2.quantity``.

    Services know lines, not the request: a line is the place in the list of the body, counted from 1, or the
    ``number`` that rows give themselves (lines of an order). What has no row in the body stays as it is.
    """
    if problem.line is None or not isinstance(body, Mapping):
        return problem
    for name, rows in _lists(body):
        if problem.field and problem.field.startswith(f"{name}."):
            return problem
        index = _index(rows, problem.line)
        if index is not None:
            field = _sent(problem.field, rows[index])
            return replace(problem, field=f"{name}.{index}.{field}" if field else f"{name}.{index}")
    return problem


def _lists(body: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """The lists of rows in a body; none where there are several, whose rows could be meant."""
    found = [(name, rows) for name, rows in body.items() if isinstance(rows, list) and rows]
    if len(found) == 1:
        yield found[0]


def _index(rows: Sequence[Any], line: int) -> int | None:
    numbers = [row.get("number") if isinstance(row, Mapping) else None for row in rows]
    if any(isinstance(number, int) for number in numbers):
        return numbers.index(line) if line in numbers else None
    return line - 1 if 0 < line <= len(rows) else None


def _sent(field: str | None, row: Any) -> str | None:
    if field not in PRODUCT or not isinstance(row, Mapping) or field in row:
        return field
    return next((name for name in PRODUCT if name in row), "product")


def with_rule_errors(exc: Exception, view: Any, request: Any) -> Exception:
    """`exc`, a complaint about the shape of some rows, joined by what the rules say about the others.

    The handler is run once more with the rows that could be read, and rolled back.
    """
    problems, body = _shape_problems(exc), getattr(request, "_full_data", None)
    if not problems or not isinstance(body, Mapping):
        return exc
    for name, rows in _lists(body):
        bad = {_row_of(problem, name) for problem in problems}
        good = [index for index in range(len(rows)) if index not in bad]
        if None in bad or not good:
            return exc
        found = _rehearse(view, request, {**body, name: [rows[index] for index in good]})
        every = [*problems, *(_moved(each, good) for each in found if each.line and each.line <= len(good))]
        every.sort(key=lambda each: each.line or 0)
        message = every[0].message if len(every) == 1 else gettext("Some values are not valid.")
        return Refusal("invalid", message, problems=every, status=400)
    return exc


def _shape_problems(exc: Exception) -> list[Problem]:
    if isinstance(exc, exceptions.ValidationError):
        return [
            Problem(each.code, each.message, field=each.path, line=each.line)
            for each in rules.flatten_errors(exc.detail)
        ]
    if isinstance(exc, Refusal) and exc.code == "invalid" and exc.status == 400:
        return list(exc.problems)
    return []


def _row_of(problem: Problem, name: str) -> int | None:
    """The index of the row a shape problem is about; ``None``: it is about something else."""
    parts = (problem.field or "").split(".")
    return int(parts[1]) if len(parts) > 1 and parts[0] == name and parts[1].isdigit() else None


def _moved(problem: Problem, good: Sequence[int]) -> Problem:
    """A problem of the rehearsal, whose lines count the good rows only."""
    assert problem.line is not None
    return replace(problem, line=good[problem.line - 1] + 1)


def _rehearse(view: Any, request: Any, body: Mapping[str, Any]) -> Sequence[Problem]:
    handler = getattr(type(view), request.method.lower(), None)
    if getattr(handler, "by_part", False):  # answers for each part by itself
        return ()
    handler = getattr(handler, "__wrapped__", handler)  # without the idempotency record
    before, request._full_data = request._full_data, body
    try:
        with transaction.atomic():
            try:
                handler(view, request, *view.args, **view.kwargs)
            except Refusal as refusal:
                return refusal.problems
            except (exceptions.APIException, Http404, PermissionDenied, ValidationError):
                return ()
            finally:
                transaction.set_rollback(True)
    finally:
        request._full_data = before
    return ()
