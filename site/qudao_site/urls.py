"""Every address of the reference site.

A plugin's ``urls`` module gives ``web_urlpatterns`` (pages, mounted at the root) and ``api_urlpatterns``
(mounted below /api/v1/). Wagtail's pages come last, because they answer to whatever is left.
"""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve
from qudao_b2b_ordering import urls as ordering
from qudao_catalog import urls as catalog
from qudao_core import urls as core
from qudao_core.pages import allowed_in_previews
from qudao_learning import urls as learning
from qudao_partner_portal import urls as portal
from qudao_search import urls as search
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from qudao_site import closed, views
from qudao_site.documentation import documentation
from qudao_site.plugins import plugin_urls

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    re_path(
        r"^_allauth/(?:app|browser)/v1/auth/(?:signup|webauthn/signup|provider/signup)$", views.sign_up_closed
    ),
    path("_allauth/", include("allauth.headless.urls")),
    path("i18n/setlang/", views.set_language, name="set_language"),
    path("styleguide/", include("qudao_themes.urls")),
    path("docs/", documentation, name="documentation"),
    path("docs/<path:path>", documentation),
    path("robots.txt", views.robots),
    path("favicon.ico", views.favicon),
    path("api/v1/", include((core.api_urlpatterns, "core-api"))),
    path("api/v1/", include((search.api_urlpatterns, "search-api"))),
    path("api/v1/", include((portal.api_urlpatterns, "portal-api"))),
    path("api/v1/", include((catalog.api_urlpatterns, "catalog-api"))),
    path("api/v1/", include((ordering.api_urlpatterns, "ordering-api"))),
    path("api/v1/", include((learning.api_urlpatterns, "learning-api"))),
    *plugin_urls(settings.PLUGINS, "api", "api/v1/"),
    re_path("^api/", views.api_not_found),
    path("admin/login/", closed.to_sign_in),
    path("admin/password_reset/", closed.to_password_reset),
    path("admin/", include(wagtailadmin_urls)),
    path("_util/login/", closed.to_sign_in),
    path("dashboard/", closed.dashboard()),
    path("documents/", include(wagtaildocs_urls)),
    path("shop/", include(closed.shop_names())),
    path("", include((search.web_urlpatterns, "site-search"))),
    path("", include((portal.web_urlpatterns, "portal"))),
    path("", include((catalog.web_urlpatterns, "catalog"))),
    path("", include((ordering.web_urlpatterns, "ordering"))),
    path("", include((learning.web_urlpatterns, "learning"))),
    *plugin_urls(settings.PLUGINS, "web"),
]

if settings.SERVE_MEDIA:
    urlpatterns += [
        re_path(r"^media/(?P<path>.*)$", allowed_in_previews(serve), {"document_root": settings.MEDIA_ROOT})
    ]

urlpatterns += [path("", include(wagtail_urls))]

handler400 = "qudao_site.views.bad_request"
handler403 = "qudao_site.views.forbidden"
handler404 = "qudao_site.views.not_found"
handler500 = "qudao_site.views.server_error"
