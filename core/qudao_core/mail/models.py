from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class QueuedMail(models.Model):
    """A mail that other code sent and that waits for its deliveries. ``message`` may hold a secret link (a new
    password): it is shown nowhere, and emptied when everybody has the mail.
    """

    subject = models.CharField(_("subject"), max_length=998)
    message = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.subject
