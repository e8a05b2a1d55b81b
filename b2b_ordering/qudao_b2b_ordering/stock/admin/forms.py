"""Forms of the stock screens. Products are named by SKU, audiences by key; both are checked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from qudao_core.numbers.forms import DecimalField, LocalizedNumbersMixin
from qudao_partner_portal.backoffice import AudienceKeyField
from wagtail.admin.widgets import AdminDateInput

from ...pricing.codes import product_ids
from .. import services
from ..models import Arrival, StockLevel, StockMovement, StockPolicy, StockTerms, Warehouse

QUANTITY = {"max_digits": 14, "decimal_places": 3}


class ByService(LocalizedNumbersMixin, forms.ModelForm):  # type: ignore[type-arg]
    """The service checks the whole; Django's own checks of the half-built model would only say it twice."""

    def _post_clean(self) -> None:
        pass


class WithProduct(ByService):
    """Names its product by SKU; a row that exists keeps its product."""

    sku = forms.CharField(label=_("SKU"), max_length=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["sku"].initial = self.instance.product.profile.sku
            self.fields["sku"].disabled = True

    def clean_sku(self) -> int:
        """The product's id."""
        if not self.instance._state.adding:
            return int(self.instance.product_id)
        sku = self.cleaned_data["sku"].strip()
        found = product_ids([sku]).get(sku)
        if found is None:
            raise forms.ValidationError(_("Unknown product “%(code)s”.") % {"code": sku})
        return found


def only_sellers(field: Any) -> None:
    field.queryset = field.queryset.filter(is_seller=True)


class WarehouseForm(ByService):
    class Meta:
        model = Warehouse
        fields = ["name", "name_zh", "code", "seller", "territory", "priority", "is_active"]
        help_texts = {"priority": _("Orders are filled from the lowest number first.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_sellers(self.fields["seller"])
        for name in ("code", "seller") if self.instance.pk else ():
            self.fields[name].disabled = True

    def save_by(self, actor: Any) -> Warehouse:
        given = dict(self.cleaned_data)
        seller, code = given.pop("seller"), given.pop("code")
        return services.set_warehouse(actor=actor, seller_id=seller.pk, code=code, **given)


class LevelForm(WithProduct):
    """Count a product in a warehouse for the first time."""

    class Meta:
        model = StockLevel
        fields = ["warehouse", "sku", "on_hand"]
        labels = {"warehouse": _("Warehouse")}

    def save_by(self, actor: Any) -> StockLevel:
        given = self.cleaned_data
        warehouse = given["warehouse"]
        row = services.StockInput(given["sku"], warehouse.code, given["on_hand"])
        services.set_stock(actor=actor, seller_id=warehouse.seller_id, rows=[row], reference="admin")
        return StockLevel.objects.get(warehouse=warehouse, product_id=given["sku"])


class AdjustForm(ByService):
    """Change what lies in a place, by an amount, with the reason."""

    change = DecimalField(
        label=pgettext_lazy("quantity", "Change"),
        **QUANTITY,
        help_text=_("The change in quantity; use a minus sign to reduce it."),
    )
    kind = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            choice for choice in StockMovement.Kind.choices if choice[0] != StockMovement.Kind.ISSUE.value
        ],
    )
    reference = forms.CharField(label=_("Reference"), max_length=80, required=False)

    class Meta:
        model = StockLevel
        fields: list[str] = []

    def clean_change(self) -> Decimal:
        change: Decimal = self.cleaned_data["change"]
        if change == 0:
            raise forms.ValidationError(_("Enter by how much the quantity changes."))
        return change

    def save_by(self, actor: Any) -> StockLevel:
        return services.adjust(actor=actor, level=self.instance, **self.cleaned_data)


class ArrivalForm(WithProduct):
    class Meta:
        model = Arrival
        fields = ["warehouse", "sku", "quantity", "expected_on", "external_key"]
        labels = {"warehouse": _("Warehouse")}
        widgets = {"expected_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["external_key"].required = True
        self.fields["external_key"].help_text = _(
            "Your number for the delivery; the same number replaces the earlier entry."
        )
        if self.instance.pk:
            self.fields["external_key"].disabled = True

    def save_by(self, actor: Any) -> Arrival:
        given = self.cleaned_data
        warehouse = given["warehouse"]
        row = services.ArrivalInput(
            given["sku"], warehouse.code, given["quantity"], given["expected_on"], given["external_key"]
        )
        services.set_arrivals(actor=actor, seller_id=warehouse.seller_id, rows=[row])
        return Arrival.objects.get(external_key=given["external_key"])


class ReceiveForm(forms.Form):
    quantity = DecimalField(label=_("Quantity received"), **QUANTITY, min_value=Decimal(0))


class PolicyForm(ByService):
    audience_key = AudienceKeyField(label=_("Audience"), max_length=80)

    class Meta:
        model = StockPolicy
        fields = [
            "seller",
            "audience_key",
            "mode",
            "low_threshold",
            "plenty_threshold",
            "show_arrivals",
            "priority",
        ]
        labels = {"seller": _("Seller")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_sellers(self.fields["seller"])
        for name in ("seller", "audience_key") if self.instance.pk else ():
            self.fields[name].disabled = True

    def save_by(self, actor: Any) -> StockPolicy:
        given = dict(self.cleaned_data)
        seller = given.pop("seller")
        return services.set_policy(actor=actor, seller_id=seller.pk, **given)


class TermsForm(WithProduct):
    class Meta:
        model = StockTerms
        fields = ["sku", "backorder", "backorder_limit", "is_unlimited", "low_threshold"]

    def save_by(self, actor: Any) -> StockTerms:
        given = dict(self.cleaned_data)
        return services.set_terms(actor=actor, product_id=given.pop("sku"), **given)
