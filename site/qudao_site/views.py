"""The site's own few pages: language switch, errors, robots.txt and the icon browsers ask for unasked."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from qudao_core import api as core
from qudao_core import contention, outages
from qudao_core.headless import describe_problem
from qudao_core.pages import allowed_in_previews, is_script
from qudao_themes.brands import brand_for

from qudao_site.middleware import keep_language

API_PREFIXES = ("/api/", "/_allauth/")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep ``language`` in the browser and on the person signed in, and go back to ``next``."""
    language, back = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if language in dict(settings.LANGUAGES):
        keep_language(response, language)
        if request.user.is_authenticated and request.user.language != language:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


@allowed_in_previews
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing of a dealer portal belongs into a search engine."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@allowed_in_previews
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static(brand_for(request).logo))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request, 400, "malformed", _("We could not read your request"), _("Go back and send it again.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    message = _(
        "Your account does not have permission to do this. Ask your company's administrator, or contact us."
    )
    return _error(request, 403, "forbidden", _("Not allowed"), message)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The session has ended: sign in again. It is another one than the page's: a script loads the page anew."""
    if not request.path.startswith((*API_PREFIXES, "/accounts/")):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if is_script(request):
            return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    message = _("The page was open for too long. Go back, reload it and send it again.")
    return _error(request, 403, "csrf_failed", _("Please try again"), message)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    message = _("This page does not exist, or your account cannot see it.")
    return _error(request, 404, "not_found", _("Not found"), message)


@allowed_in_previews
@csrf_exempt
def api_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Otherwise an address without its last slash is redirected, and a POST arrives as a GET."""
    message = _("There is no such address. Every address of the API ends with a slash.")
    return _error(request, 404, "not_found", _("Not found"), message)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; but not what a middleware met when another writer was in its way (a session to be saved), or
    when the database was away."""
    error = sys.exc_info()[1]
    refusal = contention.busy() if contention.is_contention(error) else outages.outage_of(error)
    if refusal is None:
        message = _("Something went wrong on our side. It has been logged; try again in a moment.")
        return _error(request, 500, "server_error", _("Sorry"), message)
    said = core.join_sentences(refusal.message, refusal.problem.remedy)
    response = _error(request, 503, refusal.code, _("Please try again"), said)
    response["Retry-After"] = str(refusal.problem.params["retry_after"])
    return response


@csrf_exempt
def sign_up_closed(request: HttpRequest) -> HttpResponse:
    """Accounts come from invitations. Answered before the input is looked at, which would tell known addresses."""
    return _error(
        request, 403, "sign_up_closed", _("By invitation"), _("Accounts are created by invitation.")
    )


def _error(request: HttpRequest, status: int, code: str, title: str, message: str) -> HttpResponse:
    """A page for people, a problem document for programs.

    Whoever is signed in and merely took a wrong way keeps the navigation; every other page renders without touching
    database or session.
    """
    if request.path.startswith(API_PREFIXES):
        body = describe_problem(status, code=code, detail=message, request=request)
        return JsonResponse(body, status=status, content_type="application/problem+json")
    if (
        status in (403, 404)
        and code != "csrf_failed"
        and (shown := _in_shell(request, status, title, message))
    ):
        return shown
    context: dict[str, Any] = {
        "code": status,
        "title": title,
        "message": message,
        "request_id": getattr(request, "id", "") if status >= 500 else "",
        "brand": brand_for(request),
    }
    # A request that cannot be read may have no session and no host, and a crash or an outage no database: such a page
    # gets no context of its own.
    known = request if status not in (400, 500, 503) else None
    return render(known, "qudao_themes/error.html", context, status=status)


def _in_shell(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse | None:
    """The same inside the shell for people who are signed in; nothing for guests, or when the database is away."""
    context = {"title": title, "message": message, "icon": "lock" if status == 403 else "search-x"}
    try:
        if not request.user.is_authenticated:
            return None
        return render(request, "qudao_themes/error_in_shell.html", context, status=status)
    except (AttributeError, DatabaseError):
        return None


def address_too_long(request: HttpRequest) -> HttpResponse:
    message = _("The address is too long. Shorten what you search or filter by.")
    return _error(request, 414, "address_too_long", _("Too long"), message)
