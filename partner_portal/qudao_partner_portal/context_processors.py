"""What the shell of every page shows: navigation, the companies to switch between, the person's menu.

Everything is lazy: a page without the shell (the back office, an API answer) pays nothing.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from qudao_core import conf as core_conf
from qudao_core.requests import get_versions, get_viewer

from .home.web import user_menu
from .hooks import navigation
from .people.queries import companies_of
from .previewing.labels import preview_banner as preview_band


def shell(request: HttpRequest) -> dict[str, Any]:
    """``viewer``, ``nav_items``, ``companies``, ``company_switch_url``, ``user_menu_items``, ``home_url``.

    ``preview_band``: whom one looks as. Also ``search_url``, ``suggest_url`` and ``forget_url`` of the search field.
    """
    viewer = SimpleLazyObject(lambda: get_viewer(request))
    return {
        "viewer": viewer,
        "nav_items": SimpleLazyObject(lambda: _navigation(request)),
        "companies": SimpleLazyObject(
            lambda: companies_of(get_viewer(request).user_id, get_versions(request))
        ),
        "user_menu_items": SimpleLazyObject(lambda: user_menu(get_viewer(request), request)),
        "company_switch_url": _address("portal:switch"),
        "preview_band": SimpleLazyObject(
            lambda: preview_band(get_viewer(request), getattr(request, "preview_back", ""))
        ),
        "home_url": _address("portal:home"),
        **_search_field(request),
    }


def _search_field(request: HttpRequest) -> dict[str, Any]:
    """Where the shell's search field leads, what it suggests from and where it forgets.

    A guest who may not search is suggested nothing: each key would be answered by 401. Not in Wagtail's admin, whose
    own headers read a variable of this name as the name of one of its views.
    """
    admin = _address("wagtailadmin_home")
    if admin and request.path.startswith(admin):
        return {}
    return {
        "search_url": _address("site-search:search"),
        "suggest_url": SimpleLazyObject(lambda: _suggestions(request)),
        "forget_url": _address("site-search:search-forget"),
    }


def _suggestions(request: HttpRequest) -> str:
    return "" if _is_shut_out(request) else _address("site-search:search-suggestions")


def _is_shut_out(request: HttpRequest) -> bool:
    """Whether a guest asks on a site that shows guests nothing."""
    return get_viewer(request).is_guest and not core_conf.open_catalogue()


def _navigation(request: HttpRequest) -> list[Any]:
    if _is_shut_out(request):
        return []
    viewer = get_viewer(request)
    return [item for provider in navigation for item in provider(viewer, request)]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
