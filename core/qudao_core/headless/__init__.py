"""The conventions of the API; the door to them: ``from qudao_core.headless import HeadlessView``.

Names are loaded when first asked for, because this package also holds models, which Django loads before
views may be. docs/reference/api-conventions.md says what each convention promises to callers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .changes import ChangeFilters, MomentField, changed_since
    from .conditional import not_modified, require_match, versioned
    from .idempotency import Parts, first_time, idempotent, idempotent_by_part
    from .pagination import beyond, keyset_page, list_page, page_response, page_schema, window_page
    from .permissions import SignedIn, SignedInOrOpenCatalogue
    from .problems import describe_problem
    from .references import Names, ReferenceField, TextReferenceField, resolve, resolve_many
    from .renderers import JSONRenderer
    from .rest import HeadlessView, HeadlessViewSet, JSONParser
    from .rules import Reference, entity_tag, spread

__all__ = [
    "ChangeFilters",
    "HeadlessView",
    "HeadlessViewSet",
    "JSONParser",
    "JSONRenderer",
    "MomentField",
    "Parts",
    "Names",
    "Reference",
    "ReferenceField",
    "SignedIn",
    "SignedInOrOpenCatalogue",
    "TextReferenceField",
    "changed_since",
    "describe_problem",
    "entity_tag",
    "first_time",
    "idempotent",
    "idempotent_by_part",
    "beyond",
    "keyset_page",
    "list_page",
    "not_modified",
    "page_response",
    "page_schema",
    "require_match",
    "spread",
    "versioned",
    "resolve",
    "resolve_many",
    "window_page",
]

_WHERE = {
    "ChangeFilters": "changes",
    "MomentField": "changes",
    "changed_since": "changes",
    "HeadlessView": "rest",
    "HeadlessViewSet": "rest",
    "JSONParser": "rest",
    "JSONRenderer": "renderers",
    "Parts": "idempotency",
    "Names": "references",
    "Reference": "rules",
    "ReferenceField": "references",
    "SignedIn": "permissions",
    "SignedInOrOpenCatalogue": "permissions",
    "TextReferenceField": "references",
    "describe_problem": "problems",
    "first_time": "idempotency",
    "entity_tag": "rules",
    "idempotent": "idempotency",
    "idempotent_by_part": "idempotency",
    "beyond": "pagination",
    "keyset_page": "pagination",
    "list_page": "pagination",
    "not_modified": "conditional",
    "page_response": "pagination",
    "page_schema": "pagination",
    "require_match": "conditional",
    "spread": "rules",
    "versioned": "conditional",
    "resolve": "references",
    "resolve_many": "references",
    "window_page": "pagination",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
