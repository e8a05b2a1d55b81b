"""The log of events and deliveries in Wagtail's admin; what failed can be delivered again."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.urls import path, reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from ..backoffice import ActionView, RecordView, allow_only
from .labels import aggregate_in_words, handler_in_words, topic_in_words
from .models import Delivery, OutboxEvent
from .services import replay

allow_only(OutboxEvent)
allow_only(Delivery)


TOPIC = TitleColumn(
    "topic",
    label=_("Event"),
    accessor=lambda row: topic_in_words(row.topic),
    sort_key="topic",
    url_name="qudao_events:inspect",
)
HANDLER = TitleColumn(
    "handler",
    label=_("Handled by"),
    accessor=lambda row: handler_in_words(row.handler),
    sort_key="handler",
    url_name="qudao_deliveries:inspect",
)


class DeliveryIndexView(generic.IndexView):  # type: ignore[misc]
    def get_base_queryset(self) -> Any:
        return Delivery.objects.select_related("event")


class DeliveryInspectView(RecordView):
    template_name = "qudao_core/admin/delivery.html"
    shown: ClassVar = {
        "event": _("Event"),
        "aggregate": _("About"),
        "handler": _("Handled by"),
        "address": pgettext_lazy("message", "Recipient"),
        "state": _("Status"),
        "attempts": _("Attempts"),
        "next_attempt": _("Next attempt"),
        "done_at": _("Delivered"),
    }

    def get_page_subtitle(self) -> str:
        return f"{topic_in_words(self.object.event.topic)} → {handler_in_words(self.object.handler)}"

    def get_event_display_value(self) -> str:
        return _said(self.object.event, "topic")

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        return _said(self.object, field_name) or super().get_field_display_value(field_name, field)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_replay = self.request.user.has_perm("qudao_core.change_delivery")
        return super().get_context_data(**kwargs) | {
            "delivery": self.object,
            "payload": _payload(self.object.event),
            "may_replay": may_replay,
        }


def _said(row: Any, field: str) -> str:
    """The value of a field in words, with what programs call it, or ``""``."""
    words = {"topic": topic_in_words, "aggregate": aggregate_in_words, "handler": handler_in_words}.get(field)
    if words is None:
        return ""
    kept = str(getattr(row, field))
    said = words(kept)
    return said if said == kept else f"{said} ({kept})"


def _payload(event: OutboxEvent) -> str:
    """As receivers get it: JSON, with readable Chinese."""
    return json.dumps(event.payload, ensure_ascii=False, indent=2)


class ReplayView(ActionView):
    def act(self, pk: int) -> str:
        replay(viewer=self.viewer, delivery_id=pk)
        return gettext("It will be delivered again shortly.")

    def back(self, pk: int) -> str:
        return reverse("qudao_deliveries:inspect", args=[pk])


class DeliveryViewSet(ModelViewSet):  # type: ignore[misc]
    model = Delivery
    name = "qudao_deliveries"
    url_prefix = "channel/deliveries"
    icon = "mail"
    menu_label = _("Deliveries")
    menu_order = 510
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = DeliveryIndexView
    inspect_view_class = DeliveryInspectView
    search_fields = ["aggregate", "handler", "address", "event__topic"]
    search_backend_name = None
    ordering = ["-pk"]
    list_filter = ["state", "handler"]
    list_display = [
        HANDLER,
        Column("topic", label=_("Event"), accessor=lambda row: topic_in_words(row.event.topic)),
        Column("aggregate", label=_("About"), accessor=lambda row: aggregate_in_words(row.aggregate)),
        Column("address", label=pgettext_lazy("message", "Recipient"), sort_key="address"),
        StatusTagColumn(
            "get_state_display", label=_("Status"), sort_key="state", primary=lambda row: row.state == "done"
        ),
        NumberColumn("attempts", label=_("Attempts"), sort_key="attempts"),
        DateColumn("done_at", label=_("Delivered"), sort_key="done_at"),
        DateColumn("available_at", label=_("Next attempt"), accessor="next_attempt", sort_key="available_at"),
    ]
    form_fields = ["handler"]

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("<int:pk>/replay/", ReplayView.as_view(), name="replay")]


class EventInspectView(RecordView):
    template_name = "qudao_core/admin/event.html"
    shown: ClassVar = {"topic": _("Event"), "aggregate": _("About"), "created_at": _("When")}

    def get_page_subtitle(self) -> str:
        return f"{topic_in_words(self.object.topic)} #{self.object.pk}"

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        return _said(self.object, field_name) or super().get_field_display_value(field_name, field)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.object.deliveries.all()[:100]
        deliveries = [{"row": row, "handler": handler_in_words(row.handler)} for row in rows]
        return super().get_context_data(**kwargs) | {
            "event": self.object,
            "payload": _payload(self.object),
            "deliveries": deliveries,
        }


class EventViewSet(ModelViewSet):  # type: ignore[misc]
    model = OutboxEvent
    name = "qudao_events"
    url_prefix = "channel/events"
    icon = "history"
    menu_label = _("Events")
    menu_order = 500
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = EventInspectView
    search_fields = ["topic", "aggregate"]
    search_backend_name = None
    ordering = ["-pk"]
    list_filter = ["created_at"]
    list_display = [
        TOPIC,
        Column(
            "aggregate",
            label=_("About"),
            accessor=lambda row: aggregate_in_words(row.aggregate),
            sort_key="aggregate",
        ),
        DateColumn("created_at", label=_("When"), sort_key="created_at"),
    ]
    form_fields = ["topic"]
