from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OutboxEvent(models.Model):
    """A domain event, written in the transaction that caused it.

    ``aggregate`` (``order:42``) fixes the order of delivery: events of one aggregate are handled one after the
    other by ``id``. ``payload`` carries ids and figures, never secrets.
    """

    topic = models.CharField(_("topic"), max_length=80)
    aggregate = models.CharField(_("aggregate"), max_length=120)
    payload = models.JSONField(_("payload"), default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["topic", "id"], name="outbox_topic")]

    def __str__(self) -> str:
        return f"{self.topic} {self.aggregate} #{self.pk}"


class Delivery(models.Model):
    """One event on its way to one handler, or through one channel to one recipient.

    Leased while it runs, retried with back-off, kept when done. A channel's event has a delivery without a recipient,
    which finds out who has to be told, and one for each of them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        OBSOLETE = "obsolete", _("No longer needed")
        FAILED = "failed", _("Failed")

    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries")
    handler = models.CharField(_("handler"), max_length=120)
    recipient = models.CharField(
        max_length=254, blank=True, default="", help_text=_("The recipient's identifier in the channel.")
    )
    address = models.CharField(pgettext_lazy("message", "recipient"), max_length=254, blank=True, default="")
    aggregate = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    available_at = models.DateTimeField(_("next attempt"))
    leased_until = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=36, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    done_at = models.DateTimeField(_("delivered"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["event", "handler", "recipient"], name="delivery_once_each")
        ]
        indexes = [
            models.Index(fields=["available_at", "id"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["handler", "aggregate", "recipient", "id"], name="delivery_turn"),
        ]

    def __str__(self) -> str:
        to = f" → {self.address or self.recipient}" if self.recipient else ""
        return f"{self.event_id} → {self.handler}{to}"

    @property
    def next_attempt(self) -> datetime | None:
        return self.available_at if self.state == self.State.WAITING else None


class PeriodicRun(models.Model):
    """When a piece of periodic work is due, and how it went the last time. One row for each name in
    ``hooks.periodic``; whoever takes the lease does the work, so that it is done once per period.
    """

    name = models.CharField(max_length=120, unique=True)
    due_at = models.DateTimeField(db_index=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=36, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
