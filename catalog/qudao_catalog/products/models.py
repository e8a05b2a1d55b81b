"""What a channel must know of a product beside Oscar's own fields: all in our tables, one join away."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ..measures import UnitFacts
from .rules import sort_key

QUANTITY = {"max_digits": 14, "decimal_places": 3}


class Localised(models.Model):
    """A row with an English and a Chinese name."""

    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        """The name in the active language."""
        if (get_language() or "").startswith("zh") and self.name_zh:
            return self.name_zh
        return self.name


class Unit(Localised):
    """A unit of sale (piece, metre, kilogram) or of packing (carton, pallet).

    ``decimals``: how many places a quantity of it may have.
    """

    name_plural = models.CharField(
        _("plural"),
        max_length=120,
        blank=True,
        help_text=_("For every number but 1: “pieces”. Empty: the same as the name."),
    )
    code = models.SlugField(_("code"), max_length=20, unique=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0, validators=[MaxValueValidator(3)])

    class Meta:
        ordering = ["code"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    @property
    def facts(self) -> UnitFacts:
        """The unit as a plain value."""
        return UnitFacts(self.code, self.name, self.name_plural, self.name_zh, self.decimals)


class ProductLine(Localised):
    """产品线: what is granted, priced and certified together (switches, LED lighting …)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("product line")
        verbose_name_plural = _("product lines")


class TaxClass(Localised):
    """VAT by product. ``rate`` is a fraction: 0.13 for 13 %."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    rate = models.DecimalField(
        _("rate"),
        max_digits=6,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
        help_text=_("As a fraction: 0.13 for 13 %."),
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("tax class")
        verbose_name_plural = _("tax classes")


class ProductProfile(models.Model):
    """The channel's side of an Oscar product. ``sku`` is what orders, imports and people call it.

    Parents of variants have a profile without ordering facts of their own; they are never ordered.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("product", "Active")
        ANNOUNCED = "announced", _("Announced")
        DISCONTINUED = "discontinued", _("Discontinued")

    product = models.OneToOneField(
        "catalogue.Product",
        models.CASCADE,
        primary_key=True,
        related_name="profile",
        verbose_name=_("product"),
    )
    sku = models.CharField(_("SKU"), max_length=64, unique=True)
    external_key = models.CharField(_("external key"), max_length=80, blank=True)
    barcode = models.CharField(_("barcode"), max_length=32, blank=True, db_index=True)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.ACTIVE)
    line = models.ForeignKey(
        ProductLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="profiles",
        verbose_name=_("product line"),
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    pack_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("packing unit")
    )
    pack_size = models.DecimalField(
        _("units per pack"), **QUANTITY, default=Decimal(1), validators=[MinValueValidator(Decimal("0.001"))]
    )
    sold_in_packs = models.BooleanField(
        _("whole packs only"), default=False, help_text=_("Quantities must be a multiple of the pack.")
    )
    min_quantity = models.DecimalField(
        _("minimum quantity"),
        **QUANTITY,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.001"))],
    )
    max_quantity = models.DecimalField(_("maximum quantity"), **QUANTITY, null=True, blank=True)
    tax_class = models.ForeignKey(TaxClass, models.PROTECT, related_name="+", verbose_name=_("tax class"))
    replacement = models.ForeignKey(
        "catalogue.Product",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("replaced by"),
    )
    weight_kg = models.DecimalField(_("weight in kg"), max_digits=10, decimal_places=3, null=True, blank=True)
    origin = models.CharField(_("country of origin"), max_length=2, blank=True)
    listed_at = models.DateTimeField(_("listed"), auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["sku"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(
                fields=["external_key"], condition=~Q(external_key=""), name="product_external_key_unique"
            ),
            models.UniqueConstraint(
                Upper("sku"),
                name="product_sku_upper",
                violation_error_message=_("Another product has this SKU; letter case is ignored."),
            ),
            models.CheckConstraint(condition=Q(pack_size__gt=0), name="product_pack_size_positive"),
            models.CheckConstraint(condition=Q(min_quantity__gt=0), name="product_min_quantity_positive"),
        ]
        indexes = [
            models.Index(fields=["line", "status"], name="product_line_status"),
            models.Index(fields=["listed_at"], name="product_listed_at"),
            models.Index(Upper("external_key"), name="product_external_key_upper"),
            models.Index(Upper("barcode"), name="product_barcode_upper"),
        ]

    def __str__(self) -> str:
        return self.sku


class ProductTranslation(models.Model):
    """A product's words in a language other than the source's."""

    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=12)
    title = models.CharField(_("title"), max_length=255)
    description = models.TextField(_("description"), blank=True)
    #: The title as it is sorted: Chinese by its sound. Kept by :meth:`save` and by the bulk services.
    sort_key = models.CharField(max_length=255, blank=True, editable=False, db_index=True)

    class Meta:
        ordering = ["product_id", "language"]
        verbose_name = _("product translation")
        verbose_name_plural = _("product translations")
        constraints = [
            models.UniqueConstraint(fields=["product", "language"], name="product_translation_once")
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **options: Any) -> None:
        self.sort_key = sort_key(self.title)
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "sort_key"}
        super().save(**options)


class AttributeProfile(models.Model):
    """How an Oscar attribute is shown and filtered: its unit, its Chinese name, whether it is a facet."""

    attribute = models.OneToOneField(
        "catalogue.ProductAttribute", models.CASCADE, primary_key=True, related_name="profile"
    )
    name_zh = models.CharField(_("Chinese name"), max_length=128, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    is_facet = models.BooleanField(_("filter in lists"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("attribute profile")
        verbose_name_plural = _("attribute profiles")

    def __str__(self) -> str:
        return str(self.attribute)


class OptionTranslation(models.Model):
    """An attribute option's words (``white`` → ``白色``)."""

    option = models.ForeignKey("catalogue.AttributeOption", models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=12)
    name = models.CharField(_("name"), max_length=255)

    class Meta:
        ordering = ["option_id", "language"]
        verbose_name = _("option translation")
        verbose_name_plural = _("option translations")
        constraints = [models.UniqueConstraint(fields=["option", "language"], name="option_translation_once")]

    def __str__(self) -> str:
        return self.name


class AttributeText(models.Model):
    """What a text attribute of a product says in a language other than the source's; it goes with the value."""

    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="attribute_texts")
    attribute = models.ForeignKey("catalogue.ProductAttribute", models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=12)
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["product_id", "attribute_id", "language"]
        verbose_name = _("attribute translation")
        verbose_name_plural = _("attribute translations")
        constraints = [
            models.UniqueConstraint(fields=["product", "attribute", "language"], name="attribute_text_once")
        ]

    def __str__(self) -> str:
        return self.text


class TypeTranslation(models.Model):
    """A product type's name in a language other than the source's."""

    product_type = models.ForeignKey(
        "catalogue.ProductClass", models.CASCADE, related_name="translations", verbose_name=_("product type")
    )
    language = models.CharField(_("language"), max_length=12)
    name = models.CharField(_("name"), max_length=128)

    class Meta:
        ordering = ["product_type_id", "language"]
        verbose_name = _("product type translation")
        verbose_name_plural = _("product type translations")
        constraints = [
            models.UniqueConstraint(fields=["product_type", "language"], name="type_translation_once")
        ]

    def __str__(self) -> str:
        return self.name


class ProductDocument(models.Model):
    """A data sheet, drawing or certificate of a product. The file is a Wagtail document."""

    class Kind(models.TextChoices):
        DATASHEET = "datasheet", _("Data sheet")
        MANUAL = "manual", _("Manual")
        DRAWING = "drawing", _("Drawing")
        CERTIFICATE = "certificate", _("Certificate")
        OTHER = "other", _("Document")

    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        "wagtaildocs.Document", models.CASCADE, related_name="+", verbose_name=_("document")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.DATASHEET)
    language = models.CharField(_("language"), max_length=12, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("product document")
        verbose_name_plural = _("product documents")
        constraints = [models.UniqueConstraint(fields=["product", "document"], name="product_document_once")]

    def __str__(self) -> str:
        """As the usage of the document names it."""
        return f"{self.product.upc} · {self.product}"
