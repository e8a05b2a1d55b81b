"""Doors that other packages bring along and that stay closed: their login pages, Oscar's shop pages."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RegexPattern
from django.views.generic import RedirectView

#: Every other sign-in page leads to the one that knows about second factors and limits.
to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
to_sign_out = RedirectView.as_view(pattern_name="account_logout")
to_products = RedirectView.as_view(pattern_name="dashboard:catalogue-product-list")
to_password_reset = RedirectView.as_view(pattern_name="account_reset_password")

#: What the dashboard's templates link to, and where that leads here.
INSTEAD = {
    ("customer", "login"): to_sign_in,
    ("customer", "summary"): RedirectView.as_view(pattern_name="account_change_password"),
}
SHOP_APPS = ("catalogue", "basket", "checkout", "customer", "search", "offer", "wishlists")


def not_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    raise Http404


def shop_names() -> list[URLResolver]:
    """Oscar's shop addresses without its pages.

    The dashboard's templates and Oscar's models reverse these names, so they have to exist; whoever opens one
    gets 404, but for the two of ``INSTEAD``.
    """
    return [_closed_app(label) for label in SHOP_APPS]


def dashboard() -> tuple[list[URLPattern | URLResolver], str, str]:
    """Oscar's dashboard, of which only product editing is open.

    Its orders, customers and offers would go around the order flow, the companies and the price lists. Names
    are kept, because its templates reverse them.
    """
    patterns, app_name, namespace = apps.get_app_config("dashboard").urls  # type: ignore[attr-defined]
    return [_only_products(each) for each in patterns], app_name, namespace


def _only_products(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if str(pattern.pattern) == "catalogue/":
        return pattern
    views = {"index": to_products, "login": to_sign_in, "logout": to_sign_out}
    if isinstance(pattern, URLPattern) and pattern.name in views:
        return URLPattern(pattern.pattern, views[pattern.name], pattern.default_args, pattern.name)
    return _close(pattern)


def _closed_app(label: str) -> URLResolver:
    patterns, app_name, namespace = apps.get_app_config(label).urls  # type: ignore[attr-defined]
    return URLResolver(
        RegexPattern(rf"^{label}/"),
        [_close(each, label) for each in patterns],
        app_name=app_name,
        namespace=namespace,
    )


def _close(pattern: URLPattern | URLResolver, label: str = "") -> URLPattern | URLResolver:
    if isinstance(pattern, URLResolver):
        return URLResolver(
            pattern.pattern,
            [_close(each, label) for each in pattern.url_patterns],
            app_name=pattern.app_name,
            namespace=pattern.namespace,
        )
    view = INSTEAD.get((label, pattern.name or ""), not_here)
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)
