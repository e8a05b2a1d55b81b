from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _


class OwnNumber(models.Model):
    """What a company itself calls a product: its own item number. One number per product, one product per number."""

    company = models.ForeignKey("qudao_partner_portal.Company", models.CASCADE, related_name="own_numbers")
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="own_numbers")
    number = models.CharField(_("own item number"), max_length=64)

    class Meta:
        ordering = ["number", "pk"]
        verbose_name = _("own item number")
        verbose_name_plural = _("own item numbers")
        constraints = [
            models.UniqueConstraint(fields=["company", "product"], name="own_number_product_once"),
            models.UniqueConstraint("company", Upper("number"), name="own_number_once"),
        ]

    def __str__(self) -> str:
        return self.number


class QuickLine(models.Model):
    """A line of quick order that is not in a cart yet. A person keeps them per company until they are ordered or
    deleted, so they survive signing out. Status and price are never stored: they are worked out when they are shown.
    """

    company = models.ForeignKey("qudao_partner_portal.Company", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)
    text = models.CharField(_("line as given"), max_length=1000)
    code = models.CharField(_("code"), max_length=64, blank=True)
    quantity = models.CharField(_("quantity"), max_length=60, blank=True)
    rest = models.CharField(max_length=200, blank=True)
    marks = models.JSONField(default=list)
    readings = models.JSONField(default=list)
    choices = models.JSONField(default=list)
    is_line = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("line of quick order")
        verbose_name_plural = _("lines of quick order")
        indexes = [models.Index(fields=["company", "user", "position"], name="quick_line_of_person")]

    def __str__(self) -> str:
        return self.text[:60]
