"""Every error of the API as ``application/problem+json`` (RFC 9457), with a code that stays.

``type`` is ``urn:qudao:problem:<code>``; ``detail`` is for people and translated; ``code`` and ``params``
are for programs; ``errors`` names each field or line. docs/reference/api-conventions.md lists the codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import set_rollback

from .. import contention, outages
from ..errors import Problem, Refusal
from . import rows, rules

CONTENT_TYPE = "application/problem+json"

TITLES = {
    400: _("The request cannot be read"),
    401: _("Sign in first"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("No such format"),
    409: _("Conflict"),
    412: _("Changed in the meantime"),
    413: _("Too large"),
    415: _("Unknown content type"),
    422: _("Not accepted"),
    428: _("A condition is required"),
    429: _("Too many requests"),
    500: _("Something went wrong on our side"),
    503: _("Not available now"),
}

_CODES: dict[type[Exception], str] = {
    exceptions.ParseError: "malformed",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "authentication_failed",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "throttled",
}


def problem_response(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: what is ours or DRF's becomes a problem; a crash stays a crash."""
    request: HttpRequest | None = context.get("request")
    body = getattr(request, "_full_data", None)
    if request is not None and request.method in ("POST", "PUT", "PATCH"):
        exc = rows.with_rule_errors(exc, context.get("view"), request)
    found = _read(exc, body, request)
    if found is None:
        return None
    http_status, body, headers = found
    set_rollback()
    response = Response(
        describe_problem(http_status, request=request, **body), status=http_status, headers=headers
    )
    response.content_type = CONTENT_TYPE
    return response


def describe_problem(
    http_status: int,
    *,
    code: str,
    detail: object,
    request: HttpRequest | None = None,
    errors: list[dict[str, Any]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The members of a problem document, in a fixed order; empty ones are left out."""
    members = {
        "type": f"urn:qudao:problem:{code}",
        "title": str(TITLES.get(http_status, "")) or str(detail),
        "status": http_status,
        "code": code,
        "detail": str(detail),
        **more,
        "errors": errors or [],
        "instance": request.path if request is not None else None,
        "request_id": request_id(request),
    }
    return {name: value for name, value in members.items() if value not in (None, {}, "")}


def request_id(request: HttpRequest | None) -> str:
    """The id that stands in the log beside this request."""
    return str(getattr(getattr(request, "_request", request), "id", "") or "")


def describe_refusal(refusal: Refusal, request: HttpRequest | None) -> dict[str, Any]:
    """A refusal as a problem document."""
    return describe_problem(refusal.status, request=request, **_refusal(refusal, None))


def _read(
    exc: Exception, body: Any = None, request: HttpRequest | None = None
) -> tuple[int, dict[str, Any], dict[str, str]] | None:
    if contention.is_contention(exc):
        exc = contention.busy()
    elif outage := outages.outage_of(exc):
        outages.note(exc, request.path if request is not None else "")
        exc = outage
    if isinstance(exc, Refusal):
        return exc.status, _refusal(exc, body), _retry_after(exc)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, RequestDataTooBig):
        return (
            413,
            {"code": "too_large", "detail": _("Send a smaller request, or upload a file instead.")},
            {},
        )
    elif isinstance(exc, DjangoValidationError):
        exc = exceptions.ValidationError(as_serializer_error(exc))
    if isinstance(exc, exceptions.ValidationError):
        return 400, _invalid(exc), {}
    if isinstance(exc, exceptions.APIException):
        return exc.status_code, {"code": _code(exc), "detail": _detail(exc)}, _headers(exc)
    return None


def _refusal(refusal: Refusal, body: Any = None) -> dict[str, Any]:
    problem = refusal.problem
    every = refusal.problems or ((problem,) if problem.field or problem.line else ())
    return {
        "code": problem.code,
        "detail": problem.message,
        "remedy": str(problem.remedy) if problem.remedy else None,
        "remedy_url": problem.remedy_url,
        "params": problem.params,
        "errors": [_entry(rows.located(each, body)) for each in every],
    }


def _entry(problem: Problem) -> dict[str, Any]:
    entry = {
        "code": problem.code,
        "message": str(problem.message),
        "field": problem.field,
        "line": problem.line,
        "remedy": str(problem.remedy) if problem.remedy else None,
        "remedy_url": problem.remedy_url,
        "params": problem.params,
    }
    return {name: value for name, value in entry.items() if value not in (None, {}, "")}


def _invalid(exc: exceptions.ValidationError) -> dict[str, Any]:
    found = rules.flatten_errors(exc.detail)
    entries = [
        {"code": e.code, "message": e.message}
        | ({"field": e.path} if e.path else {})
        | ({"line": e.line} if e.line else {})
        for e in found
    ]
    detail = found[0].message if len(found) == 1 else gettext("Some values are not valid.")
    return {"code": "invalid", "detail": detail, "errors": entries}


def _code(exc: exceptions.APIException) -> str:
    own = getattr(exc.detail, "code", None)
    if own and own != exc.default_code:
        return str(own)
    return next((code for kind, code in _CODES.items() if isinstance(exc, kind)), exc.default_code)


def _detail(exc: exceptions.APIException) -> str:
    detail = exc.detail
    if isinstance(detail, list):
        return str(detail[0])
    return str(detail.get("detail", "")) if isinstance(detail, dict) else str(detail)


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(exc.auth_header)  # type: ignore[attr-defined]
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait))  # type: ignore[attr-defined]
    return headers


def _retry_after(refusal: Refusal) -> dict[str, str]:
    seconds = refusal.problem.params.get("retry_after")
    return (
        {"Retry-After": str(seconds)}
        if refusal.status in (status.HTTP_429_TOO_MANY_REQUESTS, 503) and seconds
        else {}
    )
