from django.apps import apps
from django.contrib import admin
from django.urls import include, path
from qudao_b2b_ordering import urls as ordering
from qudao_catalog import urls as catalog
from qudao_core import urls as core
from qudao_partner_portal import urls as portal
from qudao_search import urls as search
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("django-admin/", admin.site.urls),
    path("cms/", include(wagtailadmin_urls)),  # Qudao
    path("documents/", include(wagtaildocs_urls)),  # Qudao
    path("styleguide/", include("qudao_themes.urls")),  # Qudao
    path("api/v1/", include((core.api_urlpatterns, "core-api"))),  # Qudao
    path("api/v1/", include((search.api_urlpatterns, "search-api"))),  # Qudao
    path("api/v1/", include((portal.api_urlpatterns, "portal-api"))),  # Qudao
    path("api/v1/", include((catalog.api_urlpatterns, "catalog-api"))),  # Qudao
    path("api/v1/", include((ordering.api_urlpatterns, "ordering-api"))),  # Qudao
    path("dealers/", include((search.web_urlpatterns, "site-search"))),  # Qudao
    path("dealers/", include((portal.web_urlpatterns, "portal"))),  # Qudao
    path("dealers/", include((catalog.web_urlpatterns, "catalog"))),  # Qudao
    path("dealers/", include((ordering.web_urlpatterns, "ordering"))),  # Qudao
    path("", include(apps.get_app_config("oscar").urls[0])),
]
