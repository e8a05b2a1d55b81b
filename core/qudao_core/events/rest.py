"""The event log through the API, for systems that follow what happens here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..headless import HeadlessView, idempotent
from ..headless.changes import settled
from ..viewers import require_permission
from .models import Delivery, OutboxEvent
from .queries import deliveries
from .services import replay

VIEW = "qudao_core.view_outboxevent"


class EventFilters(serializers.Serializer):  # type: ignore[type-arg]
    topic = serializers.CharField(required=False, max_length=80)
    aggregate = serializers.CharField(required=False, max_length=120)
    after = serializers.IntegerField(required=False, min_value=0, help_text="Only events with a larger id.")


class DeliveryFilters(serializers.Serializer):  # type: ignore[type-arg]
    event_id = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    aggregate = serializers.CharField(required=False, max_length=120)
    handler = serializers.CharField(required=False, max_length=120)
    recipient = serializers.CharField(required=False, max_length=254)
    state = serializers.ChoiceField(required=False, choices=Delivery.State.choices)


class EventOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    topic = serializers.CharField()
    aggregate = serializers.CharField()
    payload = serializers.DictField()
    created_at = serializers.DateTimeField()


class DeliveryOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    event_id = serializers.IntegerField()
    topic = serializers.CharField()
    aggregate = serializers.CharField()
    handler = serializers.CharField(help_text=_("The handler or channel, such as `ordering.mail`."))
    recipient = serializers.CharField(
        help_text=_("The recipient, such as an e-mail address; empty if it is not a message to a person.")
    )
    state = serializers.ChoiceField(choices=Delivery.State.choices)
    attempts = serializers.IntegerField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField(help_text=_("Why the last attempt failed or was refused."))


class Events(HeadlessView):
    tags = ("events",)

    @extend_schema(parameters=[EventFilters], responses=EventOutput(many=True))
    def get(self, request: Request) -> Response:
        """What happened, oldest first: keep the last id and ask for what came `after` it. For the back office.

        An event is listed once every write that began before it has ended, so that none appears behind one that
        was read already.
        """
        require_permission(self.viewer, VIEW)
        wanted = self.read_query(EventFilters)
        rows = settled(OutboxEvent.objects.all())
        for name in ("topic", "aggregate"):
            if wanted.get(name):
                rows = rows.filter(**{name: wanted[name]})
        if wanted.get("after") is not None:
            rows = rows.filter(pk__gt=wanted["after"])
        return self.page(rows, lambda page: [_event(row) for row in page])


class Deliveries(HeadlessView):
    tags = ("events",)
    ordering = ("-pk",)

    @extend_schema(parameters=[DeliveryFilters], responses=DeliveryOutput(many=True))
    def get(self, request: Request) -> Response:
        """Who was told what and when, or why not, newest first. For the back office."""
        rows = deliveries(self.viewer, **self.read_query(DeliveryFilters))
        return self.page(rows, lambda page: [_delivery(row) for row in page])


class DeliveryReplay(HeadlessView):
    tags = ("events",)

    @extend_schema(operation_id="replay_delivery", request=None, responses=DeliveryOutput)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Deliver an event to one handler once more. For the back office."""
        row = replay(viewer=self.viewer, delivery_id=pk)
        return Response(_delivery(row))


def _delivery(row: Delivery) -> dict[str, object]:
    return {
        "id": row.pk,
        "event_id": row.event_id,
        "topic": row.event.topic,
        "aggregate": row.aggregate,
        "handler": row.handler,
        "recipient": row.address or row.recipient,
        "state": row.state,
        "attempts": row.attempts,
        "next_attempt_at": row.available_at if row.state == Delivery.State.WAITING else None,
        "delivered_at": row.done_at if row.state == Delivery.State.DONE else None,
        "error": row.last_error,
    }


def _event(row: OutboxEvent) -> dict[str, object]:
    return {
        "id": row.pk,
        "topic": row.topic,
        "aggregate": row.aggregate,
        "payload": row.payload,
        "created_at": row.created_at,
    }
