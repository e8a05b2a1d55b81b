"""Periodic work is done once per period, whoever looks after it."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from qudao_core import hooks as core_hooks
from qudao_core.events import periodic
from qudao_core.events.models import PeriodicRun

from tests.processes import until

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Fails(BaseException):
    """As if the process died."""


@pytest.fixture
def done() -> Iterator[list[str]]:
    """An hourly, a daily and a failing piece of work; nothing else is registered."""
    told: list[str] = []

    def fail() -> None:
        told.append("broken")
        raise RuntimeError("cannot")

    kept, kept_daily = dict(core_hooks.periodic.items()), dict(core_hooks.daily.items())
    for registry, names in ((core_hooks.periodic, kept), (core_hooks.daily, kept_daily)):
        for name in names:
            registry.unregister(name)
    core_hooks.periodic.register("a.broken", core_hooks.Periodic(6 * HOUR, fail))
    core_hooks.periodic.register("b.hourly", core_hooks.Periodic(HOUR, lambda: told.append("hourly")))
    core_hooks.daily.register("c", lambda: told.append("daily"))
    yield told
    for name in ("a.broken", "b.hourly"):
        core_hooks.periodic.unregister(name)
    core_hooks.daily.unregister("c")
    for name, work in kept.items():
        core_hooks.periodic.register(name, work)
    for name, daily_work in kept_daily.items():
        core_hooks.daily.register(name, daily_work)


def test_each_is_done_once_per_period_and_a_failure_stops_no_other(done: list[str]) -> None:
    begun = timezone.now()
    for minutes, expected in (
        (0, ["broken", "hourly", "daily"]),
        (1, []),
        (11, ["broken"]),
        (61, ["broken", "hourly"]),
        (62, []),
        (25 * 60, ["broken", "hourly", "daily"]),
    ):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            done.clear()
            periodic.run_due()
            assert done == expected, minutes
    row = PeriodicRun.objects.get(name="a.broken")
    assert "cannot" in row.last_error and row.done_at is None and row.lease == ""
    assert PeriodicRun.objects.get(name="b.hourly").last_error == ""


def test_what_a_killed_process_was_doing_is_begun_again_when_its_lease_has_run_out(done: list[str]) -> None:
    def die() -> None:
        raise Fails

    core_hooks.periodic.unregister("b.hourly")
    core_hooks.periodic.register("b.hourly", core_hooks.Periodic(HOUR, die))
    begun = timezone.now()
    with time_machine.travel(begun, tick=False), pytest.raises(Fails):
        periodic.run_due()
    core_hooks.periodic.unregister("b.hourly")
    core_hooks.periodic.register("b.hourly", core_hooks.Periodic(HOUR, lambda: done.append("hourly")))
    done.clear()
    with time_machine.travel(begun + timedelta(minutes=1), tick=False):
        periodic.run_due()
        assert "hourly" not in done
    with time_machine.travel(begun + timedelta(minutes=3), tick=False):
        periodic.run_due()
        assert done.count("hourly") == 1


@pytest.mark.django_db(transaction=True)
def test_long_work_keeps_its_lease(done: list[str], settings: Any) -> None:
    settings.QUDAO_EVENT_LEASE_SECONDS = 0.6
    leases: list[Any] = []

    def work_long() -> None:
        row = PeriodicRun.objects.filter(name="b.hourly")
        leases.append(row.get().leased_until)
        until(lambda: row.get().leased_until > leases[0] + timedelta(seconds=0.6))
        periodic.run_due()
        done.append("hourly")

    core_hooks.periodic.unregister("b.hourly")
    core_hooks.periodic.register("b.hourly", core_hooks.Periodic(HOUR, work_long))
    periodic.run_due()
    assert done.count("hourly") == 1
    assert len(leases) == 1
    assert PeriodicRun.objects.get(name="b.hourly").lease == ""


def test_it_stops_between_two_pieces_of_work(done: list[str]) -> None:
    assert periodic.run_due(stop=lambda: bool(done)) == 1
    assert done == ["broken"]


def test_the_dispatcher_does_it_without_celery(done: list[str]) -> None:
    """One round of the real command, which stops as soon as the work has asked for it."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    core_hooks.daily.register("z", lambda: signal.raise_signal(signal.SIGTERM))
    try:
        call_command("run_dispatcher")
    finally:
        core_hooks.daily.unregister("z")
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert done == ["broken", "hourly", "daily"]


def test_what_has_to_be_done_is_registered() -> None:
    assert {name: work.every for name, work in periodic.all_work().items()} == {
        "ordering.receipts": timedelta(hours=6),
        "portal.pages": timedelta(minutes=1),
        "core.data": timedelta(minutes=10),
        "core.mails": timedelta(hours=1),
        "core.events": timedelta(days=1),
        "core.idempotency": timedelta(days=1),
        "search.queries": timedelta(days=1),
        "portal.documents": timedelta(days=1),
        "daily.handbook-pdf": timedelta(days=1),
        "daily.order-pdf": timedelta(days=1),
    }
