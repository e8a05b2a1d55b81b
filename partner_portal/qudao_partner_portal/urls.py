"""Addresses of the portal. A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from .audience import rest as audience_api
from .companies import rest as companies_api
from .companies import web as companies
from .home.web import HomePage
from .people import rest as people_api
from .people import sign_in
from .people import web as people
from .previewing.requests import PreviewEndPage
from .territories import rest as territories_api

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

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("me/", people_api.Me.as_view(), name="me"),
    path("me/company/", people_api.MyCompany.as_view(), name="me-company"),
    path("companies/", companies_api.Companies.as_view(), name="companies"),
    path("companies/bulk/", companies_api.CompaniesBulk.as_view(), name="companies-bulk"),
    path("companies/<ref:reference>/", companies_api.CompanyDetail.as_view(), name="company"),
    path("companies/<ref:reference>/status/", companies_api.CompanyStatus.as_view(), name="company-status"),
    path("companies/<ref:reference>/move/", companies_api.CompanyMove.as_view(), name="company-move"),
    path(
        "companies/<ref:reference>/history/", companies_api.CompanyHistory.as_view(), name="company-history"
    ),
    path("tiers/", companies_api.Tiers.as_view(), name="tiers"),
    path("territories/", territories_api.Territories.as_view(), name="territories"),
    path("addresses/", companies_api.Addresses.as_view(), name="addresses"),
    path("addresses/bulk/", companies_api.AddressesBulk.as_view(), name="addresses-bulk"),
    path("addresses/<ref:reference>/", companies_api.AddressDetail.as_view(), name="address"),
    path("invoice-titles/", companies_api.InvoiceTitles.as_view(), name="invoice-titles"),
    path("invoice-titles/<int:pk>/", companies_api.InvoiceTitleDetail.as_view(), name="invoice-title"),
    path("people/", people_api.People.as_view(), name="people"),
    path("people/<int:pk>/", people_api.PersonDetail.as_view(), name="person"),
    path("invitations/", people_api.Invitations.as_view(), name="invitations"),
    path("invitations/lookup/", people_api.InvitationLookup.as_view(), name="invitation-lookup"),
    path("invitations/register/", people_api.InvitationRegister.as_view(), name="invitation-register"),
    path("invitations/accept/", people_api.InvitationAccept.as_view(), name="invitation-accept"),
    path("invitations/<int:pk>/", people_api.InvitationDetail.as_view(), name="invitation"),
    path("invitations/<int:pk>/resend/", people_api.InvitationResend.as_view(), name="invitation-resend"),
    path("tokens/", people_api.Tokens.as_view(), name="tokens"),
    path("tokens/<int:pk>/", people_api.TokenDetail.as_view(), name="token"),
    path("audience-keys/", audience_api.AudienceKeys.as_view(), name="audience-keys"),
    path("audience-reach/", audience_api.AudienceReach.as_view(), name="audience-reach"),
]

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("", HomePage.as_view(), name="home"),
    path("company/", include(company_pages)),
    path("preview/end/", PreviewEndPage.as_view(), name="preview-end"),
    path("profile/", people.ProfilePage.as_view(), name="profile"),
    path("invitations/<str:token>/", people.InvitationPage.as_view(), name="invitation"),
]

#: For hosts without a sign-in of their own: ``path("accounts/", include(portal.sign_in_urlpatterns))``.
sign_in_urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", sign_in.sign_in, name="account_login"),
    path("logout/", sign_in.sign_out, name="account_logout"),
    path("password/", sign_in.change_password, name="account_change_password"),
    path("password/new/", sign_in.forgotten, name="account_reset_password"),
    path("password/new/sent/", sign_in.sent, name="account_reset_password_done"),
    path("password/new/<uidb64>/<token>/", sign_in.new_password, name="account_reset_password_from_key"),
]

urlpatterns = web_urlpatterns
