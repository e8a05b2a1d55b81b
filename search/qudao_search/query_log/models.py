from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QueryLog(models.Model):
    """A query somebody asked and what came of it. The source of recent searches and of the editors' reports."""

    class Matched(models.TextChoices):
        """What the hits have in common with what was typed."""

        ALL = "all", _("All words")
        SOME = "some", _("Some of the words")
        CORRECTED = "corrected", _("A correction")
        NOTHING = "nothing", _("Nothing")

    #: As it was typed, at most 200 characters, and as it is compared (folded).
    text = models.CharField(_("query"), max_length=200)
    folded = models.CharField(max_length=200, db_index=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    total = models.PositiveIntegerField(_("results"), default=0)
    #: What was searched for instead, when there was nothing ("did you mean").
    corrected = models.CharField(max_length=200, blank=True)
    #: Only hits with all words answer the query as it was typed.
    matched = models.CharField(max_length=10, choices=Matched.choices, default=Matched.NOTHING)
    engine = models.CharField(max_length=20, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(_("searched at"), db_index=True)
    #: The person took it out of their recent searches; reports still count it.
    forgotten = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("query")
        verbose_name_plural = _("queries")
        indexes = [models.Index(fields=["user", "-asked_at"], name="search_log_user")]

    def __str__(self) -> str:
        return self.text


class Click(models.Model):
    """Somebody opened a hit. ``position`` counts from 1."""

    query = models.ForeignKey(QueryLog, models.CASCADE, related_name="clicks")
    kind = models.CharField(max_length=20)
    item = models.CharField(max_length=64)
    position = models.PositiveIntegerField(pgettext_lazy("results", "position"))
    clicked_at = models.DateTimeField(_("clicked at"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("click")
        verbose_name_plural = _("clicks")
        constraints = [models.UniqueConstraint(fields=["query", "kind", "item"], name="search_click_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.item}"
