"""Forms of a company's self-service. They ask; the services judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qudao_core.cache_versions.queries import VersionedCache, Versions

from .. import conf
from ..territories.models import Territory
from .countries import country_choices
from .models import Address, Company, InvoiceTitle

Choices = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Places:
    """Provinces (code, name) and the cities of each, in one language."""

    provinces: tuple[tuple[str, str], ...]
    cities: Mapping[str, tuple[tuple[str, str], ...]]

    def groups(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """The cities as groups of one list; provinces without any are left out."""
        return [(name, self.cities[code]) for code, name in self.provinces if self.cities[code]]

    def province_of(self, city: str) -> str:
        return next((code for code, inside in self.cities.items() if city in dict(inside)), "")


_kept: VersionedCache[Places] = VersionedCache(size=8)


def places(versions: Versions | None = None) -> Places:
    """Provinces with their cities in the reader's language; kept until territories change."""
    language = get_language() or ""
    versions = versions if versions is not None else Versions.read()
    return _kept.get(language, versions.of("companies"), _read_places)


def _read_places() -> Places:
    provinces: list[tuple[str, str]] = []
    cities: dict[str, list[tuple[str, str]]] = {}
    for place in Territory.objects.filter(depth__gt=1).order_by("path"):
        if place.depth == 2:
            provinces.append((place.code, place.local_name))
            cities[place.code] = []
        else:
            cities[provinces[-1][0]].append((place.code, place.local_name))
    return Places(tuple(provinces), {code: tuple(inside) for code, inside in cities.items()})


def territory_choices(versions: Versions | None = None) -> Choices:
    """Provinces with their cities as groups of one list, in the reader's language."""
    known = places(versions)
    groups: Choices = [("", "–")]
    groups += [(name, [(code, name), *known.cities[code]]) for code, name in known.provinces]
    return groups


def fix_default(form: forms.ModelForm[Any]) -> None:
    """A default is given up by making another row the default: on its own form the box is ticked and stays so."""
    if "is_default" in form.fields and form.instance.pk and form.instance.is_default:
        field = form.fields["is_default"]
        field.disabled, field.initial = True, True
        field.help_text = _("To change this, make another one the default.")


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a company's administrators keep up to date themselves."""

    language = forms.ChoiceField(label=_("Language of e-mails and documents"), required=False)

    class Meta:
        model = Company
        fields = ["phone", "email", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: forms.ChoiceField = self.fields["language"]  # type: ignore[assignment]
        choice.choices = [("", _("Each person's setting")), *settings.LANGUAGES]
        self.fields["phone"].widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}

    def _post_clean(self) -> None:
        """The instance is the service's to change."""


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    """Province, then city, then district and street. The service knows one place: the city, else the province."""

    #: Where the service's complaints about ``territory`` are shown.
    shown_at = {"territory": "province"}

    province = forms.ChoiceField(label=_("Province"), required=False)
    city = forms.ChoiceField(label=_("City"), required=False)
    country = forms.ChoiceField(label=_("Country"))
    is_default = forms.BooleanField(label=_("Use as default address"), required=False)

    class Meta:
        model = Address
        fields = ["label", "recipient", "phone", "country", "region", "street", "postcode"]

    field_order = [
        "label",
        "recipient",
        "phone",
        "country",
        "province",
        "city",
        "region",
        "street",
        "postcode",
        "is_default",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_places()
        self.fields["phone"].required = True
        self.fields["phone"].help_text = _("The carrier calls this number.")
        self.fields["region"].label = _("District or county")
        self.fields["region"].help_text = _("Outside China: state or region.")
        fix_default(self)
        for name, hint in {"recipient": "name", "phone": "tel", "street": "street-address"}.items():
            self.fields[name].widget.attrs["autocomplete"] = hint
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        self.fields["postcode"].widget.attrs |= {"autocomplete": "postal-code", "inputmode": "numeric"}

    def _offer_places(self) -> None:
        """A province narrows the cities where there are scripts; without, they stand grouped by province."""
        known = places()
        chosen = {"province": known.provinces, "city": known.groups()}
        for name, choices in chosen.items():
            field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
            field.choices = [("", "–"), *choices]
        country: forms.ChoiceField = self.fields["country"]  # type: ignore[assignment]
        country.choices = country_choices(conf.country(), self.instance.country)
        country.initial = self.instance.country if self.instance.pk else conf.country()
        self.fields["province"].widget.attrs["data-qd-narrows"] = self["city"].auto_id
        code = self.instance.territory.code if self.instance.territory else ""
        province = known.province_of(code)
        self.fields["province"].initial = province or code
        self.fields["city"].initial = code if province else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        province, city = data.get("province") or "", data.get("city") or ""
        if province and city and places().province_of(city) != province:
            self.add_error("city", _("This city is not in the province you chose."))
        data["territory"] = city or province
        return data

    def _post_clean(self) -> None:
        """The instance is the service's to change."""


class InvoiceTitleForm(forms.ModelForm):  # type: ignore[type-arg]
    is_default = forms.BooleanField(label=_("Use as default"), required=False)

    class Meta:
        model = InvoiceTitle
        fields = ["title", "tax_number", "bank", "bank_account", "registered_address", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tax_number"].help_text = _("18 characters, as shown on the business licence.")
        fix_default(self)

    def _post_clean(self) -> None:
        """The instance is the service's to change."""
