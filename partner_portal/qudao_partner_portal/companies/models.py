from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from qudao_core.wording import with_label
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from .countries import country_name


class Tier(models.Model):
    """A level of partnership (gold, silver …). ``rank`` 1 is the highest."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=100)

    class Meta:
        ordering = ["rank", "code"]
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        """The name in the active language."""
        return self.name_zh if (get_language() or "").startswith("zh") and self.name_zh else self.name


class CompanyQuerySet(MP_NodeQuerySet):
    def active(self) -> CompanyQuerySet:
        return self.filter(status=Company.Status.ACTIVE)

    def within(self, path: str) -> CompanyQuerySet:
        """The company standing at ``path`` and everyone below it."""
        return self.filter(path__startswith=path)


class CompanyManager(MP_NodeManager.from_queryset(CompanyQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> CompanyQuerySet:
        """In the order of the tree, as treebeard's own manager does."""
        return CompanyQuerySet(self.model, using=self._db).order_by("path")


class Company(MP_Node):
    """A firm of the channel. The tree says who buys from whom: manufacturer → distributor → agent → dealer.

    In Oscar a ``Partner`` is a supplier; a customer firm is always a ``Company`` here.
    """

    class Kind(models.TextChoices):
        MANUFACTURER = "manufacturer", _("Manufacturer")
        DISTRIBUTOR = "distributor", _("Distributor")
        AGENT = "agent", _("Agent")
        DEALER = "dealer", _("Dealer")

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACTIVE = "active", pgettext_lazy("company", "Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    #: States in which a company's people read what the channel means for them. Ordering takes an active one.
    READING = (Status.ACTIVE, Status.SUSPENDED)

    code = models.CharField(
        _("code"), max_length=40, unique=True, help_text=_("Our own short code, e.g. D-0042.")
    )
    external_key = models.CharField(
        _("external key"), max_length=80, blank=True, help_text=_("What your ERP calls this company.")
    )
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.DEALER)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(_("reason"), max_length=200, blank=True)
    is_seller = models.BooleanField(
        _("sells on Qudao"),
        default=False,
        help_text=_("Companies below it order from it; it has its own price lists."),
    )
    tier = models.ForeignKey(
        Tier, models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("tier")
    )
    territories = models.ManyToManyField(
        "qudao_partner_portal.Territory", blank=True, related_name="companies", verbose_name=_("territories")
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    language = models.CharField(_("language"), max_length=12, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    objects = CompanyManager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        permissions = [("preview_as_company", _("Can preview pages as a company"))]
        constraints = [
            models.UniqueConstraint(
                fields=["external_key"], condition=~Q(external_key=""), name="company_external_key_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class Address(models.Model):
    """Where a company receives goods."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="addresses", verbose_name=_("company"))
    external_key = models.CharField(_("external key"), max_length=80, blank=True)
    label = models.CharField(
        _("label"), max_length=80, blank=True, help_text=_("For instance: main warehouse.")
    )
    recipient = models.CharField(_("recipient"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    territory = models.ForeignKey(
        "qudao_partner_portal.Territory",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("province or city"),
    )
    region = models.CharField(
        _("region"), max_length=200, blank=True, help_text=_("Where no territory fits.")
    )
    street = models.CharField(_("street address"), max_length=300)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, default="CN")
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["-is_default", "label", "pk"]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(is_default=True), name="address_one_default"
            ),
            models.UniqueConstraint(
                fields=["company", "external_key"],
                condition=~Q(external_key=""),
                name="address_external_key_unique",
            ),
        ]

    def __str__(self) -> str:
        return with_label(self.label or self.recipient, self.street)

    @property
    def has_place(self) -> bool:
        """Whether it says where its street is: a province or city, or a region elsewhere."""
        return bool(self.territory_id or self.region)

    @property
    def country_name(self) -> str:
        """The country in the active language."""
        return country_name(self.country)


class InvoiceTitle(models.Model):
    """发票抬头: to whom invoices are made out."""

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="invoice_titles", verbose_name=_("company")
    )
    title = models.CharField(_("billing name"), max_length=200)
    tax_number = models.CharField(_("tax number"), max_length=40)
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=60, blank=True)
    registered_address = models.CharField(_("registered address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["-is_default", "title", "pk"]
        verbose_name = _("billing details")
        verbose_name_plural = _("billing details")
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(is_default=True), name="invoice_title_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.title
