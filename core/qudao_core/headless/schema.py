"""OpenAPI 3.1 of our endpoints, and only ours, with what every one of them shares written once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from . import naming
from .problems import CONTENT_TYPE, TITLES

_ENTRY = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string", "description": "Stable and English, for programs."},
        "message": {"type": "string", "description": "For people, in the caller's language."},
        "field": {"type": "string", "description": "Dotted path of the input, for example lines.3.quantity."},
        "line": {"type": "integer", "description": "Row of a file or line of a list, counted from 1."},
        "remedy": {"type": "string"},
        "remedy_url": {"type": "string"},
        "params": {"type": "object", "additionalProperties": True},
    },
}

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable and English, for programs."},
        "detail": {"type": "string", "description": "For people, in the caller's language."},
        "remedy": {"type": "string", "description": "What to do next."},
        "remedy_url": {"type": "string"},
        "params": {"type": "object", "additionalProperties": True},
        "errors": {"type": "array", "items": _ENTRY},
        "instance": {"type": "string"},
        "request_id": {"type": "string", "description": "Quote it when you ask for help."},
    },
    "example": {
        "type": "urn:qudao:problem:below_minimum",
        "title": "Not accepted",
        "status": 422,
        "code": "below_minimum",
        "detail": "The smallest order is 12 pieces.",
        "errors": [
            {
                "code": "below_minimum",
                "message": "The smallest order is 12 pieces.",
                "field": "quantity",
                "line": 3,
            }
        ],
    },
}


def only_ours(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Preprocessing hook: keep the views of our API; Wagtail's and other people's are not part of it."""
    return [endpoint for endpoint in endpoints if getattr(endpoint[3].cls, "is_headless", False)]


#: Headers of answers, by their name in the document's components.
HEADERS: dict[str, tuple[str, str, Any]] = {
    "RateLimitLimit": ("RateLimit-Limit", "integer", _("Requests allowed in the current window.")),
    "RateLimitRemaining": ("RateLimit-Remaining", "integer", _("Requests left in the current window.")),
    "RateLimitReset": ("RateLimit-Reset", "integer", _("Seconds until the window ends.")),
    "RequestId": ("X-Request-ID", "string", _("Quote it when you ask for help.")),
    "RetryAfter": ("Retry-After", "integer", _("Seconds to wait before the next attempt.")),
    "ETag": ("ETag", "string", _("The version of the document; send it in If-Match or If-None-Match.")),
    "Link": ("Link", "string", _("URLs of the next and the previous page (RFC 8288).")),
    "Location": ("Location", "string", _("URL of what was created.")),
    "IdempotencyReplayed": (
        "Idempotency-Replayed",
        "string",
        _("“true”: the response to the first request with this key, repeated."),
    ),
    "WWWAuthenticate": ("WWW-Authenticate", "string", _("How to sign in.")),
    "ContentDisposition": ("Content-Disposition", "string", _("The file's name.")),
}
_WITH_BODY = ("POST", "PUT", "PATCH")
_ALWAYS = ("RateLimitLimit", "RateLimitRemaining", "RateLimitReset", "RequestId")


class HeadlessSchema(AutoSchema):
    """Adds names, problem answers, headers and the conventions' parameters to each operation."""

    def get_tags(self) -> list[str]:
        named = list(getattr(self.view, "tags", ()))
        return [slugify(name) for name in named] or [
            self.view.__module__.split(".")[0].removeprefix("qudao_")
        ]

    def get_operation_id(self) -> str:
        is_list = self.method == "GET" and self._is_list_view()
        return naming.operation_id(self.method, self.path, is_list=is_list)

    def map_parsers(self) -> list[str]:
        """What can be sent as JSON is: of two content types with one schema, generated clients send a mixture."""
        found: list[str] = super().map_parsers()
        return ["application/json"] if "application/json" in found else found

    def get_summary(self) -> str:
        return naming.summary_of(self.get_description())

    def get_operation(self, path: str, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(path, *args, **kwargs)
        if operation is None:
            return None
        answers = operation["responses"]
        if self.method == "GET" and self._declares("versioned"):
            answers["304"] = {"description": str(_("Unchanged since the ETag in If-None-Match."))}
        for status, answer in answers.items():
            answer["description"] = str(answer.get("description") or "") or str(_("Done."))
            answer["headers"] = self._headers(tuple(self._headers_of(status, answer)))
        for status in self._problem_statuses():
            answers.setdefault(str(status), self._problem(status))
        answers["default"] = self._problem(None)
        return operation

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if self.is_idempotent():
            parameters.append(_IDEMPOTENCY_KEY)
        if self._declares("takes_match"):
            parameters.append(_IF_NONE_MATCH if self.method == "GET" else _IF_MATCH)
        return parameters

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Two subjects may each have a ``StockOutput``: the second one met is named after its subject."""
        name = naming.schema_name(super().get_serializer_name(serializer, direction))
        kind = serializer if isinstance(serializer, type) else type(serializer)
        owners: dict[str, type] = self.registry.__dict__.setdefault(
            "qudao_owners", {"Problem": HeadlessSchema}
        )
        if owners.setdefault(name, kind) is kind:
            return name
        subject = kind.__module__.split(".")[1]
        longer = "".join(word.capitalize() for word in subject.split("_")) + name
        return longer if owners.setdefault(longer, kind) is kind else kind.__name__

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        """What is only read from callers is called input already; ``OrderInputRequest`` says it twice."""
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.removesuffix("Request") if name.endswith(("InputRequest", "ChangeRequest")) else name

    def _postprocess_serializer_schema(self, schema: dict[str, Any], serializer: Any, direction: Any) -> Any:
        """Bodies have no other fields than these: the server refuses them."""
        schema = super()._postprocess_serializer_schema(schema, serializer, direction)
        if direction == "request" and not getattr(serializer, "takes_more", False):
            schema["additionalProperties"] = False
        if direction == "request":
            for field in schema.get("properties", {}).values():
                _tell_default(field)
        return schema

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}Page"

    def _get_paginator(self) -> Any:
        """Only what is read comes in pages; a bulk write answers with all its rows."""
        return super()._get_paginator() if self.method == "GET" else None

    def is_idempotent(self) -> bool:
        """Whether the operation needs an ``Idempotency-Key``."""
        return self._declares("idempotent")

    def _declares(self, mark: str) -> bool:
        action = getattr(self.view, "action", None) or self.method.lower()
        return bool(getattr(getattr(self.view, action, None), mark, False))

    def _headers_of(self, status: str, answer: dict[str, Any]) -> Iterator[str]:
        yield from _ALWAYS
        if self._declares("versioned"):
            yield "ETag"
        if self.is_idempotent():
            yield "IdempotencyReplayed"
        if self.method == "GET" and self._is_list_view() and self._get_paginator():
            yield "Link"
        if status in ("201", "202"):
            yield "Location"
        if status == "202":
            yield "RetryAfter"
        if any(kind != "application/json" for kind in answer.get("content", {})):
            yield "ContentDisposition"

    def _problem_statuses(self) -> Iterator[int]:
        yield from (400, 401, 403, 404, 429)
        if self._declares("takes_match") and self.method != "GET":
            yield 412
        if self.method != "GET":
            yield from (409, 422)
        if self.method in _WITH_BODY and self.get_request_serializer():
            yield from (413, 415)

    def _problem(self, status: int | None) -> dict[str, Any]:
        component = ResolvedComponent(
            name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM, object="Problem"
        )
        self.registry.register_on_missing(component)
        more = {401: ("WWWAuthenticate",), 429: ("RetryAfter",), None: ("RetryAfter",)}.get(status, ())
        return {
            "description": str(TITLES[status]) if status else str(_("A problem: see its code.")),
            "headers": self._headers((*_ALWAYS, *more)),
            "content": {CONTENT_TYPE: {"schema": component.ref}},
        }

    def _headers(self, names: tuple[str, ...]) -> dict[str, Any]:
        found = {}
        for name in dict.fromkeys(names):
            header, kind, text = HEADERS[name]
            component = ResolvedComponent(
                name=name,
                type=ResolvedComponent.HEADER,
                schema={"description": str(text), "schema": {"type": kind}},
                object=name,
            )
            self.registry.register_on_missing(component)
            found[header] = component.ref
        return found


def _tell_default(field: dict[str, Any]) -> None:
    """A default is said in words: openapi-typescript makes every field with a ``default`` a required one."""
    default = field.pop("default", None)
    if default not in (None, "", False):
        text = _("Default: %(default)s.") % {"default": str(default).lower() if default is True else default}
        field["description"] = f"{field.get('description', '')} {text}".strip()


#: What the groups of operations are about.
TAGS: dict[str, Any] = {
    "addresses": _("Delivery addresses"),
    "carts": _("Carts and their lines"),
    "categories": _("Categories of the catalogue"),
    "companies": _("Companies of the channel, tiers, territories and audiences"),
    "events": _("The event log and its deliveries"),
    "flows": _("Order flows"),
    "handbooks": _("The product handbook"),
    "imports": _("File imports"),
    "invitations": _("Invitations to a company"),
    "invoice-titles": _("Billing details"),
    "me": _("The caller"),
    "orders": _("Orders, shipments and receipts"),
    "people": _("Colleagues and their roles"),
    "price-lists": _("Price lists and their rows"),
    "prices": _("Prices for the caller's company and how they are determined"),
    "product-lines": _("Product lines"),
    "products": _("Products with the caller's price and stock"),
    "search": _("Search across everything the caller can access"),
    "stock": _("Stock levels, warehouses, expected arrivals and who sees how much"),
    "tokens": _("API tokens"),
}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "qudao_core.headless.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": str(_("An API token of your account."))}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "qudao_core.headless.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": str(_("The browser's session; writes also need the CSRF token in X-CSRFToken.")),
        }


_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=_("A new random UUID for each new request; the same one when you repeat it."),
)
_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description=_("The ETag of the version you saw: nothing is written (412) if it has changed since."),
)
_IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description=_("The ETag of the version you have: 304 without a body if it is still current."),
)


def finish(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Postprocessing hook: what belongs to the whole document."""
    tags = sorted(
        {tag for item in result["paths"].values() for each in item.values() for tag in each["tags"]}
    )
    result["tags"] = [{"name": tag, "description": str(TAGS.get(tag, tag))} for tag in tags]
    return result
