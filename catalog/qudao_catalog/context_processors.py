"""What the catalogue puts into every page's context. A host lists it in its template settings."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


def search(request: HttpRequest) -> dict[str, str]:
    """``search_url``: where the shell's search field leads when the host has not mounted the portal's search.

    Then the list of products answers. Not in Wagtail's admin, whose own headers read a variable of this name as the
    name of one of its views.
    """
    if _address("site-search:search") or not _address("catalog:catalogue"):
        return {}
    admin = _address("wagtailadmin_home")
    if admin and request.path.startswith(admin):
        return {}
    return {"search_url": _address("catalog:catalogue"), "search_query": request.GET.get("q", "")}


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
