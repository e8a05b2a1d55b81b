"""Whether a request can be answered at all."""

from __future__ import annotations

from dataclasses import replace

from ..hooks import sources
from ..index import known
from ..index.rules import clean
from .problems import SearchProblem
from .rules import DEEPEST, LONGEST_QUESTION, SORTS, SearchRequest

LARGEST_PAGE = 100


def checked(request: SearchRequest) -> SearchRequest:
    """The request with its words cleaned.

    :raises SearchProblem: it cannot be answered.
    """
    _check_text(request.text)
    _check_page(request)
    _check_kinds(request)
    _check_facets(request)
    _check_sort(request)
    return replace(request, text=clean(request.text))


def _check_text(text: str) -> None:
    if len(text.strip()) > LONGEST_QUESTION:
        raise SearchProblem("too_long", field="q", most=LONGEST_QUESTION)


def _check_page(request: SearchRequest) -> None:
    if request.page < 1 or not 1 <= request.page_size <= LARGEST_PAGE:
        raise SearchProblem("invalid_page", field="page", most=LARGEST_PAGE)
    if request.page * request.page_size > DEEPEST:
        raise SearchProblem("too_deep", field="page", most=DEEPEST)


def _check_kinds(request: SearchRequest) -> None:
    for kind in request.kinds:
        if sources.get(kind) is None:
            raise SearchProblem("unknown_kind", field="kind", name=kind[:40])


def _check_facets(request: SearchRequest) -> None:
    for key in request.facets:
        if not _is_facet(key):
            raise SearchProblem("unknown_facet", field=key[:40], name=key[:40])


def _is_facet(key: str) -> bool:
    """Whether anything is filtered by this name. What this process does not know another may have brought."""
    return _stands(key) or (known.learn_all() and _stands(key)) or (known.learn_new() and _stands(key))


def _stands(key: str) -> bool:
    return any(key in group.facets for group in known.known().groups.values())


def _check_sort(request: SearchRequest) -> None:
    if request.sort not in SORTS or (request.sort.endswith("price") and not _has_price(request)):
        raise SearchProblem("unknown_sort", field="sort", name=request.sort[:40])


def _has_price(request: SearchRequest) -> bool:
    """Prices are compared within one kind, whose source knows them."""
    return len(request.kinds) == 1 and hasattr(sources.get(request.kinds[0]), "by_price")
