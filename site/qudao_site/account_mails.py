"""Mails about one's own account, in plain words: allauth's speak of "registering on example.com"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qudao_core import api as core

#: Mail of allauth → its subject, what it says, and whether something was changed, which it then says how to stop.
MAILS: Mapping[str, tuple[Promise, Promise, bool]] = {
    "account/email/password_reset_key": (
        gettext_lazy("Set a new password"),
        gettext_lazy(
            "Someone, probably you, asked for a new password. Set it here:\n\n{password_reset_url}\n\n"
            "If this was not you, ignore this e-mail; nothing changes."
        ),
        False,
    ),
    "account/email/password_reset": (
        gettext_lazy("Your password was changed"),
        gettext_lazy("A new password was set for your account through the link in an e-mail."),
        True,
    ),
    "account/email/password_changed": (
        gettext_lazy("Your password was changed"),
        gettext_lazy("The password of your account was changed."),
        True,
    ),
    "account/email/password_set": (
        gettext_lazy("Your password was set"),
        gettext_lazy("A password was set for your account."),
        True,
    ),
    "account/email/email_changed": (
        gettext_lazy("Your e-mail address was changed"),
        gettext_lazy("The e-mail address of your account was changed from {from_email} to {to_email}."),
        True,
    ),
    "account/email/email_confirm": (
        gettext_lazy("Your e-mail address is confirmed"),
        gettext_lazy("The e-mail address {email} of your account was confirmed."),
        True,
    ),
    "account/email/email_deleted": (
        gettext_lazy("An e-mail address was removed from your account"),
        gettext_lazy("The e-mail address {deleted_email} was removed from your account."),
        True,
    ),
    "mfa/email/totp_activated": (
        gettext_lazy("Two-factor sign-in is on"),
        gettext_lazy("An authenticator app was set up for your account."),
        True,
    ),
    "mfa/email/totp_deactivated": (
        gettext_lazy("The authenticator app was removed"),
        gettext_lazy("The authenticator app of your account was removed."),
        True,
    ),
    "mfa/email/recovery_codes_generated": (
        gettext_lazy("New recovery codes"),
        gettext_lazy("New recovery codes were created for your account; the former ones no longer work."),
        True,
    ),
    "mfa/email/webauthn_added": (
        gettext_lazy("A security key was added"),
        gettext_lazy("A security key was added to your account."),
        True,
    ),
    "mfa/email/webauthn_removed": (
        gettext_lazy("A security key was removed"),
        gettext_lazy("A security key was removed from your account."),
        True,
    ),
}
CONFIRM = (
    gettext_lazy("Confirm your e-mail address"),
    gettext_lazy("Confirm that this is the e-mail address of your account:\n\n{where}"),
)


def write(prefix: str, context: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Subject, text and HTML of allauth's mail ``prefix`` in the language of now; ``None`` for one not known here."""
    if prefix in {"account/email/email_confirmation", "account/email/email_confirmation_signup"}:
        subject, text = CONFIRM
        words = {"where": context.get("code") or context.get("activate_url") or ""}
        return _letter(str(subject), str(text).format(**words))
    if prefix not in MAILS:
        return None
    subject, text, is_change = MAILS[prefix]
    said = str(text).format_map({name: str(value) for name, value in context.items()})
    return _letter(str(subject), said, *(_warning(context) if is_change else ()))


def _letter(subject: str, *paragraphs: str) -> tuple[str, str, str]:
    name, address = str(getattr(settings, "WAGTAIL_SITE_NAME", "")), settings.WAGTAILADMIN_BASE_URL
    text = "\n\n".join([*paragraphs, f"{name}\n{address}".strip()]) + "\n"
    shown = {
        "heading": subject,
        "paragraphs": [each for part in paragraphs for each in part.split("\n\n")],
        "site_name": name,
        "base_url": address,
    }
    return subject, text, render_to_string("qudao_themes/mail/letter.html", shown)


def _warning(context: Mapping[str, Any]) -> tuple[str, ...]:
    """What to do if it was somebody else, and what is known of who it was."""
    facts = [(_("IP address"), "ip"), (_("Browser"), "user_agent"), (_("Time"), "timestamp")]
    lines = [core.with_label(label, _shown(context[name])) for label, name in facts if context.get(name)]
    advice = _("If this was not you, set a new password at once and tell your administrator.")
    return (advice, "\n".join(lines)) if lines else (advice,)


def _shown(value: Any) -> str:
    return (
        formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
        if isinstance(value, datetime)
        else str(value)
    )
