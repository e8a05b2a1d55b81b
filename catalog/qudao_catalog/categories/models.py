"""Category texts in other languages than the source's."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CategoryTranslation(models.Model):
    category = models.ForeignKey("catalogue.Category", models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=12)
    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        ordering = ["category_id", "language"]
        verbose_name = _("category translation")
        verbose_name_plural = _("category translations")
        constraints = [
            models.UniqueConstraint(fields=["category", "language"], name="category_translation_once")
        ]

    def __str__(self) -> str:
        return self.name
