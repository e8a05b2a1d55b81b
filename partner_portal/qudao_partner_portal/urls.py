"""Addresses of the portal. A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from .companies import web as companies
from .headless.urls import urlpatterns as headless_urlpatterns
from .home.web import HomePage
from .imports.urls import api_urlpatterns as imports_api_urlpatterns
from .people import web as people

app_name = "portal"

company_pages = [
    path("", companies.OverviewPage.as_view(), name="company"),
    path("people/", people.PeoplePage.as_view(), name="people"),
    path("people/<int:pk>/", people.PersonPage.as_view(), name="person"),
    path("people/<int:pk>/end/", people.PersonEndPage.as_view(), name="person-end"),
    path("people/<int:pk>/resume/", people.PersonResumePage.as_view(), name="person-resume"),
    path("invitations/<int:pk>/resend/", people.InvitationResendPage.as_view(), name="invitation-resend"),
    path("invitations/<int:pk>/revoke/", people.InvitationRevokePage.as_view(), name="invitation-revoke"),
    path("addresses/", companies.AddressesPage.as_view(), name="addresses"),
    path("addresses/add/", companies.AddressPage.as_view(), name="address-add"),
    path("addresses/<int:pk>/", companies.AddressPage.as_view(), name="address"),
    path("addresses/<int:pk>/default/", companies.AddressDefaultPage.as_view(), name="address-default"),
    path("addresses/<int:pk>/remove/", companies.AddressRemovePage.as_view(), name="address-remove"),
    path("invoice-titles/", companies.InvoiceTitlesPage.as_view(), name="invoice-titles"),
    path("invoice-titles/add/", companies.InvoiceTitlePage.as_view(), name="invoice-title-add"),
    path("invoice-titles/<int:pk>/", companies.InvoiceTitlePage.as_view(), name="invoice-title"),
    path(
        "invoice-titles/<int:pk>/remove/",
        companies.InvoiceTitleRemovePage.as_view(),
        name="invoice-title-remove",
    ),
    path("tokens/", people.TokensPage.as_view(), name="tokens"),
    path("tokens/<int:pk>/revoke/", people.TokenRevokePage.as_view(), name="token-revoke"),
    path("branch/", companies.BranchPage.as_view(), name="branch"),
    path("branch/<path:code>/", companies.BranchCompanyPage.as_view(), name="branch-company"),
    path("history/", companies.HistoryPage.as_view(), name="company-history"),
    path("switch/", people.SwitchPage.as_view(), name="switch"),
]

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("", HomePage.as_view(), name="home"),
    path("company/", include(company_pages)),
    path("profile/", people.ProfilePage.as_view(), name="profile"),
    path("invitations/<str:token>/", people.InvitationPage.as_view(), name="invitation"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [*headless_urlpatterns, *imports_api_urlpatterns]

urlpatterns = web_urlpatterns
