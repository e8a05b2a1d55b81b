"""Forms of the price list screens."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core.numbers.forms import DecimalField, LocalizedNumbersMixin
from qudao_partner_portal.backoffice import AudienceKeyField
from wagtail.admin.widgets import AdminDateInput

from .. import services
from ..models import PriceList, PriceListLine, PriceRow


class PriceListForm(LocalizedNumbersMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A list's settings. Seller, code, currency and kind are settled when it is made."""

    class Meta:
        model = PriceList
        fields = [
            "name",
            "name_zh",
            "code",
            "seller",
            "currency",
            "base",
            "percent",
            "rounding",
            "rounding_step",
            "valid_from",
            "valid_until",
            "is_active",
        ]
        widgets = {"valid_from": AdminDateInput, "valid_until": AdminDateInput}
        help_texts = {
            "base": _("Empty: the list has prices of its own. Otherwise it derives from this list."),
            "code": _("Letters, digits and hyphens; for imports and the API."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seller = self.fields["seller"]
        seller.queryset = seller.queryset.filter(is_seller=True)  # type: ignore[attr-defined]
        if self.instance.pk:
            self._settled()

    def _settled(self) -> None:
        for name in ("code", "seller", "currency"):
            self.fields[name].disabled = True
        if self.instance.kind == PriceList.Kind.ROWS:
            for name in ("base", "percent", "rounding", "rounding_step"):
                del self.fields[name]
        else:
            lists = PriceList.objects.filter(
                seller_id=self.instance.seller_id, currency=self.instance.currency
            )
            self.fields["base"].queryset = lists.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]
            self.fields["base"].required = True

    def _post_clean(self) -> None:
        """The service checks; Django's own checks of the half-built model would only say it twice."""

    def save_by(self, actor: Any) -> PriceList:
        """Save through the service.

        :raises core.Refusal: a rule says no.
        """
        given = dict(self.cleaned_data)
        seller, code, currency = given.pop("seller"), given.pop("code"), given.pop("currency")
        if self.instance.pk:
            return services.change_list(actor=actor, price_list=self.instance, **given)
        return services.create_list(
            actor=actor, seller_id=seller.pk, code=code, currency=currency.upper(), **given
        )


class CopyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.SlugField(label=_("Code"), max_length=60)
    valid_from = forms.DateField(label=_("Valid from"), widget=AdminDateInput)
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=AdminDateInput)


class ExplainForm(forms.Form):
    company = forms.CharField(label=_("Company"), max_length=80, help_text=_("Company code."))
    sku = forms.CharField(label=_("SKU"), max_length=90)
    quantity = DecimalField(
        label=_("Quantity"),
        max_digits=14,
        decimal_places=3,
        min_value=Decimal("0.001"),
        initial=Decimal(1),
    )
    on = forms.DateField(label=_("On"), initial=timezone.localdate, widget=AdminDateInput)


class PercentsForm(forms.Form):
    """One percentage per product line; empty: the list's own percentage."""

    percent = DecimalField(
        label=_("Everything else"), max_digits=7, decimal_places=4, min_value=Decimal(-100)
    )

    def __init__(self, *args: Any, price_list: PriceList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.price_list = price_list
        self.fields["percent"].initial = price_list.percent
        known = dict(price_list.line_percents.values_list("line_id", "percent"))
        model = PriceListLine._meta.get_field("line").related_model
        self.line_fields = {f"line-{line.pk}": line for line in model._default_manager.order_by("code")}
        for name, line in self.line_fields.items():
            self.fields[name] = DecimalField(
                label=str(line),
                required=False,
                max_digits=7,
                decimal_places=4,
                min_value=Decimal(-100),
                initial=known.get(line.pk),
            )

    def save_by(self, actor: Any) -> None:
        percents = {
            line.pk: self.cleaned_data[name]
            for name, line in self.line_fields.items()
            if self.cleaned_data[name] is not None
        }
        services.set_percents(
            actor=actor,
            price_list=self.price_list,
            percents=percents,
            percent=self.cleaned_data["percent"],
        )


class RowForm(forms.Form):
    """One row of a list as it is edited in the table; product, minimum and start are settled.

    ``seen_price`` and ``seen_until`` are what the page showed: somebody else may have changed the row since.
    """

    unit_price = DecimalField(max_digits=14, decimal_places=4, min_value=Decimal(0))
    valid_until = forms.DateField(required=False)
    remove = forms.BooleanField(required=False)
    seen_price = DecimalField(max_digits=14, decimal_places=4, required=False)
    seen_until = forms.DateField(required=False)

    def edit_of(self, pk: int, row: PriceRow | None) -> services.PriceEdit:
        """What is wanted of the row; who does not say what was seen, has seen what is stored."""
        given = self.cleaned_data
        seen = (given["seen_price"], given["seen_until"])
        if seen[0] is None:
            seen = (row.unit_price, row.valid_until) if row else (Decimal(-1), None)
        return services.PriceEdit(pk, seen, given["unit_price"], given["valid_until"], given["remove"])


class NewRowForm(forms.Form):
    sku = forms.CharField(label=_("SKU"), max_length=90)
    min_quantity = DecimalField(
        label=_("From quantity"),
        max_digits=14,
        decimal_places=3,
        min_value=Decimal("0.001"),
        initial=Decimal(1),
    )
    unit_price = DecimalField(label=_("Unit price"), max_digits=14, decimal_places=4, min_value=Decimal(0))
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=AdminDateInput)
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=AdminDateInput)


class AssignmentForm(forms.Form):
    audience_key = AudienceKeyField(label=_("Audience"), max_length=80)
    priority = forms.IntegerField(
        min_value=-32768, max_value=32767, initial=0, required=False, label=_("Priority")
    )
