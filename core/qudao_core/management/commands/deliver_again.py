"""Deliver once more what failed or was refused, after the cause is gone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware

from ...events.models import Delivery
from ...events.services import replay
from ...viewers import system_viewer


class Command(BaseCommand):
    help = "Deliver once more what failed (or was refused): everything, or what the options name."

    def add_arguments(self, parser: CommandParser) -> None:
        states = [str(Delivery.State.FAILED), str(Delivery.State.REFUSED)]
        parser.add_argument("--state", choices=states, default=states[0], help="failed (default) or refused")
        parser.add_argument("--handler", help="Only this handler or channel, such as ordering.mail.")
        parser.add_argument("--recipient", help="Only this address.")
        parser.add_argument("--since", type=parse_datetime, help="Only events since this time (ISO 8601).")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Delivery.objects.filter(state=options["state"])
        if options["handler"]:
            rows = rows.filter(handler=options["handler"])
        if options["recipient"]:
            rows = rows.filter(address__iexact=options["recipient"])
        if since := options["since"]:
            rows = rows.filter(event__created_at__gte=make_aware(since) if is_naive(since) else since)
        viewer = system_viewer()
        found = list(rows.order_by("pk").values_list("pk", flat=True))
        for pk in found:
            replay(viewer=viewer, delivery_id=pk)
        self.stdout.write(f"{len(found)} will be delivered again")
