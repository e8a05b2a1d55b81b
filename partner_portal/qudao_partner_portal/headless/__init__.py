"""The conventions of the API; the door to them: ``from qudao_partner_portal.headless import HeadlessView``.

Names are loaded when first asked for, because this package also holds models, which Django loads before
views may be. docs/reference/api-conventions.md says what each convention promises to callers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conditional import not_modified, require_match
    from .idempotency import first_time, idempotent
    from .pagination import page_response, page_schema, window_page
    from .permissions import SignedIn, SignedInOrOpenCatalogue
    from .problems import describe_problem
    from .references import reference_filter
    from .renderers import JSONRenderer
    from .rest import HeadlessView, HeadlessViewSet, JSONParser
    from .rules import Reference, entity_tag

__all__ = [
    "HeadlessView",
    "HeadlessViewSet",
    "JSONParser",
    "JSONRenderer",
    "Reference",
    "SignedIn",
    "SignedInOrOpenCatalogue",
    "describe_problem",
    "entity_tag",
    "first_time",
    "idempotent",
    "not_modified",
    "page_response",
    "page_schema",
    "reference_filter",
    "require_match",
    "window_page",
]

_WHERE = {
    "HeadlessView": "rest",
    "HeadlessViewSet": "rest",
    "JSONParser": "rest",
    "JSONRenderer": "renderers",
    "Reference": "rules",
    "SignedIn": "permissions",
    "SignedInOrOpenCatalogue": "permissions",
    "describe_problem": "problems",
    "first_time": "idempotency",
    "entity_tag": "rules",
    "idempotent": "idempotency",
    "not_modified": "conditional",
    "page_response": "pagination",
    "page_schema": "pagination",
    "reference_filter": "references",
    "require_match": "conditional",
    "window_page": "pagination",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
