"""Middleware of the platform; a host lists it after Django's ``AuthenticationMiddleware``."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from itertools import chain

from django.contrib.admin.utils import unquote
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, get_urlconf
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.functional import SimpleLazyObject

from . import contention, outages
from .cache_versions.queries import versions_scope
from .pages import busy_page, try_later_page
from .requests import get_viewer
from .sign_in import ask_to_sign_in

logger = logging.getLogger(__name__)
#: PostgreSQL's numeric_value_out_of_range, and from how many digits on a number may be too large for a key.
_OUT_OF_RANGE, _LONG_KEY = "22003", 10


class ViewerMiddleware:
    """Puts ``request.viewer`` on every request; nothing is read until somebody looks at it.

    Who is signed out is asked to sign in as :mod:`.sign_in` says, whichever view found out. What a person
    sees after signing in is kept by no cache: going back shows what is true, and nothing to whoever comes next.
    A request that only reads asks for the versions of facts once, so that its parts fit together.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: get_viewer(request))  # type: ignore[attr-defined]
        with versions_scope() if request.method in ("GET", "HEAD") else nullcontext():
            response = ask_to_sign_in(request, self.get_response(request))
        if _is_uncached_page(response) and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A form that cannot be read is a bad request, and a key in the address that cannot be one belongs to nothing,
        whichever view of Django or Wagtail found out."""
        if _is_unreadable_key(request, exception):
            not_found = get_resolver(get_urlconf()).resolve_error_handler(404)
            return not_found(request, exception=exception)
        if not _is_unreadable_form(request, exception):
            return None
        logger.warning("A form could not be read: %s: %r", request.path, exception)
        bad_request = get_resolver(get_urlconf()).resolve_error_handler(400)
        return bad_request(request, exception=exception)


class ContentionMiddleware:
    """Does a request again that met another writer in the database, and answers 503 when that does not help.

    The last middleware, so that nothing but the view is done again; only while nothing was committed. It covers every
    page of every plugin and of the back office; the API's views repeat themselves, because they answer errors
    themselves. What met a database that is away, or a disk that cannot be written, is answered 503 at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with contention.watching() as watch:
            for pause in contention.pauses():
                response = self.get_response(request)
                met = vars(request).pop("_qudao_met", None)
                if met is None or pause is None or not watch.may_repeat:
                    break
                time.sleep(pause)
                for _name, uploads in request.FILES.lists() if request.method == "POST" else ():
                    for upload in uploads:
                        upload.seek(0)
        if met is not None and not contention.is_contention(met):
            raise met
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if outage := outages.outage_of(exception):
            outages.note(exception, request.path)
            return try_later_page(request, outage)
        if not contention.may_pass(exception):
            return None
        request._qudao_met = exception  # type: ignore[attr-defined]
        return busy_page(request)


def _is_unreadable_form(request: HttpRequest, exception: Exception) -> bool:
    """A field that every form of this kind has is missing, or a widget met what no form of ours sends. Wagtail's blocks
    count their parts in hidden fields and read them without a doubt (``body-count``).
    """
    if request.method != "POST":
        return False
    if isinstance(exception, MultiValueDictKeyError):
        return True
    frames = (frame.f_code.co_name for frame, _line in traceback.walk_tb(exception.__traceback__))
    return isinstance(exception, (LookupError, ValueError, TypeError)) and "value_from_datadict" in frames


def _is_unreadable_key(request: HttpRequest, exception: Exception) -> bool:
    """A part of the address was asked for as a primary key and is no number, or one larger than any database keeps:
    Wagtail's views of models whose key may be a text, and its windows that choose something, hand it on as it stands.
    """
    if request.resolver_match is None:
        return False
    given = [*request.resolver_match.kwargs.values(), *chain(*(each for _name, each in request.GET.lists()))]
    texts = {made for each in map(str, given) for made in (each, unquote(each))}
    if isinstance(exception, ValueError):
        frames = [frame.f_code.co_name for frame, _line in traceback.walk_tb(exception.__traceback__)]
        said = str(exception)
        return frames[-1:] == ["get_prep_value"] and any(
            said.endswith(f"but got {text!r}.") for text in texts
        )
    too_large = isinstance(exception, OverflowError) or (
        isinstance(exception, DataError) and getattr(exception.__cause__, "sqlstate", "") == _OUT_OF_RANGE
    )
    return too_large and any(text.isdecimal() and len(text) >= _LONG_KEY for text in texts)


def _is_uncached_page(response: HttpResponse) -> bool:
    is_page = response.status_code < 400 and response.get("Content-Type", "").startswith("text/html")
    return is_page and not response.has_header("Cache-Control")
