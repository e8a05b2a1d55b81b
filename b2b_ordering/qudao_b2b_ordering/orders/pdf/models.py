from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from qudao_core.exports.models import Export

from ..models import Order, Shipment
from . import rules


class OrderExport(Export):
    """A long document of an order on its way into a PDF, for one person."""

    class Document(models.TextChoices):
        CONFIRMATION = rules.CONFIRMATION, _("Order confirmation")
        AWAITING = rules.AWAITING, _("Order (awaiting approval)")
        DELIVERY_NOTE = rules.DELIVERY_NOTE, _("Delivery note")

    order = models.ForeignKey(Order, models.CASCADE, related_name="+", verbose_name=_("order"))
    shipment = models.ForeignKey(
        Shipment, models.CASCADE, null=True, related_name="+", verbose_name=_("shipment")
    )
    document = models.CharField(pgettext_lazy("order", "document"), max_length=16, choices=Document.choices)
    #: The order's revision that the document shows.
    revision = models.PositiveIntegerField()

    class Meta(Export.Meta):
        verbose_name = _("order document as PDF")
        verbose_name_plural = _("order documents as PDF")
        constraints = [models.UniqueConstraint(fields=["user", "fingerprint"], name="order_export_once")]
