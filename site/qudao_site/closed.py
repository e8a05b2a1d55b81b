"""Pages that other packages bring along and that stay closed: their login pages, Oscar's shop pages and dashboard."""

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
to_password_reset = RedirectView.as_view(pattern_name="account_reset_password")


def _to(name: str) -> Any:
    return RedirectView.as_view(pattern_name=name)


#: What people have kept the address of, or Oscar's models link to, and where that leads here.
INSTEAD = {
    ("dashboard", "index"): _to("qudao_products:index"),
    ("dashboard", "login"): to_sign_in,
    ("dashboard", "logout"): to_sign_out,
    ("dashboard", "catalogue-product-list"): _to("qudao_products:index"),
    ("dashboard", "catalogue-product"): _to("qudao_products:edit"),
    ("dashboard", "catalogue-category-list"): _to("qudao_categories:index"),
    ("dashboard", "catalogue-class-list"): _to("qudao_product_types:index"),
    ("dashboard", "catalogue-attribute-option-group-list"): _to("qudao_option_sets:index"),
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
    """Oscar's dashboard, closed: whatever it edited is edited in the back office or follows from orders.

    Names are kept, because Oscar reverses some; kept addresses of product editing lead to the screens that
    replaced them.
    """
    patterns, app_name, namespace = apps.get_app_config("dashboard").urls  # type: ignore[attr-defined]
    return [_close(each, "dashboard") for each in patterns], app_name, namespace


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
