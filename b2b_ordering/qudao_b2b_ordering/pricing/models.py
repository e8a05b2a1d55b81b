"""Price lists and what they are assigned to. See ``docs/reference/pricing.md`` for the rules in prose."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

#: ``valid_from`` of a price that has always been valid. A real date, so that one unique key covers every row.
ALWAYS = date(2000, 1, 1)
UNIT_PRICE = {"max_digits": 14, "decimal_places": 4}
QUANTITY = {"max_digits": 14, "decimal_places": 3}


def audience_title(key: str) -> str:
    """How an audience key reads to whoever looks at the back office now."""
    from qudao_partner_portal import api as portal  # noqa: PLC0415 - needs the models of every app

    return portal.audience_label(key, get_language() or "en")


class PriceList(models.Model):
    """A seller's prices in one currency: rows of its own, or another list changed by a percentage per
    product line.
    """

    class Kind(models.TextChoices):
        ROWS = "rows", _("Own prices")
        DERIVED = "derived", _("Derived from another list")

    class Rounding(models.TextChoices):
        HALF_UP = "half_up", _("Half up")
        UP = "up", _("Up")
        DOWN = "down", _("Down")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    seller = models.ForeignKey(
        "qudao_partner_portal.Company", models.PROTECT, related_name="price_lists", verbose_name=_("seller")
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.ROWS)
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="derived", verbose_name=_("derived from")
    )
    percent = models.DecimalField(
        _("percentage"),
        max_digits=7,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal("-100"))],
        help_text=_("Change from the base list, unless a product line has its own: -5 means 5 % cheaper."),
    )
    rounding = models.CharField(
        _("rounding"), max_length=8, choices=Rounding.choices, default=Rounding.HALF_UP
    )
    rounding_step = models.DecimalField(
        _("round to"),
        **UNIT_PRICE,
        default=Decimal("0.0001"),
        validators=[MinValueValidator(Decimal("0.0001"))],
        help_text=_("Derived prices become a multiple of this: 0.01, 0.1, 5 …"),
    )
    valid_from = models.DateField(_("valid from"), default=ALWAYS)
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last valid day.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(
        auto_now=True, db_index=True, help_text=_("When the list or its prices last changed.")
    )
    rows_removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="rows", base=None) | Q(kind="derived", base__isnull=False),
                name="price_list_derived_has_base",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="price_list_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        if (get_language() or "").startswith("zh") and self.name_zh:
            return self.name_zh
        return self.name


class PriceListLine(models.Model):
    """The percentage of a derived list for one product line."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="line_percents")
    line = models.ForeignKey("qudao_catalog.ProductLine", models.CASCADE, verbose_name=_("product line"))
    percent = models.DecimalField(
        _("percentage"), max_digits=7, decimal_places=4, validators=[MinValueValidator(Decimal("-100"))]
    )

    class Meta:
        ordering = ["line_id"]
        verbose_name = _("percentage by product line")
        verbose_name_plural = _("percentages by product line")
        constraints = [models.UniqueConstraint(fields=["price_list", "line"], name="price_list_line_once")]

    def __str__(self) -> str:
        return f"{self.line}: {self.percent} %"


class PriceRow(models.Model):
    """The net price of one unit from ``min_quantity`` up, in the list's currency."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="rows", db_index=False)
    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    min_quantity = models.DecimalField(
        _("from quantity"), **QUANTITY, default=Decimal(1), validators=[MinValueValidator(Decimal("0.001"))]
    )
    unit_price = models.DecimalField(
        _("unit price"), **UNIT_PRICE, validators=[MinValueValidator(Decimal(0))]
    )
    valid_from = models.DateField(_("valid from"), default=ALWAYS)
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last valid day.")
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["price_list_id", "product_id", "min_quantity", "valid_from"]
        indexes = [models.Index(fields=["price_list", "updated_at", "id"], name="price_row_changed")]
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "min_quantity", "valid_from"], name="price_row_once"
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="price_row_not_negative"),
            models.CheckConstraint(condition=Q(min_quantity__gt=0), name="price_row_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} ≥{self.min_quantity}: {self.unit_price}"


class PriceListAssignment(models.Model):
    """For whom a list is meant.

    The narrower audience wins, then ``priority`` (higher first), newer start, id.
    """

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="assignments")
    audience_key = models.CharField(_("audience"), max_length=80, db_index=True)
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("The higher number takes precedence.")
    )

    class Meta:
        ordering = ["audience_key", "-priority", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["price_list", "audience_key"], name="price_assignment_once")
        ]

    def __str__(self) -> str:
        return f"{self.price_list} → {audience_title(self.audience_key)}"


class LastPrice(models.Model):
    """What a company last paid a seller for a product, per currency. Shown beside today's price."""

    company = models.ForeignKey(
        "qudao_partner_portal.Company", models.CASCADE, related_name="+", db_index=False
    )
    seller = models.ForeignKey("qudao_partner_portal.Company", models.CASCADE, related_name="+")
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    unit_price = models.DecimalField(_("unit price"), **UNIT_PRICE)
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    ordered_on = models.DateField(_("ordered on"))
    order_number = models.CharField(_("order number"), max_length=40)

    class Meta:
        ordering = ["company_id", "product_id"]
        verbose_name = _("last price")
        verbose_name_plural = _("last prices")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "seller", "product", "currency"], name="last_price_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.unit_price} {self.currency}"
