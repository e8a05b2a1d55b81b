from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from qudao_partner_portal.imports.models import private_storage


class HandbookExport(models.Model):
    """A chapter or a whole handbook on its way into a PDF, for one person, as that person sees it.

    The same request again finds the same row: ``fingerprint`` says who asked for what, and what it says today.
    """

    class Scope(models.TextChoices):
        TOPIC = "topic", _("Topic")
        CHAPTER = "chapter", _("Chapter")
        HANDBOOK = "handbook", _("Handbook")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("export", "Waiting")
        RUNNING = "running", _("Being created")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    company = models.ForeignKey("qudao_partner_portal.Company", models.CASCADE, null=True, related_name="+")
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", verbose_name=_("page"))
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices)
    language = models.CharField(_("language"), max_length=12)
    title = models.CharField(_("title"), max_length=255)
    fingerprint = models.CharField(max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    #: Topics written so far, of how many; all written and not ready yet means it is being set in pages.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.TextField(_("message"), blank=True)
    #: Ids of the topics inside; who may no longer read one of them may not fetch the file.
    topics = models.JSONField(default=list)
    file = models.FileField(_("file"), upload_to="handbooks/%Y/%m/", storage=private_storage, blank=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("handbook as PDF")
        verbose_name_plural = _("handbooks as PDF")
        constraints = [models.UniqueConstraint(fields=["user", "fingerprint"], name="handbook_export_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)
