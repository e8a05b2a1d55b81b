from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..imports.models import private_storage


class Export(models.Model):
    """A file made in the background for one person, as that person sees things.

    A plugin's own model adds what the file is made of, and a unique constraint on ``user`` and ``fingerprint``: the
    same request again finds the same row. ``fingerprint`` says who asked for what, and what it says today.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("export", "Waiting")
        RUNNING = "running", _("Being created")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    #: The ``company_id`` of the viewer who asked for it.
    company_id = models.BigIntegerField(null=True, editable=False)
    language = models.CharField(_("language"), max_length=12)
    title = models.CharField(_("title"), max_length=255)
    fingerprint = models.CharField(max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    #: Parts written so far, of how many; all written and not ready yet means it is being set in pages.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.TextField(_("message"), blank=True)
    file = models.FileField(_("file"), upload_to="exports/%Y/%m/", storage=private_storage, blank=True)
    created_at = models.DateTimeField(_("requested"), auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def is_setting(self) -> bool:
        """Whether everything is written and the pages are being set."""
        return self.state == self.State.RUNNING and self.done >= self.total

    @property
    def has_file(self) -> bool:
        """Whether the file is there."""
        name = self.file.name
        return self.state == self.State.DONE and bool(name) and self.file.storage.exists(str(name))
