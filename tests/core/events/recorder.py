"""Run by the kill test in a process of its own: a dispatcher whose handler writes to the database."""

import sys

import django
from django.conf import settings

django.setup()

from qudao_core import api as core  # noqa: E402 - needs Django to be set up
from qudao_core import hooks as core_hooks  # noqa: E402 - needs Django to be set up

settings.QUDAO_EVENT_LEASE_SECONDS = 0.5
settings.QUDAO_EVENT_POLL_SECONDS = 0.05

from django.core.management import call_command  # noqa: E402 - needs Django to be set up
from qudao_partner_portal.models import Company  # noqa: E402


def write(*, event_id: int, topic: str, aggregate: str, payload: dict) -> None:
    """Handling an event leaves one entry in the history of the company it is about."""
    company = Company.objects.get(pk=payload["company_id"])
    core.record(
        actor=None, instance=company, action="qudao.company.changed", data={"note": payload["number"]}
    )


core_hooks.event_handlers.register("recorder", (("test.*",), write))
call_command("run_dispatcher", *sys.argv[1:])
