from django.contrib.auth.views import LoginView
from django.urls import include, path
from qudao_partner_portal import urls as portal
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("login/", LoginView.as_view(template_name="wagtailadmin/login.html"), name="login"),
    path("i18n/", include("django.conf.urls.i18n")),  # Qudao
    path("styleguide/", include("qudao_themes.urls")),  # Qudao
    path("api/v1/", include((portal.api_urlpatterns, "portal-api"))),  # Qudao
    path("portal/", include((portal.web_urlpatterns, "portal"))),  # Qudao
    path("", include(wagtail_urls)),
]
