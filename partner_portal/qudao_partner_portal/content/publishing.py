"""Pages go live and expire at the times that editors set."""

from __future__ import annotations

import io

from django.core.management import call_command


def publish_due() -> None:
    """Publish what is scheduled for now and take down what has expired; Wagtail's own command does it.

    Safe to repeat, and safe when several processes do it. Side effects: those of Wagtail's publishing (log entries,
    ``page_published``, entries of the search).
    """
    call_command("publish_scheduled", stdout=io.StringIO())
