"""OpenAPI 3.1 of our endpoints, and only ours, with what every one of them shares written once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

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


class HeadlessSchema(AutoSchema):
    """Adds the problem answer, the idempotency key and the conditional headers to each operation."""

    def get_tags(self) -> list[str]:
        return list(getattr(self.view, "tags", ())) or [
            self.view.__module__.split(".")[0].removeprefix("qudao_")
        ]

    def get_operation(self, path: str, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(path, *args, **kwargs)
        if operation is not None:
            operation["responses"]["default"] = self._problem()
        return operation

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if self.is_idempotent():
            parameters.append(_IDEMPOTENCY_KEY)
        return parameters

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Two subjects may each have a ``StockOutput``: the second one met is named after its subject."""
        name: str = super().get_serializer_name(serializer, direction)
        kind = serializer if isinstance(serializer, type) else type(serializer)
        owners: dict[str, type] = self.registry.__dict__.setdefault("qudao_owners", {})
        if owners.setdefault(name, kind) is kind:
            return name
        subject = kind.__module__.split(".")[1]
        return "".join(word.capitalize() for word in subject.split("_")) + name

    def _get_paginator(self) -> Any:
        """Only what is read comes in pages; a bulk write answers with all its rows."""
        return super()._get_paginator() if self.method == "GET" else None

    def is_idempotent(self) -> bool:
        """Whether the operation needs an ``Idempotency-Key``."""
        action = getattr(self.view, "action", None) or self.method.lower()
        return bool(getattr(getattr(self.view, action, None), "idempotent", False))

    def _problem(self) -> dict[str, Any]:
        component = ResolvedComponent(
            name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM, object="Problem"
        )
        self.registry.register_on_missing(component)
        return {
            "description": str(_("A problem: see its code.")),
            "content": {"application/problem+json": {"schema": component.ref}},
        }


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "qudao_partner_portal.headless.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": str(_("An API token of your account."))}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "qudao_partner_portal.headless.authentication.SessionAuthentication"
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
