from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from qudao_core.exports.models import Export


class HandbookExport(Export):
    """A topic, a chapter or a whole handbook on its way into a PDF, for one person, as that person sees it."""

    class Scope(models.TextChoices):
        TOPIC = "topic", _("Topic")
        CHAPTER = "chapter", _("Chapter")
        HANDBOOK = "handbook", _("Handbook")

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", verbose_name=_("page"))
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices)
    #: Ids of the topics inside; who may no longer read one of them may not fetch the file.
    topics = models.JSONField(default=list)

    class Meta(Export.Meta):
        verbose_name = _("handbook as PDF")
        verbose_name_plural = _("handbooks as PDF")
        constraints = [models.UniqueConstraint(fields=["user", "fingerprint"], name="handbook_export_once")]
