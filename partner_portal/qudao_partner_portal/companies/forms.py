"""Forms of a company's self-service. They ask; the services judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..freshness.queries import Kept, Versions
from ..territories.models import Territory
from .models import Address, Company, InvoiceTitle

Choices = list[tuple[str, Any]]
_kept: Kept[Choices] = Kept(size=8)


def territory_choices(versions: Versions | None = None) -> Choices:
    """Provinces with their cities as groups of one list, in the reader's language; kept until territories change."""
    language = get_language() or ""
    versions = versions if versions is not None else Versions.read()
    return _kept.get(language, versions.of("companies"), _territory_choices)


def _territory_choices() -> Choices:
    groups: Choices = [("", "–")]
    inside: list[tuple[str, str]] = []
    for place in Territory.objects.filter(depth__gt=1).order_by("path"):
        if place.depth == 2:
            inside = [(place.code, place.local_name)]
            groups.append((place.local_name, inside))
        else:
            inside.append((place.code, place.local_name))
    return groups


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a company's administrators keep up to date themselves."""

    language = forms.ChoiceField(label=_("Language of mails and documents"), required=False)

    class Meta:
        model = Company
        fields = ["phone", "email", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: forms.ChoiceField = self.fields["language"]  # type: ignore[assignment]
        choice.choices = [("", _("Each person's own")), *settings.LANGUAGES]
        self.fields["phone"].widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}

    def _post_clean(self) -> None:
        """The instance is the service's to change."""


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    territory = forms.ChoiceField(label=_("Province or city"), required=False)
    is_default = forms.BooleanField(label=_("Use this address unless I choose another"), required=False)

    class Meta:
        model = Address
        fields = ["label", "recipient", "phone", "country", "region", "street", "postcode"]

    field_order = [
        "label",
        "recipient",
        "phone",
        "territory",
        "region",
        "street",
        "postcode",
        "country",
        "is_default",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: forms.ChoiceField = self.fields["territory"]  # type: ignore[assignment]
        place.choices = territory_choices()
        if self.instance.pk:
            place.initial = self.instance.territory.code if self.instance.territory else ""
            self.fields["is_default"].initial = self.instance.is_default
        for name, hint in {"recipient": "name", "phone": "tel", "street": "street-address"}.items():
            self.fields[name].widget.attrs["autocomplete"] = hint
        self.fields["postcode"].widget.attrs |= {"autocomplete": "postal-code", "inputmode": "numeric"}

    def _post_clean(self) -> None:
        """The instance is the service's to change."""


class InvoiceTitleForm(forms.ModelForm):  # type: ignore[type-arg]
    is_default = forms.BooleanField(label=_("Use this title unless I choose another"), required=False)

    class Meta:
        model = InvoiceTitle
        fields = ["title", "tax_number", "bank", "bank_account", "registered_address", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tax_number"].help_text = _("18 characters, as on the business licence.")
        if self.instance.pk:
            self.fields["is_default"].initial = self.instance.is_default

    def _post_clean(self) -> None:
        """The instance is the service's to change."""
