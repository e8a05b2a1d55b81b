"""Orders and what happened to them. An order's words, prices and terms are copied when it is submitted."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from qudao_core.exports.models import Export

from ..pricing.models import QUANTITY, UNIT_PRICE
from . import rules

AMOUNT = {"max_digits": 14, "decimal_places": 2}
ZERO = Decimal(0)


class NumberSequence(models.Model):
    """The last number given out per kind of document and period (``order`` 2026-11)."""

    key = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"


class Order(models.Model):
    """A firm's order to its seller. ``step`` is the code of the flow step it waits at; empty when it is closed."""

    class Status(models.TextChoices):
        OPEN = "open", _("In progress")
        RETURNED = "returned", _("Returned for changes")
        REJECTED = "rejected", _("Rejected")
        CANCELLED = "cancelled", _("Cancelled")
        COMPLETE = "complete", _("Complete")

    class Payment(models.TextChoices):
        ACCOUNT = "account", _("On account")
        TRANSFER = "transfer", _("Bank transfer")

    class Source(models.TextChoices):
        WEB = "web", _("Web")
        API = "api", _("API")
        IMPORT = "import", _("Imported")

    number = models.CharField(_("number"), max_length=40, unique=True)
    external_key = models.CharField(_("external key"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.WEB)
    seller = models.ForeignKey("qudao_partner_portal.Company", models.PROTECT, related_name="orders_received")
    company = models.ForeignKey("qudao_partner_portal.Company", models.PROTECT, related_name="orders")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    cart = models.OneToOneField(
        "qudao_b2b_ordering.Cart", models.SET_NULL, null=True, blank=True, related_name="order"
    )
    flow = models.ForeignKey(
        "qudao_b2b_ordering.FlowVersion", models.PROTECT, null=True, blank=True, related_name="orders"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    step = models.CharField(_("step"), max_length=40, blank=True)
    step_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    step_due = models.DateTimeField(_("due"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("net"), **AMOUNT)
    tax = models.DecimalField(_("tax"), **AMOUNT)
    gross = models.DecimalField(_("total"), **AMOUNT)
    tax_by_rate = models.JSONField(default=list, help_text=_("[{rate, net, tax}] as decimal strings."))
    line_count = models.PositiveIntegerField(default=0)
    facts = models.JSONField(
        default=dict,
        help_text=_("The data the flow's conditions were evaluated against when the order was submitted."),
    )
    payment = models.CharField(_("payment"), max_length=10, choices=Payment.choices, default=Payment.ACCOUNT)
    terms = models.CharField(_("payment terms"), max_length=120, blank=True)
    po_number = models.CharField(_("your order number"), max_length=60, blank=True)
    requested_on = models.DateField(_("requested date"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    address = models.JSONField(_("delivery address"), default=dict)
    invoice_title = models.JSONField(_("billing details"), default=dict)
    language = models.CharField(max_length=12, blank=True)
    revision = models.PositiveIntegerField(
        default=1, help_text=_("Incremented with every change; the order's ETag.")
    )
    submitted_at = models.DateTimeField(_("submitted"), db_index=True)
    confirmed_at = models.DateTimeField(
        _("confirmed"),
        null=True,
        blank=True,
        help_text=_("When the last approval was given; cleared when it is undone."),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "external_key"],
                condition=~Q(external_key=""),
                name="order_external_key_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-submitted_at", "-id"], name="order_of_company"),
            models.Index(
                fields=["seller", "step", "step_since"], name="order_at_step", condition=Q(status="open")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def region(self) -> str:
        """Province and city of the delivery address in the active language."""
        chinese = (get_language() or "").startswith("zh")
        return str((chinese and self.address.get("region_zh")) or self.address.get("region") or "")


class OrderLine(models.Model):
    """A line as it was ordered. Quantities that follow (allocated, shipped …) are counters of facts."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField(_("line"))
    product = models.ForeignKey("catalogue.Product", models.SET_NULL, null=True, related_name="+")
    sku = models.CharField(_("SKU"), max_length=64)
    name = models.CharField(_("name"), max_length=255)
    name_zh = models.CharField(_("Chinese name"), max_length=255, blank=True)
    line_code = models.CharField(_("product line"), max_length=40, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    unit_price = models.DecimalField(_("unit price"), **UNIT_PRICE)
    net = models.DecimalField(_("net"), **AMOUNT)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=6, decimal_places=4, default=ZERO)
    price_source = models.JSONField(default=dict, help_text=_("The list and row the price comes from."))
    allocated = models.DecimalField(_("allocated"), **QUANTITY, default=ZERO)
    backordered = models.DecimalField(_("backordered"), **QUANTITY, default=ZERO)
    shipped = models.DecimalField(_("shipped"), **QUANTITY, default=ZERO)
    dropped = models.DecimalField(
        _("no longer to be delivered"),
        **QUANTITY,
        default=ZERO,
        help_text=_("The seller cancelled the undelivered rest."),
    )
    received = models.DecimalField(_("received"), **QUANTITY, default=ZERO)
    short = models.DecimalField(_("short"), **QUANTITY, default=ZERO)
    damaged = models.DecimalField(_("damaged"), **QUANTITY, default=ZERO)

    class Meta:
        ordering = ["order_id", "position"]
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="order_line_once")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"


class OrderTransition(models.Model):
    """Who moved the order from where to where, when, and with which words. Append-only."""

    class Action(models.TextChoices):
        SUBMIT = "submit", _("Submitted")
        APPROVE = "approve", _("Approved")
        RELEASE = "release", _("Released to warehouse")
        SHIP = "ship", _("Shipped")
        RECEIVE = "receive", _("Receipt confirmed")
        REJECT = "reject", _("Rejected")
        RETURN = "return", _("Returned for changes")
        CANCEL = "cancel", _("Cancelled")
        COMPLETE = "complete", _("Completed")
        UNDO = "undo", _("Undone")
        NOTE = "note", _("Note")

    order = models.ForeignKey(Order, models.CASCADE, related_name="transitions")
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(_("who"), max_length=160, blank=True)
    actor_company = models.CharField(_("of"), max_length=200, blank=True)
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    from_step = models.CharField(pgettext_lazy("step", "from"), max_length=40, blank=True)
    to_step = models.CharField(pgettext_lazy("step", "to"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")

    def __str__(self) -> str:
        return f"{self.order_id} {self.action}"


class Shipment(models.Model):
    """A part of an order on its way, with its own number."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments")
    number = models.CharField(_("number"), max_length=40, unique=True)
    external_key = models.CharField(_("external key"), max_length=80, blank=True)
    warehouse = models.ForeignKey("qudao_b2b_ordering.Warehouse", models.PROTECT, null=True, related_name="+")
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    shipped_at = models.DateTimeField(_("shipped"))
    shipped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    class Meta:
        ordering = ["shipped_at", "pk"]
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines", db_index=False)
    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="shipment_lines")
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    received = models.DecimalField(_("received in good order"), **QUANTITY, default=ZERO)
    short = models.DecimalField(_("short"), **QUANTITY, default=ZERO)
    damaged = models.DecimalField(_("damaged"), **QUANTITY, default=ZERO)
    receipt_note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["shipment_id", "line_id"]
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


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
