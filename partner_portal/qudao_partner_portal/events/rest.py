"""The event log through the API, for systems that follow what happens here."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..companies.rights import require_permission
from ..headless import HeadlessView, idempotent
from ..headless.changes import settled
from .models import Delivery, OutboxEvent
from .services import replay

VIEW = "qudao_partner_portal.view_outboxevent"


class EventFilters(serializers.Serializer):  # type: ignore[type-arg]
    topic = serializers.CharField(required=False, max_length=80)
    aggregate = serializers.CharField(required=False, max_length=120)
    after = serializers.IntegerField(required=False, min_value=0, help_text="Only events with a larger id.")


class EventOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    topic = serializers.CharField()
    aggregate = serializers.CharField()
    payload = serializers.DictField()
    created_at = serializers.DateTimeField()


class DeliveryOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    event_id = serializers.IntegerField()
    handler = serializers.CharField()
    state = serializers.ChoiceField(choices=Delivery.State.choices)
    attempts = serializers.IntegerField()


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


class DeliveryReplay(HeadlessView):
    tags = ("events",)

    @extend_schema(request=None, responses=DeliveryOutput)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Deliver an event to one handler once more. For the back office."""
        row = replay(viewer=self.viewer, delivery_id=pk)
        names = ("event_id", "handler", "state", "attempts")
        return Response({"id": row.pk} | {name: getattr(row, name) for name in names})


def _event(row: OutboxEvent) -> dict[str, object]:
    return {
        "id": row.pk,
        "topic": row.topic,
        "aggregate": row.aggregate,
        "payload": row.payload,
        "created_at": row.created_at,
    }
