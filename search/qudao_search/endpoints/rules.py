"""What an address asks of the search, and addresses of the same query narrowed or widened. Plain Python.

``q`` is the query, ``kind`` what kind of thing (several are alternatives), ``facet_<key>`` values of a filter,
``sort`` and ``page``. Pages and API read the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from ..api import SearchRequest
from ..values import FACET

#: More values of one parameter than this are no choice of a person.
MOST_VALUES = 50
#: What a page number is at most; the search refuses what lies too deep.
HIGHEST_PAGE = 1_000_000

QueryParameters = Mapping[str, Sequence[str]]


def read_request(query: QueryParameters, *, page_size: int) -> SearchRequest:
    """The query in a query string given as lists of values. Empty values say nothing; of ``page`` 0 says garbage.

    >>> read_request({"q": [" led "], "facet_line": ["lighting", ""], "page": ["2"]}, page_size=20).facets
    {'line': ('lighting',)}
    """
    return SearchRequest(
        text=_last(query, "q").strip(),
        kinds=_values(query, "kind"),
        facets={
            name.removeprefix(FACET): values
            for name in query
            if name.startswith(FACET) and (values := _values(query, name))
        },
        sort=_last(query, "sort") or "relevance",
        page=read_number(_last(query, "page")) if _last(query, "page") else 1,
        page_size=page_size,
    )


def read_number(text: str) -> int:
    """A whole number from 1, or 0 for whatever is none."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 else 0


def query_url(request: SearchRequest, **changes: object) -> str:
    """The query string of a query, with some of its parts put otherwise; it begins anew at the first page.

    >>> address(SearchRequest("led", ("product",), {"line": ("a",)}), text="灯", facets={})
    '?q=%E7%81%AF&kind=product'
    """
    asked = {
        "text": request.text,
        "kinds": request.kinds,
        "facets": request.facets,
        "sort": request.sort,
        "page": 1,
    } | changes
    pairs: list[tuple[str, object]] = [("q", asked["text"])]
    pairs += [("kind", kind) for kind in asked["kinds"]]  # type: ignore[attr-defined]
    facets: Mapping[str, Sequence[str]] = asked["facets"]  # type: ignore[assignment]
    pairs += [(f"{FACET}{key}", value) for key, values in facets.items() for value in values]
    pairs += [("sort", asked["sort"])] if asked["sort"] != "relevance" else []
    pairs += [("page", asked["page"])] if asked["page"] != 1 else []
    return "?" + urlencode(pairs)


def without(facets: Mapping[str, Sequence[str]], key: str, value: str) -> dict[str, tuple[str, ...]]:
    """The chosen filters with one value taken away."""
    left = {name: tuple(v for v in values if (name, v) != (key, value)) for name, values in facets.items()}
    return {name: values for name, values in left.items() if values}


def _last(query: QueryParameters, name: str) -> str:
    values = query.get(name) or ("",)
    return values[-1]


def _values(query: QueryParameters, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in query.get(name, ())[:MOST_VALUES] if value))
