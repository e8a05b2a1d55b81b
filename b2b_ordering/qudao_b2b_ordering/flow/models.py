"""The order flow as data: an editable draft (flow and steps) and frozen versions that orders keep."""

from __future__ import annotations

from functools import cached_property

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from . import rules


class Flow(ClusterableModel):
    """The steps an order of one seller walks. The flow of the narrowest audience, then highest priority, is used."""

    class AllocateOn(models.TextChoices):
        SUBMISSION = "submission", _("When the order is submitted")
        APPROVAL = "approval", _("When all approvals are given")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    seller = models.ForeignKey("qudao_partner_portal.Company", models.CASCADE, related_name="order_flows")
    audience_key = models.CharField(_("for"), max_length=80, default="everyone")
    priority = models.SmallIntegerField(_("priority"), default=0)
    allocate_on = models.CharField(
        _("stock is allocated"), max_length=12, choices=AllocateOn.choices, default=AllocateOn.SUBMISSION
    )
    buyer_may_cancel_until = models.CharField(
        _("buyer may cancel until"),
        max_length=20,
        choices=[
            ("approval", _("the first approval")),
            ("release", _("release")),
            ("shipment", _("shipment")),
        ],
        default="release",
    )
    auto_receive_days = models.PositiveSmallIntegerField(
        _("receipt assumed after (days)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["seller_id", "code"]
        verbose_name = _("order flow")
        verbose_name_plural = _("order flows")

    def __str__(self) -> str:
        return self.name


class FlowStep(ClusterableModel):
    """One step of the draft. ``kind`` says which fact it brings about; names are the host's own."""

    class Kind(models.TextChoices):
        APPROVAL = "approval", _("Approval")
        RELEASE = "release", _("Release to warehouse")
        SHIPMENT = "shipment", _("Shipment")
        RECEIPT = "receipt", _("Receipt")

    class Side(models.TextChoices):
        SELLER = "seller", _("Seller")
        BUYER = "buyer", _("Buyer")

    #: Lets Wagtail's inline panel keep the order in which steps are dragged.
    sort_order_field = "sort_order"

    flow = ParentalKey(Flow, on_delete=models.CASCADE, related_name="steps")
    sort_order = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    is_enabled = models.BooleanField(_("on"), default=True)
    side = models.CharField(_("done by"), max_length=8, choices=Side.choices, default=Side.SELLER)
    role = models.CharField(_("role"), max_length=20)
    min_amount = models.DecimalField(
        _("from amount"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Gross; empty: always."),
    )
    only_over_credit = models.BooleanField(_("only over credit"), default=False)
    lines = ParentalManyToManyField(
        "qudao_catalog.ProductLine",
        blank=True,
        related_name="+",
        verbose_name=_("only with these product lines"),
    )
    service_hours = models.PositiveSmallIntegerField(
        _("time limit (hours)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [models.UniqueConstraint(fields=["flow", "code"], name="flow_step_code_once")]

    def __str__(self) -> str:
        if (get_language() or "").startswith("zh") and self.name_zh:
            return self.name_zh
        return self.name


class FlowVersion(models.Model):
    """A published flow. ``definition`` is the plain value ``flow.rules.Flow`` is read from; it never changes."""

    flow = models.ForeignKey(Flow, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["flow_id", "-number"]
        verbose_name = _("flow version")
        verbose_name_plural = _("flow versions")
        constraints = [models.UniqueConstraint(fields=["flow", "number"], name="flow_version_once")]

    def __str__(self) -> str:
        return f"{self.flow} v{self.number}"

    @cached_property
    def as_flow(self) -> rules.Flow:
        """The definition as the rules read it."""
        return rules.from_data(self.definition)
