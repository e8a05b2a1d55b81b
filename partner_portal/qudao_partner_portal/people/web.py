"""Pages about people: colleagues and their roles, invitations, the own profile, API access, switching companies."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from qudao_core.errors import Refusal
from qudao_core.headless.queries import tokens_of
from qudao_core.headless.services import create_token, revoke_token
from qudao_core.pages import Page, add_refusal_to_form, show_refusal
from qudao_core.requests import choose_company

from ..companies.models import Company
from ..companies.web import PAGE, CompanyPage, next_url
from ..hooks import confirmation_page
from .forms import InvitationForm, ProfileForm, RegistrationForm, RolesForm, TokenForm
from .models import Membership
from .queries import (
    get_membership,
    invitation_by_token,
    invitation_state,
    memberships,
    open_invitations,
    user_by_email,
)
from .services import (
    accept_invitation,
    change_profile,
    change_title,
    end_membership,
    invite,
    prefer_company,
    register_and_accept,
    resend_invitation,
    resume_membership,
    revoke_invitation,
    set_roles,
)
from .services.accounts import has_field


class PeoplePage(CompanyPage):
    """Colleagues; administrators also invite and see who is invited."""

    tab = "people"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(InvitationForm(is_seller=self.viewer.is_seller))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = InvitationForm(request.POST, is_seller=self.viewer.is_seller)
        if form.is_valid():
            try:
                invitation = invite(viewer=self.viewer, company_id=self.company_id, **form.cleaned_data)
            except Refusal as refusal:
                add_refusal_to_form(form, refusal)
            else:
                messages.success(request, _("Invitation sent to %(email)s.") % {"email": invitation.email})
                return redirect("portal:people")
        return self.answer(form, status=422)

    def answer(self, form: InvitationForm, status: int = 200) -> HttpResponse:
        rows = memberships(self.viewer, self.company_id).order_by("pk")
        page = Paginator(rows.filter(is_active=True), PAGE).get_page(self.request.GET.get("page"))
        invited = list(open_invitations(self.viewer, self.company_id)[:200])
        for row in invited:
            row.state = invitation_state(row)
        ended = list(rows.filter(is_active=False).order_by("-ended_at", "-pk")[:100])
        own = next((row for row in page if row.user_id == self.viewer.user_id), None)
        return self.show("people", status, form=form, page=page, ended=ended, invited=invited, own=own)


class PersonPage(CompanyPage):
    """A colleague's roles and job title; ends and resumes the membership."""

    tab = "people"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = self._load(pk)
        initial = {"roles": [row.role for row in membership.roles.all()], "title": membership.title}
        form = RolesForm(initial=initial, is_seller=self.viewer.is_seller)
        return self.show("person", membership=membership, form=form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = self._load(pk)
        form = RolesForm(request.POST, is_seller=self.viewer.is_seller)
        if form.is_valid():
            try:
                set_roles(viewer=self.viewer, membership_id=pk, roles=form.cleaned_data["roles"])
                change_title(viewer=self.viewer, membership_id=pk, title=form.cleaned_data["title"])
            except Refusal as refusal:
                add_refusal_to_form(form, refusal)
            else:
                messages.success(request, _("Saved. The change takes effect immediately."))
                return redirect("portal:people")
        return self.show("person", 422, membership=membership, form=form)

    def _load(self, pk: int) -> Membership:
        return get_membership(self.viewer, pk)


class PersonEndPage(CompanyPage):
    """An administrator removes a colleague, or somebody leaves."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            membership = end_membership(viewer=self.viewer, membership_id=pk)
        except Refusal as refusal:
            if refusal.code != "last_admin":
                raise
            show_refusal(request, refusal)
            return redirect("portal:person", pk=pk)
        if membership.user_id == self.viewer.user_id:
            messages.success(request, _("You have left %(company)s.") % {"company": membership.company})
            return redirect("portal:home")
        messages.success(
            request, _("%(name)s has been removed from your company.") % {"name": membership.user}
        )
        return redirect("portal:people")


class PersonResumePage(CompanyPage):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = resume_membership(viewer=self.viewer, membership_id=pk)
        messages.success(request, _("%(name)s has rejoined your company.") % {"name": membership.user})
        return redirect("portal:people")


class InvitationResendPage(CompanyPage):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = resend_invitation(viewer=self.viewer, invitation_id=pk)
        messages.success(request, _("New link sent to %(email)s.") % {"email": invitation.email})
        return redirect("portal:people")


class InvitationRevokePage(CompanyPage):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = revoke_invitation(viewer=self.viewer, invitation_id=pk)
        messages.success(
            request, _("The invitation for %(email)s was withdrawn.") % {"email": invitation.email}
        )
        return redirect("portal:people")


class InvitationPage(Page):
    """Where the link of an invitation leads: join after signing in, or make an account and join."""

    guests = True

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.answer(token, RegistrationForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.user.is_authenticated:
            membership = accept_invitation(token=token, user=request.user)
            return self.welcome(membership)
        if user_by_email(invitation_by_token(token).email) is not None:
            return redirect_to_login(request.get_full_path())
        form = RegistrationForm(request.POST)
        if form.is_valid():
            try:
                user, membership = register_and_accept(
                    token=token,
                    name=form.cleaned_data["name"],
                    password=form.cleaned_data["password"],
                    language=request.LANGUAGE_CODE if hasattr(request, "LANGUAGE_CODE") else "",
                )
            except Refusal as refusal:
                if refusal.code not in ("weak_password", "name_required"):
                    raise
                add_refusal_to_form(form, refusal)
            else:
                login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
                return self.welcome(membership)
        return self.answer(token, form, status=422)

    def answer(self, token: str, form: RegistrationForm, status: int = 200) -> HttpResponse:
        invitation = invitation_by_token(token)
        signed_in = self.request.user.is_authenticated
        context = {
            "invitation": invitation,
            "state": invitation_state(invitation),
            "form": form,
            "has_account": not signed_in and user_by_email(invitation.email) is not None,
            "is_other": signed_in and self.request.user.email.lower() != invitation.email,
        }
        response = render(self.request, "qudao_partner_portal/invitation.html", context, status=status)
        # The address is a secret. Not "no-referrer": browsers then send forms with "Origin: null", which CSRF refuses.
        response["Referrer-Policy"] = "same-origin"
        response["Cache-Control"] = "no-store"
        return response

    def welcome(self, membership: Membership) -> HttpResponse:
        choose_company(self.request, membership.company_id)
        messages.success(self.request, _("Welcome to %(company)s.") % {"company": membership.company})
        return redirect("portal:home")


class SwitchPage(Page):
    """Act for another company, here and on other devices."""

    def post(self, request: HttpRequest) -> HttpResponse:
        text = request.POST.get("company", "")
        company_id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        prefer_company(viewer=self.viewer, company_id=company_id)
        choose_company(request, company_id)
        name = Company.objects.filter(pk=company_id).values_list("name", flat=True).first()
        messages.info(request, _("You are now working for %(company)s.") % {"company": name})
        return redirect(next_url(request) or "portal:home")


class ProfilePage(Page):
    """Name, telephone and language of the person signed in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        initial = {"name": user.get_full_name(), "phone": getattr(user, "phone", "")}
        form = ProfileForm(initial=initial | {"language": getattr(user, "language", "")})
        return self.answer(form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST)
        if form.is_valid():
            try:
                change_profile(viewer=self.viewer, **form.cleaned_data)
            except Refusal as refusal:
                add_refusal_to_form(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return self._with_language(redirect("portal:profile"), form.cleaned_data.get("language"))
        return self.answer(form, status=422)

    def answer(self, form: ProfileForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "has_language": has_field("language")}
        return render(self.request, "qudao_partner_portal/profile.html", context, status=status)

    def _with_language(self, response: HttpResponse, language: str | None) -> HttpResponse:
        """The language somebody chooses for themselves is the language of this browser too."""
        if language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                path=settings.LANGUAGE_COOKIE_PATH,
                domain=settings.LANGUAGE_COOKIE_DOMAIN,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        return response


class TokensPage(CompanyPage):
    """Tokens that let programs act as the viewer for the company. A new one is shown once."""

    tab = "tokens"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(TokenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if where := confirmation_page(request):
            messages.info(request, _("Confirm your sign-in first: a token lasts longer than a session."))
            return redirect(f"{where}?{urlencode({'next': request.path})}")
        form = TokenForm(request.POST)
        if form.is_valid():
            day = form.cleaned_data["expires_on"]
            end = timezone.make_aware(datetime.combine(day, time.max)) if day else None
            try:
                _token, secret = create_token(
                    viewer=self.viewer,
                    name=form.cleaned_data["name"],
                    expires_at=end,
                    read_only=form.cleaned_data["read_only"],
                )
            except Refusal as refusal:
                add_refusal_to_form(form, refusal)
            else:
                return self.answer(TokenForm(), secret=secret)
        return self.answer(form, status=422)

    def answer(self, form: TokenForm, status: int = 200, **more: Any) -> HttpResponse:
        rows = list(tokens_of(self.viewer)[:200])
        response = self.show("tokens", status, form=form, rows=rows, **more)
        response["Cache-Control"] = "no-store"
        return response


class TokenRevokePage(CompanyPage):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        token = revoke_token(viewer=self.viewer, token_id=pk)
        messages.success(request, _("“%(name)s” no longer works.") % {"name": token.name})
        return redirect("portal:tokens")
