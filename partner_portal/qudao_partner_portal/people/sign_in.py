"""Sign-in for hosts that have none of their own: Django's views in the theme's dress.

They bear the names of allauth, which the shell and the profile link to. There is neither a second factor nor a limit: a
host that wants those takes allauth and leaves these out.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import views
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from qudao_core import conf as core_conf

FORM = "qudao_partner_portal/sign_in/form.html"


def _page(title: Any, button: Any, icon: str, lead: Any = "") -> dict[str, Any]:
    return {"page_title": title, "button": button, "icon": icon, "lead": lead}


sign_in = views.LoginView.as_view(
    template_name=FORM,
    next_page=reverse_lazy("portal:home"),
    redirect_authenticated_user=True,
    extra_context=_page(_("Sign in"), _("Sign in"), "log-in") | {"asks_password": True},
)
sign_out = views.LogoutView.as_view(next_page=reverse_lazy("account_login"))
change_password = views.PasswordChangeView.as_view(
    template_name=FORM,
    success_url=reverse_lazy("portal:profile"),
    extra_context=_page(_("Change the password"), _("Save the password"), "check"),
)
forgotten = views.PasswordResetView.as_view(
    template_name=FORM,
    email_template_name="qudao_partner_portal/sign_in/new_password.txt",
    # Where the site is, not what a record of django.contrib.sites or the Host header says.
    extra_email_context={"site_address": lazy(core_conf.base_url, str)()},
    success_url=reverse_lazy("account_reset_password_done"),
    extra_context=_page(
        _("New password"),
        _("Send the link"),
        "mail",
        _("Enter your e-mail address and we will send you a link to set a new password."),
    ),
)
sent = views.PasswordResetDoneView.as_view(
    template_name=FORM,
    extra_context=_page(
        _("Check your mailbox"), "", "", _("If the address belongs to an account, a link is on its way.")
    ),
)
new_password = views.PasswordResetConfirmView.as_view(
    template_name=FORM,
    success_url=reverse_lazy("account_login"),
    extra_context=_page(_("Set a new password"), _("Save the password"), "check"),
)
