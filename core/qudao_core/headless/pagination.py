"""Lists in pages of bounded size, walked by an opaque cursor.

``?limit=`` (1 to 200, 50 by default) and ``?cursor=``. The answer is ``{"results": […], "next": url,
"previous": url}`` and carries the same addresses in a ``Link`` header.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from ..errors import Refusal

Item = TypeVar("Item")

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
#: Beyond this a list sorted by a computed value is narrowed by filters, not walked.
MAX_OFFSET = 10_000


class CursorPagination(BasePagination):
    """For querysets. The view's ``ordering`` ends in a unique column: ``("-placed_at", "-pk")``.

    The cursor holds all ordering values of the row it stands at. (DRF's own holds the first and counts the
    rest, which repeats rows where many share a value.) Columns of the ordering must not be null.
    """

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        ordering = tuple(view.ordering)

        def fetch(values: Sequence[str] | None, backwards: bool, count: int) -> list[Any]:
            rows = queryset.order_by(*_turned(ordering, backwards))
            if values is not None:
                rows = rows.filter(keyset_filter(ordering, values, backwards=backwards))
            return list(rows[:count])

        page, self.following, self.before = _walked(request, ordering, fetch)
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return page_response(data, self.following, self.before)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return page_schema(schema)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
        return [
            _parameter("limit", size, _("Rows on a page.")),
            _parameter("cursor", {"type": "string"}, _("Opaque; take it from next or previous.")),
        ]


class _Cursor:
    """A place in an ordering: the values of the row it stands at, and which way to go."""

    def __init__(self, values: list[Any], backwards: bool) -> None:
        self.values, self.backwards = values, backwards

    @classmethod
    def read(cls, request: Request, ordering: tuple[str, ...]) -> _Cursor | None:
        """:raises Refusal: not made by us, or made for another ordering (400 ``invalid_cursor``)."""
        text = request.query_params.get("cursor", "")
        if not text:
            return None
        found = _decode(text)
        match found:
            case [mark, 0 | 1 as direction, *values] if mark == _mark(ordering):
                if len(values) == len(ordering) and all(isinstance(value, str) for value in values):
                    return cls(values, bool(direction))
        raise _invalid_cursor()

    @staticmethod
    def link(address: str, ordering: tuple[str, ...], row: Any, backwards: bool) -> str:
        values = [str(_value(row, name.lstrip("-"))) for name in ordering]
        return str(
            replace_query_param(address, "cursor", _encode([_mark(ordering), int(backwards), *values]))
        )


def keyset_filter(ordering: Sequence[str], values: Sequence[str], *, backwards: bool) -> Q:
    """Rows after `values`: greater in the first column, or equal there and greater in the next, and so on."""
    names = [name.lstrip("-") for name in ordering]
    signs = ["lt" if name.startswith("-") != backwards else "gt" for name in ordering]
    steps = [
        Q(
            **dict(zip(names[:index], values[:index], strict=True)),
            **{f"{names[index]}__{sign}": values[index]},
        )
        for index, sign in enumerate(signs)
    ]
    first = Q(**{f"{names[0]}__{signs[0]}e": values[0]})  # says nothing new, but lets an index be used
    return first & reduce(Q.__or__, steps)


def _turned(ordering: tuple[str, ...], backwards: bool) -> list[str]:
    if not backwards:
        return list(ordering)
    return [name[1:] if name.startswith("-") else f"-{name}" for name in ordering]


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = row[name] if isinstance(row, dict) else getattr(row, name)
    return row.isoformat() if hasattr(row, "isoformat") else row


def _mark(ordering: tuple[str, ...]) -> str:
    return hashlib.sha256(",".join(ordering).encode()).hexdigest()[:6]


def _parameter(name: str, schema: dict[str, Any], text: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": str(text)}


def _invalid_cursor() -> Refusal:
    message = _("This cursor is not valid. Start again without it.")
    return Refusal("invalid_cursor", message, field="cursor", status=400)


def _encode(content: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")


def _decode(text: str) -> Any:
    try:
        return orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None


def read_limit(request: Request) -> int:
    """The page size asked for.

    :raises Refusal: not a number between 1 and 200 (400 ``invalid_limit``).
    """
    text = request.query_params.get("limit", "")
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= MAX_LIMIT):
        raise Refusal(
            "invalid_limit",
            _("limit must be a number from 1 to %(max)s.") % {"max": MAX_LIMIT},
            field="limit",
            status=400,
        )
    return int(text)


#: Reads rows: those after the row with these values of the ordering (``None``: from the first on), or those before it,
#: the nearest first, when the second argument is true; as many as the third says.
Fetch = Callable[[Sequence[str] | None, bool, int], Sequence[Item]]


def keyset_page(
    request: Request,
    ordering: tuple[str, ...],
    fetch: Fetch[Item],
    render: Callable[[Sequence[Item]], Any] = list,
) -> Response:
    """One page of a list that is no queryset, walked by the values of its rows as :class:`CursorPagination` does.

    :raises Refusal: 400 ``invalid_cursor`` for one that is not ours.
    """
    page, following, before = _walked(request, ordering, fetch)
    return page_response(render(page), following, before)


def _walked(
    request: Request, ordering: tuple[str, ...], fetch: Fetch[Item]
) -> tuple[list[Item], str | None, str | None]:
    """The page that the request asks for, and the addresses of the next and the previous one.

    One row more than the page is fetched to know whether there is another page, so no count is taken.
    """
    limit, cursor = read_limit(request), _Cursor.read(request, ordering)
    backwards = cursor is not None and cursor.backwards
    try:
        rows = list(fetch(cursor and cursor.values, backwards, limit + 1))
    except (ValueError, TypeError, ValidationError, DataError):
        if cursor is None:
            raise
        raise _invalid_cursor() from None
    more, page = len(rows) > limit, rows[:limit]
    page = page[::-1] if backwards else page
    has_next, has_previous = (cursor is not None, more) if backwards else (more, cursor is not None)
    address = request.build_absolute_uri()
    following = _Cursor.link(address, ordering, page[-1], False) if has_next and page else None
    before = _Cursor.link(address, ordering, page[0], True) if has_previous and page else None
    return page, following, before


def window_page(
    request: Request,
    fetch: Callable[[int, int], Sequence[Any]],
    render: Callable[[Sequence[Any]], Any] = list,
) -> Response:
    """One page of a list in a computed order (relevance, own price): `fetch(offset, limit)` gets the rows.

    One row more than the page is fetched to know whether there is a next page, so no count is taken.

    :raises Refusal: 400 ``invalid_cursor`` for one that is not ours; 400 ``too_deep`` beyond 10,000 rows.
    """
    limit, offset = read_limit(request), _read_offset(request)
    rows = fetch(offset, limit + 1)
    address = request.build_absolute_uri()
    following = _at(address, offset + limit) if len(rows) > limit else None
    before = _at(address, max(0, offset - limit)) if offset else None
    return page_response(render(rows[:limit]), following, before)


def list_page(
    request: Request,
    rows: Sequence[Item],
    key: Callable[[Item], str | int],
    render: Callable[[Sequence[Item]], Any] = list,
) -> Response:
    """One page of a list that is held whole, in its own order (a tree's, for instance).

    The cursor names the rows at the edge of the page it leaves, by `key`, so that rows added, removed or moved
    elsewhere in the list meanwhile shift nothing.

    :raises Refusal: 400 ``invalid_cursor`` for one that is not ours.
    """
    limit, (start, end) = read_limit(request), (0, None)
    edge = _Edge.read(request)
    if edge is not None:
        place = edge.place({key(row): index for index, row in enumerate(rows)}, len(rows))
        start, end = (max(0, place - limit), place) if edge.backwards else (place, None)
    end = min(len(rows), start + limit) if end is None else end
    address = request.build_absolute_uri()
    # Rows of earlier pages too: all of a short page may be gone by the time the next one is read.
    behind = [key(row) for row in rows[max(0, end - _Edge.MOST) : end]]
    ahead = [key(row) for row in rows[start : start + _Edge.MOST]]
    following = _Edge(False, end, behind[::-1]).link(address) if end < len(rows) else None
    before = _Edge(True, start, ahead).link(address) if start > 0 else None
    return page_response(render(rows[start:end]), following, before)


class _Edge:
    """Where a page of a list ends: its last rows by key, the nearest first, and its position for want of them."""

    MOST = 20

    def __init__(self, backwards: bool, position: int, keys: Sequence[str | int]) -> None:
        self.backwards, self.position, self.keys = backwards, position, list(keys[: self.MOST])

    @classmethod
    def read(cls, request: Request) -> _Edge | None:
        text = request.query_params.get("cursor", "")
        if not text:
            return None
        match _decode(text):
            case ["k", 0 | 1 as direction, int(position), [*keys]] if position >= 0:
                if (
                    all(isinstance(each, str | int) for each in keys)
                    and len(keys) <= position + direction * cls.MOST
                ):
                    return cls(bool(direction), position, keys)
        raise _invalid_cursor()

    def place(self, places: dict[str | int, int], count: int) -> int:
        """The index at which the next page starts (going back: ends)."""
        found = next((places[each] for each in self.keys if each in places), None)
        if found is not None:
            return found if self.backwards else found + 1
        # All of them are gone: what followed has moved up by as many, so that nothing is left out.
        return min(self.position - (0 if self.backwards else len(self.keys)), count)

    def link(self, address: str) -> str:
        content = ["k", int(self.backwards), self.position, self.keys]
        return str(replace_query_param(address, "cursor", _encode(content)))


def page_response(results: Any, following: str | None, before: str | None) -> Response:
    links = [f'<{url}>; rel="{rel}"' for url, rel in ((following, "next"), (before, "prev")) if url]
    headers = {"Link": ", ".join(links)} if links else None
    return Response({"results": results, "next": following, "previous": before}, headers=headers)


def page_schema(items: dict[str, Any]) -> dict[str, Any]:
    address = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["results", "next", "previous"],
        "properties": {"results": items, "next": address, "previous": address},
    }


def _at(address: str, offset: int) -> str:
    if not offset:
        return str(remove_query_param(address, "cursor"))
    return str(replace_query_param(address, "cursor", _encode(["o", offset])))


def _read_offset(request: Request) -> int:
    text = request.query_params.get("cursor", "")
    if not text:
        return 0
    match _decode(text):
        case ["o", int(offset)] if offset >= 0:
            if offset > MAX_OFFSET:
                raise Refusal(
                    "too_deep", _("Narrow the list with filters instead."), field="cursor", status=400
                )
            return offset
    raise _invalid_cursor()
