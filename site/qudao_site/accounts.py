"""Sign-in by django-allauth: accounts come from invitations, and there is no other way in."""

from __future__ import annotations

import time
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import segno
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.urls import reverse
from qudao_core import api as core

from qudao_site import account_mails
from qudao_site.models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions, answered for a channel: nobody registers on their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Our own words; what we have none for is allauth's, under the name of this site."""
        written = account_mails.write(template_prefix, context)
        if written is None:
            named = SimpleNamespace(name=settings.WAGTAIL_SITE_NAME, domain=settings.WAGTAILADMIN_BASE_URL)
            return super().render_mail(template_prefix, email, context | {"current_site": named}, headers)
        to = [email] if isinstance(email, str) else email
        subject, text, page = written
        mail = EmailMultiAlternatives(subject, text, self.get_from_email(), to, headers=headers)
        mail.attach_alternative(page, "text/html")
        return mail

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home for people of a company; the back office for staff who act for none."""
        viewer = request.viewer  # type: ignore[attr-defined]
        if request.user.is_staff and not viewer.is_member:
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)  # type: ignore[no-any-return]


class SecondFactorAdapter(DefaultMFAAdapter):
    def build_totp_svg(self, url: str) -> str:
        """The code on a white ground with a quiet zone: the ordinary one is black on a dark page's black."""
        picture = BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", light="#fff", border=4, omitsize=True)
        return picture.getvalue().decode()


def confirmation_page(request: HttpRequest) -> str | None:
    """Where a session that nobody has signed in to or confirmed for 15 minutes is confirmed; else ``None``."""
    session = getattr(request, "auth", None)  # an app's, which the header X-Session-Token names
    holder = SimpleNamespace(session=session) if isinstance(session, SessionBase) else request
    records = get_authentication_records(holder, request.user)
    last = max((record.get("at", 0) for record in records), default=0)
    if time.time() - last < account_settings.REAUTHENTICATION_TIMEOUT:
        return None
    return reverse("account_reauthenticate")


class TokensEndWithPassword:
    """A password validator that validates nothing: Django tells it of every new password, whoever sets it and where
    (account pages, a reset, the back office, ``changepassword``). API tokens made under the former one end.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Every password is good enough for this."""

    def get_help_text(self) -> str:
        return ""

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is not None and user.pk:
            core.revoke_tokens_of(user=user)


def vouch_for_email(
    sender: type[User], instance: User, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """Accounts come from invitations and from staff, so the first address is one that somebody stands for.

    allauth lets only a verified address set up two-factor sign-in.
    """
    if created and not raw and instance.email:
        EmailAddress.objects.get_or_create(
            user=instance, email=instance.email.lower(), defaults={"verified": True, "primary": True}
        )
