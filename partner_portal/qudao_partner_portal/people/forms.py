"""Forms about people. They ask; the services judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from qudao_core.wording import with_label

from . import rules
from .models import Role
from .services.accounts import has_field

#: What a role lets somebody do, shown beside its name.
EXPLAINED = {
    "admin": _("All rights; also manages people, roles and company data"),
    "buyer": _("Places orders, confirms receipts, manages delivery addresses"),
    "approver": _("Approves colleagues' orders"),
    "finance": _("Views orders, manages billing details; approves orders where the order flow asks for it"),
    "sales": _("Approves customers' orders"),
    "warehouse": _("Releases and ships orders"),
    "learner": _("Reads the catalogue, handbook and documents; cannot order"),
}


def role_choices(*, is_seller: bool) -> list[tuple[str, Any]]:
    """The roles that make sense for a company, each with what it lets somebody do."""
    offered = [role for role in rules.ROLES if is_seller or role not in rules.SELLER_ROLES]
    return [(role, _labelled(Role(role).label, EXPLAINED[role])) for role in offered]


#: With the punctuation of the language it is shown in.
_labelled = lazy(with_label, str)


class RolesForm(forms.Form):
    title = forms.CharField(label=_("Job title"), max_length=80, required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, is_seller: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: forms.MultipleChoiceField = self.fields["roles"]  # type: ignore[assignment]
        choice.choices = role_choices(is_seller=is_seller)


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False, initial=["buyer"]
    )
    language = forms.ChoiceField(label=_("Language of the e-mail"), required=False)

    def __init__(self, *args: Any, is_seller: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles: forms.MultipleChoiceField = self.fields["roles"]  # type: ignore[assignment]
        roles.choices = role_choices(is_seller=is_seller)
        language: forms.ChoiceField = self.fields["language"]  # type: ignore[assignment]
        language.choices = [("", _("Company setting")), *settings.LANGUAGES]


class RegistrationForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("Password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", _("The two passwords differ."))
        return values


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=150)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: forms.ChoiceField = self.fields["language"]  # type: ignore[assignment]
        language.choices = [("", _("Browser setting")), *settings.LANGUAGES]
        for name in ("phone", "language"):
            if not has_field(name):
                del self.fields[name]


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=80, help_text=_("For instance: our ERP."))
    expires_on = forms.DateField(
        label=_("Expires"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    read_only = forms.BooleanField(label=_("Read only"), required=False)
