from __future__ import annotations

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def private_storage():  # noqa: ANN201 - Django wants a bare callable here
    """Where imported files lie: the storage named ``private`` if the host has one. Never below a public
    address.
    """
    return storages["private"] if "private" in storages.backends else storages["default"]


class ImportJob(models.Model):
    """One file on its way in: uploaded, checked (the preview), applied whole or not at all."""

    class State(models.TextChoices):
        UNMAPPED = "unmapped", _("Columns to be mapped")
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        DISCARDED = "discarded", _("Discarded")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", pgettext_lazy("import", "Undone")

    kind = models.CharField(_("what"), max_length=40)
    options = models.JSONField(default=dict)
    mapping = models.JSONField(
        default=dict, blank=True, help_text=_("The column mapping; empty: as the header says.")
    )
    shape = models.CharField(max_length=32, blank=True, default="")
    saved_mapping = models.ForeignKey(
        "qudao_core.SavedMapping", models.SET_NULL, null=True, blank=True, related_name="jobs"
    )
    file = models.FileField(_("file"), upload_to="imports/%Y/%m/", storage=private_storage)
    file_name = models.CharField(_("file name"), max_length=255)
    file_hash = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UPLOADED)
    total = models.PositiveIntegerField(_("rows"), default=0)
    progress = models.PositiveIntegerField(_("rows handled"), default=0)
    created_count = models.PositiveIntegerField(pgettext_lazy("rows", "created"), default=0)
    updated_count = models.PositiveIntegerField(_("changed"), default=0)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected_count = models.PositiveIntegerField(_("rejected"), default=0)
    preview = models.JSONField(default=dict, help_text=_("A preview of the first rows, and totals."))
    message = models.TextField(_("message"), blank=True)
    skip_rejected = models.BooleanField(
        _("leave out rejected rows"),
        default=False,
        help_text=_("Import the valid rows and skip the others."),
    )
    language = models.CharField(
        max_length=12, blank=True, help_text=_("The language its messages are written in.")
    )
    #: The ``company_id`` of the viewer who uploaded it; empty for the back office.
    company_id = models.BigIntegerField(null=True, blank=True, editable=False)
    report = models.FileField(
        _("rows with errors"), upload_to="imports/%Y/%m/", storage=private_storage, blank=True
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    #: Whoever checks or imports the file holds this lease; when it runs out, the work was interrupted.
    lease = models.CharField(max_length=36, blank=True, default="")
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    #: When undoing it began or, once it is undone, was finished.
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"


class ImportedPart(models.Model):
    """What one batch of an import changed, so that it can be undone: compressed JSON of ``undoing.rules``."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    things = models.PositiveIntegerField()
    changes = models.BinaryField()

    class Meta:
        ordering = ["job_id", "number"]
        verbose_name = _("recorded changes of an import")
        verbose_name_plural = _("recorded changes of imports")
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="qudao_imported_part_once")]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"


class SavedMapping(models.Model):
    """How files of one make are read: found again by the names of their columns."""

    kind = models.CharField(_("what"), max_length=40)
    shape = models.CharField(max_length=32)
    name = models.CharField(_("name"), max_length=120)
    mapping = models.JSONField()
    #: Whose it is, as the viewer's ``company_id``; empty: the back office's.
    company_id = models.BigIntegerField(null=True, blank=True, editable=False)
    is_shared = models.BooleanField(_("for everyone"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("saved column mapping")
        verbose_name_plural = _("saved column mappings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "shape", "company_id"], name="qudao_one_mapping_per_shape"
            ),
            models.UniqueConstraint(
                fields=["kind", "shape"],
                condition=models.Q(company_id=None),
                name="qudao_one_office_mapping_per_shape",
            ),
        ]

    def __str__(self) -> str:
        return self.name
