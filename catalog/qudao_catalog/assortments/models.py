from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Assortment(models.Model):
    """A named set of products, lines and categories, granted or denied to audiences.

    A viewer sees a product when at least one assortment that grants it is meant for the viewer, and none that
    denies it is. A product nobody granted is not found, everywhere.

    An item that names a parent covers its variants; one that names a category covers everything filed
    in it and below it. An assortment counts from its first day to its last, both included, in the
    site's time zone.
    """

    class Effect(models.TextChoices):
        GRANT = "grant", _("Grant")
        DENY = "deny", _("Deny")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    effect = models.CharField(_("effect"), max_length=8, choices=Effect.choices, default=Effect.GRANT)
    all_products = models.BooleanField(_("all products"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    reason = models.CharField(
        _("reason"), max_length=200, blank=True, help_text=_("For staff: why it exists.")
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("assortment")
        verbose_name_plural = _("assortments")

    def __str__(self) -> str:
        if (get_language() or "").startswith("zh") and self.name_zh:
            return self.name_zh
        return self.name


class AssortmentAudience(models.Model):
    assortment = models.ForeignKey(Assortment, models.CASCADE, related_name="audiences")
    audience_key = models.CharField(_("audience"), max_length=80, db_index=True)

    class Meta:
        ordering = ["audience_key"]
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        constraints = [
            models.UniqueConstraint(fields=["assortment", "audience_key"], name="assortment_audience_once")
        ]

    def __str__(self) -> str:
        return self.audience_key


class AssortmentItem(models.Model):
    """One product (with its variants), one product line, or one category with everything below it."""

    assortment = models.ForeignKey(Assortment, models.CASCADE, related_name="items")
    product = models.ForeignKey("catalogue.Product", models.CASCADE, null=True, blank=True, related_name="+")
    line = models.ForeignKey(
        "qudao_catalog.ProductLine", models.CASCADE, null=True, blank=True, related_name="+"
    )
    category = models.ForeignKey(
        "catalogue.Category", models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("item")
        verbose_name_plural = _("items")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(product__isnull=False, line=None, category=None)
                    | Q(product=None, line__isnull=False, category=None)
                    | Q(product=None, line=None, category__isnull=False)
                ),
                name="assortment_item_exactly_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.product or self.line or self.category)
