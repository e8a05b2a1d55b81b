from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
    """One event on its way to one handler: leased while it runs, retried with back-off, kept when done."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries")
    handler = models.CharField(_("handler"), max_length=120)
    aggregate = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    available_at = models.DateTimeField(_("next attempt"))
    leased_until = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=36, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once")]
        indexes = [
            models.Index(fields=["available_at", "id"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["handler", "aggregate", "id"], name="delivery_order"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.handler}"
