"""Every answer of the API that any test gets is held against the OpenAPI document the site serves.

The test client is hooked in `tests/conftest.py`. An answer must have a declared status and content type, the shape of
its schema and nothing beyond it, and no header of the API's conventions that the document does not name.
"""

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from django.conf import settings
from django.test import Client
from qudao_core.headless import web
from qudao_core.headless.renderers import dumps
from qudao_core.headless.schema import HEADERS

API = "/api/v1/"
PROBLEM = "application/problem+json"
_DECLARED_HEADERS = {name.lower() for name, _kind, _text in HEADERS.values()}


def hooked(request: Any) -> Any:
    """`Client.request`, with the answer checked before the test sees it."""

    def checked(self: Client, **environ: Any) -> Any:
        response = request(self, **environ)
        method = environ.get("REQUEST_METHOD", "GET")
        path = str(environ.get("PATH_INFO", "")).encode("latin-1", "replace").decode("utf-8", "replace")
        if path.startswith(API) and settings.ROOT_URLCONF == "qudao_site.urls":
            complaint = complaint_about(method, path, response)
            assert complaint is None, f"{method} {path} → {response.status_code}: {complaint}"
        return response

    return checked


def complaint_about(method: str, path: str, response: Any) -> str | None:
    """What the answer has that the document does not promise, or the other way round."""
    operation = operation_of(method, path)
    if operation is None or response.status_code == 405:
        return None
    declared = operation["responses"]
    answer = declared.get(str(response.status_code))
    if answer is None:
        if response.status_code < 400:
            return f"the status is not declared; {sorted(declared)} are"
        answer = declared["default"]
    return _headers(answer, response) or _content(answer, response)


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """The operation of the document that an address belongs to; the one with the fewest parameters wins."""
    for pattern, item in _patterns():
        if pattern.fullmatch(path):
            return item.get(method.lower())  # type: ignore[no-any-return]
    return None


@cache
def document() -> dict[str, Any]:
    return json.loads(dumps(web.document.__wrapped__("en")))  # type: ignore[no-any-return]


@cache
def _patterns() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    paths = sorted(document()["paths"].items(), key=lambda each: each[0].count("{"))
    return [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), item) for path, item in paths]


def _headers(answer: dict[str, Any], response: Any) -> str | None:
    known = {name.lower() for name in answer.get("headers", {})}
    extra = sorted({name.lower() for name in response.headers} & _DECLARED_HEADERS - known)
    return f"headers that are not declared: {extra}" if extra else None


def _content(answer: dict[str, Any], response: Any) -> str | None:
    content = answer.get("content", {})
    kind = response.get("Content-Type", "").partition(";")[0]
    if not content:
        body = b"" if response.streaming else response.content
        return f"a body where none is declared: {body[:200]!r}" if body else None
    if kind not in content:
        return f"the content type {kind} is not declared; {sorted(content)} are"
    if "json" not in kind:
        return None
    validator = _validator(json.dumps(content[kind]["schema"], sort_keys=True))
    errors = [
        f"{list(each.instance_path)}: {each.message}" for each in validator.iter_errors(response.json())
    ]
    return "; ".join(errors[:5])[:1500] or None


@cache
def _validator(schema: str) -> Any:
    parts = {"components": {"schemas": _closed(document()["components"]["schemas"])}}
    return jsonschema_rs.Draft202012Validator(_closed(json.loads(schema)) | parts, validate_formats=True)


def _closed(schema: Any) -> Any:
    """The same schema, in which an object has no other fields than the declared ones."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed
