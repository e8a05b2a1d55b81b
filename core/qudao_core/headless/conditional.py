"""Documents that change carry an ``ETag``; it saves readers transfer and keeps writers from overwriting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from ..errors import Outdated, Refusal
from . import rules

Handler = TypeVar("Handler", bound=Callable[..., Any])


def versioned(*, match: bool = True) -> Callable[[Handler], Handler]:
    """Declare that a handler's answer carries an ``ETag``: the schema then says so.

    A ``get`` answers 304 to ``If-None-Match``; a write takes ``If-Match``, unless `match` is false because there is
    nothing yet to match.
    """

    def declare(handler: Handler) -> Handler:
        handler.versioned = True  # type: ignore[attr-defined]
        handler.takes_match = match  # type: ignore[attr-defined]
        return handler

    return declare


def not_modified(request: Request, etag: str) -> Response | None:
    """A 304 answer when the reader already holds the state `etag` (``If-None-Match``), else ``None``."""
    header = request.headers.get("If-None-Match", "")
    if header and rules.tag_matches(parse_etags(header), etag):
        return Response(status=304, headers={"ETag": etag})
    return None


def require_match(request: Request, etag: str, *, required: bool = False) -> None:
    """Let a write through only if the writer saw the state `etag` (``If-Match``).

    Call it on the locked row. Without the header the write is let through, unless `required`.

    :raises Refusal: 412 ``changed_meanwhile``; 428 ``if_match_required``.
    """
    view = request.parser_context["view"]
    assert getattr(getattr(view, str(request.method).lower()), "takes_match", False), (
        "Declare it: @versioned()"
    )
    header = request.headers.get("If-Match", "")
    if not header and required:
        raise Refusal(
            "if_match_required",
            _("Send the document's ETag in If-Match, so that nobody's change is overwritten."),
            status=428,
        )
    seen = [rules.state_of(tag) for tag in parse_etags(header)]
    if header and not rules.tag_matches(seen, rules.state_of(etag)):
        raise Outdated(
            "changed_meanwhile", _("This was changed by someone else. Load it again and repeat your change.")
        )
