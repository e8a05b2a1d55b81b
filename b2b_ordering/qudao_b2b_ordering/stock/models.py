"""What lies where, what is allocated, what is coming, and who may see how much of it."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..pricing.models import QUANTITY, audience_title


class Warehouse(models.Model):
    """A place a seller ships from. Orders are filled from the lowest ``priority`` number first."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    seller = models.ForeignKey(
        "qudao_partner_portal.Company", models.PROTECT, related_name="warehouses", verbose_name=_("seller")
    )
    territory = models.ForeignKey(
        "qudao_partner_portal.Territory", models.SET_NULL, null=True, blank=True, verbose_name=_("place")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["priority", "code"]
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")

    def __str__(self) -> str:
        if (get_language() or "").startswith("zh") and self.name_zh:
            return self.name_zh
        return self.name


class StockLevel(models.Model):
    """Saleable = on hand − allocated.

    ``allocated`` grows only by a guarded statement (see ``stock.services``).
    """

    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="levels", db_index=False)
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="stock_levels")
    on_hand = models.DecimalField(_("on hand"), **QUANTITY, default=Decimal(0))
    allocated = models.DecimalField(_("allocated"), **QUANTITY, default=Decimal(0))
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "product"], name="stock_level_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_on_hand_not_negative"),
            models.CheckConstraint(condition=Q(allocated__gte=0), name="stock_allocated_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.product.upc} · {self.warehouse}"


class Allocation(models.Model):
    """Stock allocated to an order line from one warehouse; shrinks as it is shipped, goes when it is released."""

    line = models.ForeignKey("qudao_b2b_ordering.OrderLine", models.CASCADE, related_name="allocations")
    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="allocations")
    quantity = models.DecimalField(_("quantity"), **QUANTITY)

    class Meta:
        ordering = ["line_id", "level_id"]
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.UniqueConstraint(fields=["line", "level"], name="allocation_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="allocation_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} ← {self.level_id}: {self.quantity}"


class StockMovement(models.Model):
    """Append-only: why ``on_hand`` changed, by how much, and what it was afterwards."""

    class Kind(models.TextChoices):
        COUNT = "count", _("Stock count")
        RECEIPT = "receipt", _("Goods received")
        ISSUE = "issue", _("Shipped")
        RETURN = "return", _("Returned")

    level = models.ForeignKey(StockLevel, models.CASCADE, related_name="movements")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    quantity = models.DecimalField(_("change"), **QUANTITY)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"


class StockTerms(models.Model):
    """Per product: may it be ordered beyond the stock, and up to how much in all. No row: no backorder."""

    product = models.OneToOneField(
        "catalogue.Product", models.CASCADE, primary_key=True, related_name="stock_terms"
    )
    backorder = models.BooleanField(_("backorder allowed"), default=False)
    backorder_limit = models.DecimalField(
        _("backorder limit"),
        **QUANTITY,
        null=True,
        blank=True,
        help_text=_("Open backorders together; empty: none."),
    )
    is_unlimited = models.BooleanField(
        _("stock not tracked"), default=False, help_text=_("Services and goods made to order.")
    )
    low_threshold = models.DecimalField(
        _("low from"), **QUANTITY, null=True, blank=True, help_text=_("Overrides the policy's threshold.")
    )

    class Meta:
        verbose_name = _("stock terms")
        verbose_name_plural = _("stock terms")

    def __str__(self) -> str:
        return str(self.product.upc)


class Arrival(models.Model):
    """Goods expected at a warehouse."""

    external_key = models.CharField(_("external key"), max_length=80, blank=True)
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="arrivals")
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="arrivals")
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    expected_on = models.DateField(_("expected on"))
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    class Meta:
        ordering = ["expected_on", "pk"]
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        constraints = [
            models.UniqueConstraint(
                fields=["external_key"], condition=~Q(external_key=""), name="arrival_external_key_unique"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="arrival_quantity_positive"),
        ]
        indexes = [
            models.Index(fields=["product", "expected_on"], name="arrival_due", condition=Q(received_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.product.upc} · {self.warehouse} · {self.expected_on}"


class StockPolicy(models.Model):
    """How much of a seller's stock an audience sees. The narrower audience wins, then the higher priority."""

    class Mode(models.TextChoices):
        EXACT = "exact", _("Exact figures")
        BANDED = "banded", _("In stock, low, out")
        HIDDEN = "hidden", _("Hidden")

    seller = models.ForeignKey("qudao_partner_portal.Company", models.CASCADE, related_name="stock_policies")
    audience_key = models.CharField(_("audience"), max_length=80)
    mode = models.CharField(_("shows"), max_length=8, choices=Mode.choices, default=Mode.BANDED)
    low_threshold = models.DecimalField(
        _("low from"),
        **QUANTITY,
        default=Decimal(10),
        help_text=_("Saleable quantity at and below which it is low."),
    )
    plenty_threshold = models.DecimalField(
        _("plenty from"), **QUANTITY, null=True, blank=True, help_text=_("Shown as “plenty” from here.")
    )
    show_arrivals = models.BooleanField(_("show arrivals"), default=True)
    priority = models.SmallIntegerField(_("priority"), default=0)

    class Meta:
        ordering = ["seller_id", "audience_key"]
        verbose_name = _("stock visibility")
        verbose_name_plural = _("stock visibility")
        constraints = [
            models.UniqueConstraint(fields=["seller", "audience_key"], name="stock_policy_once"),
            models.CheckConstraint(
                condition=Q(plenty_threshold=None) | Q(plenty_threshold__gte=F("low_threshold")),
                name="stock_policy_bands_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{audience_title(self.audience_key)}: {self.get_mode_display()}"
