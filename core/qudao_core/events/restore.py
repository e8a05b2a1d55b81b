"""What has to be done once when the database is an older one, restored from a backup."""

from __future__ import annotations

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from ..hooks import Channel, event_handlers
from .models import Delivery, OutboxEvent

TOPIC = "site.restored"
#: Ids that may have been given out between the backup and the loss are left out.
GAP = 1_000_000
WHY = (
    "This was waiting when the backup was made, so it may have been sent already. It was not sent again; "
    "deliver it again if it is missed."
)


@transaction.atomic
def settle_after_restore(*, send_again: bool = False) -> tuple[int, int]:
    """Make a restored database fit to go on. Returns how many deliveries to people and systems were set aside, and
    the id of the event ``site.restored``.

    What was waiting to be told to somebody may have been told after the backup: unless ``send_again``, it becomes
    failed, so that nobody is told twice. Everything else goes on. Events continue with ids that nobody has seen:
    whoever follows the event log by its last id misses nothing, and new mails carry ids of their own.
    """
    channels = [name for name, (_topics, handler) in event_handlers.items() if isinstance(handler, Channel)]
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    waiting.update(lease="", leased_until=None, available_at=Now())
    aside = 0
    if not send_again:
        told = waiting.filter(handler__in=channels)
        aside = told.update(state=Delivery.State.FAILED, last_error=WHY)
    last = OutboxEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    event = OutboxEvent.objects.create(
        pk=last + GAP, topic=TOPIC, aggregate="site", payload={"last_event_id": last, "set_aside": aside}
    )
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [OutboxEvent]):
            cursor.execute(statement)
    return aside, event.pk
