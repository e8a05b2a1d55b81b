from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..audience.fields import AudienceKeysList
from .extraction import rules


class DocumentText(models.Model):
    """The text that stands in a Wagtail document, or why there is none."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READY = rules.READY, _("Read")
        UNREADABLE = rules.UNREADABLE, _("Unreadable")
        EMPTY = rules.EMPTY, _("Contains no text")
        SKIPPED = rules.SKIPPED, _("Not a text format")

    class Reason(models.TextChoices):
        """Why it is unreadable or was skipped; the last two: why only its beginning was read."""

        ENCRYPTED = rules.ENCRYPTED, _("protected by a password")
        CORRUPT = rules.CORRUPT, pgettext_lazy("file", "damaged")
        ZIP_BOMB = rules.ZIP_BOMB, _("unpacks to far more than a document needs")
        UNSUPPORTED = rules.UNSUPPORTED, _("no text is read from this kind of file")
        TOO_LARGE = rules.TOO_LARGE, _("too large to be read")
        TIMED_OUT = rules.TIMED_OUT, _("took too long to read")
        OUT_OF_MEMORY = rules.OUT_OF_MEMORY, _("takes too much memory to read")
        CRASHED = rules.CRASHED, _("reading failed repeatedly")
        MISSING = rules.MISSING, _("the file is missing")
        TOO_MANY_PAGES = rules.TOO_MANY_PAGES, _("only the first pages were read")
        TOO_LONG = rules.TOO_LONG, _("only the beginning was read")

    document = models.OneToOneField(
        "wagtaildocs.Document",
        models.CASCADE,
        primary_key=True,
        related_name="qudao_text",
        verbose_name=_("document"),
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    format = models.CharField(_("format"), max_length=8, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    language = models.CharField(_("language"), max_length=12, blank=True)
    text = models.TextField(_("text"), blank=True)
    #: Which file this is about: its name in the storage, and the SHA-1 that Wagtail keeps.
    file_name = models.CharField(max_length=255, blank=True)
    file_hash = models.CharField(max_length=40, blank=True)
    #: How often reading was begun since the file came; a process that died each time is not sent a fourth time.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        ordering = ["-read_at", "-pk"]
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")
        indexes = [models.Index(fields=["state", "reason"], name="document_text_state")]

    def __str__(self) -> str:
        return str(self.document)

    def is_about(self, document: Any) -> bool:
        """Whether this stands for the file the document has now; a new file may bear the name of the old one."""
        if document.file_hash:
            return bool(self.file_hash == document.file_hash)
        return bool(self.file_name == document.file.name)


class DocumentAudience(models.Model):
    """Whom a document is meant for, where an editor said so; whatever it is attached to no longer counts then."""

    document = models.OneToOneField(
        "wagtaildocs.Document",
        models.CASCADE,
        primary_key=True,
        related_name="qudao_audience",
        verbose_name=_("document"),
    )
    audience_keys = AudienceKeysList(_("audience"), default=list)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("audience of a document")
        verbose_name_plural = _("audiences of documents")

    def __str__(self) -> str:
        return ", ".join(self.audience_keys)
