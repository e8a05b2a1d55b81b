"""What is connected once at start: audit actions, event handlers, periodic work, what differs in Wagtail's admin."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from . import wagtail_patches
from .cache_versions import triggers
from .cache_versions.services import bump_on_change, merge_data_changes
from .events.dispatch import prune
from .headless.models import ApiToken
from .headless.services import forget_idempotency_records
from .hooks import Periodic, audit_actions, event_handlers, event_labels, periodic
from .imports import registration as imports
from .mail import queue
from .numbers import forms as number_forms

ACTIONS = {
    "qudao.token.created": _("API token created"),
    "qudao.token.revoked": _("API token revoked"),
    "qudao.delivery.replayed": _("Delivered again"),
}
#: How the event log reads: topics, what they are about, who handles them.
EVENT_LABELS = {
    "import": _("Import"),
    "import.check": _("Import: check requested"),
    "import.apply": _("Import: apply requested"),
    "import.done": _("Import: applied"),
    "import.undo": _("Import: undo requested"),
    "import.undone": _("Import: undone"),
    "queued-mail": _("Mail, queued"),
    "mail": _("Mail"),
    "mail.queued": _("Mail, queued"),
    "imports": _("Imports"),
}
WORK = {
    "data": Periodic(timedelta(minutes=10), merge_data_changes),
    "mails": Periodic(timedelta(hours=1), queue.forget),
    "events": Periodic(timedelta(days=1), prune),
    "idempotency": Periodic(timedelta(days=1), forget_idempotency_records),
}


def connect() -> None:
    for action, label in ACTIONS.items():
        audit_actions.register(action, label)
    for name, label in EVENT_LABELS.items():
        event_labels.register(name, label)
    for name, work in WORK.items():
        periodic.register(f"core.{name}", work)
    event_handlers.register(queue.CHANNEL, ((queue.TOPIC,), queue.channel))
    bump_on_change("tokens", ApiToken)
    imports.connect()
    number_forms.register()
    wagtail_patches.apply()
    triggers.connect()
