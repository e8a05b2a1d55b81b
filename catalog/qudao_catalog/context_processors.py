"""What the catalogue puts into every page's context. A host lists it in its template settings."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


def search(request: HttpRequest) -> dict[str, str]:
    """``search_url``: where the shell's search field leads. A plugin that searches more lists its own after this.

    Not in Wagtail's admin, whose own headers read a variable of this name as the name of one of its views.
    """
    try:
        if request.path.startswith(reverse("wagtailadmin_home")):
            return {}
        return {"search_url": reverse("catalog:catalogue")}
    except NoReverseMatch:
        return {}
