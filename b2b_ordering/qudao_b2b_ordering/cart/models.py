from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..pricing.models import QUANTITY, UNIT_PRICE


class Cart(models.Model):
    """What a person gathers for a company before ordering. Kept on the server, so it survives signing out.

    A person may keep several named carts per company; exactly one open cart is current. Once submitted a cart
    never changes: its order is ``cart.order``.
    """

    company = models.ForeignKey("qudao_partner_portal.Company", models.CASCADE, related_name="carts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="carts")
    seller = models.ForeignKey("qudao_partner_portal.Company", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    is_current = models.BooleanField(default=True)
    revises = models.ForeignKey(
        "qudao_b2b_ordering.Order",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="revisions",
        help_text=_("The returned order that this cart changes."),
    )
    former = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The cart to restore when the revision ends."),
    )
    revision = models.PositiveIntegerField(
        default=1, help_text=_("Incremented with every change; the cart's ETag.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-is_current", "-updated_at", "-pk"]
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user"],
                condition=Q(is_current=True, submitted_at=None),
                name="cart_one_current",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class CartLine(models.Model):
    """One product in a cart. ``seen_price`` is the unit price its owner last saw, to tell when it has changed."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+")
    quantity = models.DecimalField(
        _("quantity"), **QUANTITY, validators=[MinValueValidator(Decimal("0.001"))]
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    seen_price = models.DecimalField(**UNIT_PRICE, null=True, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")
        constraints = [
            models.UniqueConstraint(fields=["cart", "product"], name="cart_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="cart_line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product_id}"
