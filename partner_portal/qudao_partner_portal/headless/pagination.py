"""Lists in pages of bounded size, walked by an opaque cursor.

``?limit=`` (1 to 200, 50 by default) and ``?cursor=``. The answer is ``{"results": […], "next": url,
"previous": url}`` and carries the same addresses in a ``Link`` header.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import CursorPagination as BaseCursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from ..errors import Refusal

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
#: Beyond this a list sorted by a computed value is narrowed by filters, not walked.
MAX_OFFSET = 10_000


class CursorPagination(BaseCursorPagination):
    """For querysets. The view's ``ordering`` is stable and ends in a unique column: ``("-pk",)``."""

    page_size = DEFAULT_LIMIT
    max_page_size = MAX_LIMIT
    page_size_query_param = "limit"
    ordering = ("pk",)
    invalid_cursor_message = _("This cursor is not valid. Start again without it.")

    def get_page_size(self, request: Request) -> int:
        return read_limit(request)

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        ordering = getattr(view, "ordering", None) or self.ordering
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def get_paginated_response(self, data: Any) -> Response:
        return page_response(data, self.get_next_link(), self.get_previous_link())

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return page_schema(schema)


def read_limit(request: Request) -> int:
    """The page size asked for.

    :raises Refusal: not a number between 1 and 200 (400 ``invalid_limit``).
    """
    text = request.query_params.get("limit", "")
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_LIMIT):
        raise Refusal(
            "invalid_limit",
            _("limit must be a number from 1 to %(max)s.") % {"max": MAX_LIMIT},
            field="limit",
            status=400,
        )
    return int(text)


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
    return str(
        replace_query_param(address, "cursor", base64.urlsafe_b64encode(f"o={offset}".encode()).decode())
    )


def _read_offset(request: Request) -> int:
    cursor = request.query_params.get("cursor", "")
    if not cursor:
        return 0
    try:
        mark, _equals, number = (
            base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition("=")
        )
    except (binascii.Error, UnicodeError):
        mark, number = "", ""
    if mark != "o" or not number.isdigit() or len(number) > 9:
        raise Refusal("invalid_cursor", CursorPagination.invalid_cursor_message, field="cursor", status=400)
    if int(number) > MAX_OFFSET:
        raise Refusal("too_deep", _("Narrow the list with filters instead."), field="cursor", status=400)
    return int(number)
