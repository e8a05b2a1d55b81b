"""The conventions of the API; its public names: ``from qudao_core.headless import HeadlessView``.

Names are loaded when first asked for, because this package also holds models, which Django loads before
views may be. docs/reference/api-conventions.md says what each convention promises to callers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .changes import ChangeFilters, TimestampField, changed_since
    from .conditional import not_modified, require_match, versioned
    from .idempotency import IdempotentParts, idempotent, idempotent_by_part, is_first_submission
    from .pagination import keyset_filter, keyset_page, list_page, page_response, page_schema, window_page
    from .permissions import SignedIn, SignedInOrOpenCatalogue
    from .problems import describe_problem
    from .references import ReferenceField, ReferenceKinds, TextReferenceField, resolve, resolve_many
    from .renderers import JSONRenderer
    from .rest import HeadlessView, HeadlessViewSet, JSONParser
    from .rules import Reference, entity_tag, expand_pairs

__all__ = [
    "ChangeFilters",
    "HeadlessView",
    "HeadlessViewSet",
    "JSONParser",
    "JSONRenderer",
    "TimestampField",
    "IdempotentParts",
    "ReferenceKinds",
    "Reference",
    "ReferenceField",
    "SignedIn",
    "SignedInOrOpenCatalogue",
    "TextReferenceField",
    "changed_since",
    "describe_problem",
    "entity_tag",
    "is_first_submission",
    "idempotent",
    "idempotent_by_part",
    "keyset_filter",
    "keyset_page",
    "list_page",
    "not_modified",
    "page_response",
    "page_schema",
    "require_match",
    "expand_pairs",
    "versioned",
    "resolve",
    "resolve_many",
    "window_page",
]

_WHERE = {
    "ChangeFilters": "changes",
    "TimestampField": "changes",
    "changed_since": "changes",
    "HeadlessView": "rest",
    "HeadlessViewSet": "rest",
    "JSONParser": "rest",
    "JSONRenderer": "renderers",
    "IdempotentParts": "idempotency",
    "ReferenceKinds": "references",
    "Reference": "rules",
    "ReferenceField": "references",
    "SignedIn": "permissions",
    "SignedInOrOpenCatalogue": "permissions",
    "TextReferenceField": "references",
    "describe_problem": "problems",
    "is_first_submission": "idempotency",
    "entity_tag": "rules",
    "idempotent": "idempotency",
    "idempotent_by_part": "idempotency",
    "keyset_filter": "pagination",
    "keyset_page": "pagination",
    "list_page": "pagination",
    "not_modified": "conditional",
    "page_response": "pagination",
    "page_schema": "pagination",
    "require_match": "conditional",
    "expand_pairs": "rules",
    "versioned": "conditional",
    "resolve": "references",
    "resolve_many": "references",
    "window_page": "pagination",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
