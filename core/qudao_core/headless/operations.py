"""What an operation accepts, read from the declaration its schema is made of; anything else is refused by name."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import ComponentRegistry, force_instance
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from ..errors import Problem, Refusal
from . import rules

#: More problems than this say nothing new.
MOST_PROBLEMS = 100
_WITH_BODY = ("POST", "PUT", "PATCH")
#: The generator of schemas loads its parts at first use and is not made for threads: one at a time asks it.
asking = threading.RLock()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: names of its query parameters, and the shape of its body (no fields: it takes none)."""

    parameters: frozenset[str]
    body: rules.Shape | None


_known: dict[tuple[type, str], Operation | None] = {}


def refuse_unknown(view: Any, request: Request) -> None:
    """Let a request through only if every query parameter and every field of its body is declared.

    A view may name ``open_parameters``: beginnings of names that its own query reads and refuses.

    :raises Refusal: 400 ``unknown_parameter`` or ``unknown_field``, with an entry for each.
    """
    operation = _declared(view, request)
    if operation is None:
        return
    opened = tuple(getattr(view, "open_parameters", ()))
    names = (name for name in request.query_params if not (opened and name.startswith(opened)))
    _refuse(
        "unknown_parameter",
        _("There is no parameter “%(name)s”."),
        [
            rules.Unknown(name, (name,), operation.parameters)
            for name in names
            if name not in operation.parameters
        ],
    )
    if operation.body is not None and _has_body(request):
        found = rules.unknown_names(operation.body, _given(request, operation.body))
        _refuse("unknown_field", _("There is no field “%(name)s”."), islice(found, MOST_PROBLEMS))


def _declared(view: Any, request: Request) -> Operation | None:
    """``None`` for what is not in the schema: OPTIONS, methods that are refused, operations left out of it."""
    method = "GET" if request.method == "HEAD" else str(request.method)
    key = (type(view), getattr(view, "action", None) or method)
    if key not in _known:
        with asking:
            if key not in _known:
                _known[key] = _read(view, request, method)
    return _known[key]


def _read(view: Any, request: Request, method: str) -> Operation | None:
    """Ask the schema class, as the generator of the document does."""
    if method == "OPTIONS" or not hasattr(view, getattr(view, "action", None) or method.lower()):
        return None
    callback = getattr(request.resolver_match, "func", None)
    if getattr(callback, "cls", None) is not type(view):
        callback = type(view).as_view()
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    view = generator.create_view(callback, method)
    schema = view.schema  # lives as long as its generator and its view
    schema.registry, schema.method, schema.path = ComponentRegistry(), method, ""
    if schema.is_excluded():
        return None
    names = frozenset(each["name"] for each in schema._get_parameters() if each["in"] == "query")
    body = rules.Shape({}) if method == "DELETE" else None
    if method in _WITH_BODY:
        body = _shape_of_body(schema.get_request_serializer())
    if method == "PUT" and body is not None and hasattr(view, "get"):
        body = rules.with_shown(body, _shape(force_instance(schema.get_response_serializers())))
    return Operation(names, body)


def _shape_of_body(declared: Any) -> rules.Shape | None:
    if isinstance(declared, Mapping):  # by content type; the types of one operation have the same fields
        declared = next(iter(declared.values()))
    declared = force_instance(declared)
    if declared is None:
        return rules.Shape({})
    return _shape(declared)


def _shape(declared: Any) -> rules.Shape | None:
    """``None`` for a value with no names of its own: a text, a mapping with free keys."""
    if isinstance(declared, serializers.ListSerializer | serializers.ListField):
        inner = _shape(declared.child)
        return rules.Shape(inner.fields, inner.lists + 1) if inner else None
    if isinstance(declared, serializers.Serializer):
        return rules.Shape({name: _shape(each) for name, each in declared.fields.items()})
    return None


def _given(request: Request, shape: rules.Shape) -> Any:
    """The body; where none is taken, one that is no object says nothing and is left unread, as everywhere in HTTP."""
    if shape.fields:
        return request.data
    try:
        return request.data
    except (exceptions.ParseError, exceptions.UnsupportedMediaType):
        return None


def _has_body(request: Request) -> bool:
    return str(request.META.get("CONTENT_LENGTH") or "0") != "0"


def _refuse(code: str, message: Any, found: Iterable[rules.Unknown]) -> None:
    problems = [_problem(code, message, each) for each in found]
    if len(problems) == 1:
        only = problems[0]
        raise Refusal(
            code, only.message, problems=problems, remedy=only.remedy, params=only.params, status=400
        )
    if problems:
        raise Refusal(code, _("Some names are not recognised."), problems=problems, status=400)


def _problem(code: str, message: Any, unknown: rules.Unknown) -> Problem:
    meant = unknown.meant
    return Problem(
        code,
        message % {"name": unknown.name},
        field=unknown.field,
        line=unknown.line,
        remedy=_("Did you mean “%(name)s”?") % {"name": meant} if meant else None,
        params={"did_you_mean": meant} if meant else {},
    )
