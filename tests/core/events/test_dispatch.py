"""Events are delivered at least once, in order per aggregate, and survive whatever happens to the dispatcher."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from qudao_core import api as core
from qudao_core import hooks as core_hooks
from qudao_core.events import rules
from qudao_core.events.dispatch import claim, dispatch, handle, outside_transaction, prune
from qudao_core.events.leases import extend
from qudao_core.events.services import replay
from qudao_core.models import Delivery, OutboxEvent
from qudao_partner_portal.models import Company
from qudao_partner_portal.testing import make_back_office, make_company, viewer_of
from wagtail.models import ModelLogEntry

from tests.processes import PATIENCE, until

Seen = list[tuple[str, Any]]


@pytest.fixture
def seen() -> Iterator[Seen]:
    """A handler that keeps what it is told, and fails while told ``fail``."""
    told: Seen = []

    def keep(*, event_id: int, topic: str, aggregate: str, payload: dict[str, Any]) -> None:
        told.append((aggregate, payload.get("n")))
        if payload.get("fail"):
            raise RuntimeError("the other side is down")

    core_hooks.event_handlers.register("keep", (("test.*",), keep))
    yield told
    core_hooks.event_handlers.unregister("keep")


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.django_db
def test_an_event_reaches_the_handlers_that_want_its_topic(seen: Seen) -> None:
    core.emit("test.happened", aggregate="order:1", payload={"n": 1})
    core.emit("other.happened", aggregate="order:1")
    assert dispatch() == 1
    assert seen == [("order:1", 1)]
    assert states() == ["done"]
    assert dispatch() == 0


@pytest.mark.django_db
def test_what_is_rolled_back_did_not_happen(seen: Seen) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        core.emit("test.happened", aggregate="order:1")
        raise RuntimeError
    assert (dispatch(), OutboxEvent.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_many_events_cost_two_statements(seen: Seen, django_assert_num_queries: Callable[..., Any]) -> None:
    for count in (1, 50):
        with django_assert_num_queries(4):  # two of them open and close the savepoint
            core.emit_many(core.Event("test.x", f"order:{n}") for n in range(count))


@pytest.mark.django_db
def test_one_aggregate_is_delivered_in_order_even_when_one_fails(seen: Seen) -> None:
    core.emit("test.a", aggregate="order:1", payload={"n": 1, "fail": True})
    core.emit("test.b", aggregate="order:1", payload={"n": 2})
    core.emit("test.c", aggregate="order:2", payload={"n": 3})
    assert dispatch() == 2
    assert dispatch() == 0
    assert seen == [("order:1", 1), ("order:2", 3)]
    OutboxEvent.objects.filter(topic="test.a").update(payload={"n": 1})
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        assert (dispatch(), dispatch(), dispatch()) == (1, 1, 0)
    assert seen[2:] == [("order:1", 1), ("order:1", 2)]
    assert states() == ["done", "done", "done"]


@pytest.mark.django_db
def test_after_many_failures_a_delivery_is_set_aside_and_people_may_replay_it(
    seen: Seen, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.QUDAO_EVENT_ATTEMPTS = 3
    core.emit("test.a", aggregate="order:1", payload={"fail": True})
    core.emit("test.b", aggregate="order:1", payload={"n": 2})
    start = timezone.now()
    for hours in range(5):
        with time_machine.travel(start + timedelta(hours=hours)):
            dispatch()
    first = Delivery.objects.earliest("id")
    assert (first.state, first.attempts) == ("failed", 3)
    assert "the other side is down" in first.last_error
    assert seen == [("order:1", None)] * 3 + [("order:1", 2)]
    OutboxEvent.objects.filter(topic="test.a").update(payload={"n": 1})
    replay(viewer=core.system_viewer(), delivery_id=first.pk)
    assert dispatch() == 1
    assert states() == ["done", "done"]
    assert core.history(first)[0].action == "qudao.delivery.replayed"
    with pytest.raises(core.Forbidden):
        replay(viewer=viewer_of(make_back_office()), delivery_id=first.pk)


@pytest.mark.django_db
def test_a_lease_keeps_others_away_until_it_runs_out(seen: Seen) -> None:
    core.emit("test.a", aggregate="order:1", payload={"n": 1})
    assert claim(10) is not None
    assert (claim(10), dispatch()) == (None, 0)
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        assert dispatch() == 1
    assert Delivery.objects.get().attempts == 1


@pytest.mark.django_db
def test_what_the_process_does_not_survive_is_given_up_in_the_end(seen: Seen, settings: Any) -> None:
    """A crash loop: the attempt was counted before the handler ran, and nothing is left to note a failure."""
    settings.QUDAO_EVENT_ATTEMPTS = 3
    core.emit("test.a", aggregate="order:1", payload={"n": 1})
    core.emit("test.b", aggregate="order:2", payload={"n": 2})
    Delivery.objects.filter(event__topic="test.a").update(attempts=2)
    dispatch()
    assert ("order:1", 1) in seen
    row = Delivery.objects.earliest("id")
    Delivery.objects.filter(pk=row.pk).update(state="waiting", attempts=3, available_at=timezone.now())
    seen.clear()
    dispatch()
    row.refresh_from_db()
    assert (row.state, row.attempts, seen) == ("failed", 4, [])
    assert row.last_error == "The process ended each time while it handled this event."


@pytest.mark.django_db
def test_what_ends_the_process_counts_for_itself_and_lets_others_go_first(seen: Seen) -> None:
    class Dies(BaseException):
        pass

    def die(**event: Any) -> None:
        raise Dies

    core_hooks.event_handlers.register("deadly", (("deadly.*",), outside_transaction(die)))
    core.emit("deadly.a", aggregate="order:1")
    core.emit("test.b", aggregate="order:2", payload={"n": 2})
    with pytest.raises(Dies):
        dispatch()
    assert list(Delivery.objects.order_by("id").values_list("attempts", flat=True)) == [1, 0]
    with time_machine.travel(timezone.now() + timedelta(seconds=121)), pytest.raises(Dies):
        dispatch()
    core_hooks.event_handlers.unregister("deadly")
    assert seen == [("order:2", 2)]


@pytest.mark.django_db
@pytest.mark.parametrize("reaches_outside", [False, True])
def test_a_dispatcher_that_lost_its_lease_does_nothing(seen: Seen, reaches_outside: bool) -> None:
    def work(*, aggregate: str, payload: dict[str, Any], **event: Any) -> None:
        seen.append((aggregate, payload["n"]))

    handler = outside_transaction(lambda **event: work(**event)) if reaches_outside else work
    core_hooks.event_handlers.register("slow", (("slow.*",), handler))
    core.emit("slow.a", aggregate="order:1", payload={"n": 1})
    claim(10)
    mine = Delivery.objects.select_related("event").get()
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        assert claim(10) is not None
        assert handle(mine) is False
    core_hooks.event_handlers.unregister("slow")
    row = Delivery.objects.get()
    assert (seen, row.state, row.attempts) == ([], "waiting", 0)
    assert row.lease != mine.lease


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fails", [None, RuntimeError("late"), core.Undeliverable("never"), core.DeliveryFailed("no")]
)
def test_what_a_dispatcher_does_after_it_lost_its_lease_is_not_kept(fails: Exception | None) -> None:
    """The successor decides: neither done nor failed nor refused is written over its lease."""

    def lose(**event: Any) -> None:
        Delivery.objects.update(lease="of-the-successor")
        if fails:
            raise fails

    core_hooks.event_handlers.register("loser", (("lost.*",), outside_transaction(lose)))
    core.emit("lost.a", aggregate="order:1")
    dispatch()
    core_hooks.event_handlers.unregister("loser")
    row = Delivery.objects.get()
    assert (row.state, row.lease, row.last_error) == ("waiting", "of-the-successor", "")


@pytest.mark.django_db
def test_others_of_the_batch_keep_their_lease_while_one_takes_long(seen: Seen) -> None:
    """The lease counts from when a delivery is begun, not from when the batch was claimed."""
    core.emit("test.a", aggregate="order:1", payload={"n": 1})
    claim(10)
    row = Delivery.objects.select_related("event").get()
    with time_machine.travel(timezone.now() + timedelta(seconds=100), tick=False):
        left: list[float] = []
        core_hooks.event_handlers.unregister("keep")
        core_hooks.event_handlers.register(
            "keep",
            (
                ("test.*",),
                outside_transaction(
                    lambda **event: left.append(
                        (Delivery.objects.get().leased_until - timezone.now()).total_seconds()
                    )
                ),
            ),
        )
        handle(row)
    assert left == [120]


@pytest.mark.django_db(transaction=True)
def test_a_long_handler_renews_its_lease(settings: Any) -> None:
    settings.QUDAO_EVENT_LEASE_SECONDS = 0.6
    ends: list[Any] = []

    def wait(**event: Any) -> None:
        first = Delivery.objects.get().leased_until
        until(lambda: Delivery.objects.get().leased_until > first)
        ends.append(first)

    core_hooks.event_handlers.register("long", (("long.*",), outside_transaction(wait)))
    core.emit("long.a", aggregate="order:1")
    dispatch()
    core_hooks.event_handlers.unregister("long")
    assert len(ends) == 1
    assert Delivery.objects.get().state == "done"


@pytest.mark.django_db
def test_a_lease_that_is_lost_is_not_renewed() -> None:
    core_hooks.event_handlers.register("any", (("any.*",), lambda **event: None))
    core.emit("any.a", aggregate="order:1")
    core_hooks.event_handlers.unregister("any")
    lease = claim(1)
    row = Delivery.objects.get()
    assert extend(row.pk, str(lease)) is True
    assert Delivery.objects.get().leased_until >= row.leased_until
    assert extend(row.pk, "another") is False
    Delivery.objects.update(state="done")
    assert extend(row.pk, str(lease)) is False


@pytest.mark.django_db
def test_what_a_handler_wants_later_is_no_failure(seen: Seen) -> None:
    when = timezone.now() + timedelta(minutes=7)

    def later(**event: Any) -> None:
        raise core.DeliverLater(when)

    core_hooks.event_handlers.register("later", (("later.*",), outside_transaction(later)))
    core.emit("later.a", aggregate="order:1")
    assert (dispatch(), dispatch()) == (1, 0)
    core_hooks.event_handlers.unregister("later")
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.available_at, row.lease) == ("waiting", 0, when, "")


@pytest.mark.django_db
def test_what_is_not_begun_is_given_back(seen: Seen) -> None:
    core.emit_many(core.Event("test.x", f"order:{n}", {"n": n}) for n in range(3))
    assert dispatch(stop=lambda: len(seen) == 1) == 1
    rest = Delivery.objects.filter(state="waiting")
    assert [(row.lease, row.leased_until, row.attempts) for row in rest] == [("", None, 0)] * 2
    assert dispatch() == 2


@pytest.mark.django_db
def test_an_event_may_be_told_later(seen: Seen) -> None:
    core.emit("test.a", aggregate="order:1", payload={"n": 1}, after=timedelta(minutes=4))
    assert dispatch() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert dispatch() == 1


@pytest.mark.django_db
def test_a_channel_makes_one_delivery_for_each_recipient_and_none_twice() -> None:
    told: list[str] = []
    people = ["ann", "bob"]
    core_hooks.event_handlers.register(
        "chat",
        (
            ("chat.*",),
            core_hooks.Channel(
                lambda **event: [core_hooks.Recipient(name, f"{name}@x") for name in people],
                lambda *, recipient, **event: told.append(recipient) or f"{recipient}@y",
            ),
        ),
    )
    core.emit("chat.a", aggregate="order:1")
    assert (dispatch(), dispatch()) == (3, 0)
    assert sorted(told) == people
    rows = Delivery.objects.exclude(recipient="").order_by("id").values_list("recipient", "address", "state")
    assert list(rows) == [("ann", "ann@y", "done"), ("bob", "bob@y", "done")]
    people.append("cid")
    replay(viewer=core.system_viewer(), delivery_id=Delivery.objects.get(recipient="").pk)
    while dispatch():
        pass
    core_hooks.event_handlers.unregister("chat")
    assert told[2:] == ["cid"]


@pytest.mark.django_db
def test_a_handler_that_is_gone_is_reported() -> None:
    core_hooks.event_handlers.register("gone", (("test.*",), lambda **kwargs: None))
    core.emit("test.a", aggregate="order:1")
    core_hooks.event_handlers.unregister("gone")
    dispatch()
    assert Delivery.objects.get().last_error == "No handler of this name is registered."


@pytest.mark.django_db
def test_work_and_mark_are_one_transaction_unless_the_handler_reaches_outside() -> None:
    company = make_company("Brand")

    def write_and_fail(**kwargs: Any) -> None:
        core.record(actor=None, instance=company, action="qudao.company.changed")
        raise RuntimeError("after the write")

    for name, handler in (
        ("inside", write_and_fail),
        ("outside", outside_transaction(lambda **kw: write_and_fail(**kw))),
    ):
        core_hooks.event_handlers.register(name, ((f"test.{name}",), handler))
        core.emit(f"test.{name}", aggregate="x")
    dispatch()
    for name in ("inside", "outside"):
        core_hooks.event_handlers.unregister(name)
    assert len(core.history(company)) == 1


@pytest.mark.django_db
def test_old_events_are_deleted_when_everybody_has_them(seen: Seen) -> None:
    core.emit("test.a", aggregate="order:1")
    core.emit("quiet", aggregate="order:1")
    dispatch()
    core.emit("test.b", aggregate="order:1", payload={"fail": True})
    dispatch()
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert prune() == 2
    assert OutboxEvent.objects.get().topic == "test.b"


@pytest.mark.django_db
def test_once_delivers_what_is_due_and_stops(seen: Seen, capsys: pytest.CaptureFixture[str]) -> None:
    core.emit_many(core.Event("test.x", "order:1", {"n": n}) for n in range(30))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    call_command("run_dispatcher", "--once")
    for number, handler in handlers.items():
        signal.signal(number, handler)
    assert [n for _aggregate, n in seen] == list(range(30))
    assert "30 delivered" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kill_nine_loses_nothing_and_doubles_nothing() -> None:
    """A real dispatcher is killed in the middle of its work, several times."""
    companies = [make_company(f"Brand {number}") for number in range(6)]
    core_hooks.event_handlers.register("recorder", (("test.*",), lambda **kwargs: None))
    core.emit_many(
        core.Event("test.x", f"company:{company.pk}", {"company_id": company.pk, "number": number})
        for number in range(40)
        for company in companies
    )
    core_hooks.event_handlers.unregister("recorder")
    for killed_after in (5, 60, 130):
        with dispatcher() as process:
            goes_on(process, lambda wanted=killed_after: ModelLogEntry.objects.count() >= wanted)
    with dispatcher() as process:
        goes_on(process, lambda: not Delivery.objects.filter(state="waiting").exists())
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    for company in Company.objects.all():
        notes = [entry.data["note"] for entry in core.history(company, limit=100)]
        assert sorted(notes) == list(range(40))
        assert notes == sorted(notes, reverse=True)
    assert set(states()) == {"done"}


@contextmanager
def dispatcher() -> "Iterator[subprocess.Popen[bytes]]":
    """A dispatcher of its own process; killed when the block ends, however it ends."""
    script = Path(__file__).with_name("recorder.py")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qudao_site.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    process = subprocess.Popen([sys.executable, "-W", "ignore", str(script)], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def goes_on(process: "subprocess.Popen[bytes]", ready: Callable[[], bool]) -> None:
    """Wait for the process as long as it lives and gets on: a loaded machine is slow, a broken one stands still."""
    state, since = None, time.monotonic()
    while not ready():
        assert process.poll() is None, "the dispatcher ended"
        now = (ModelLogEntry.objects.count(), Delivery.objects.filter(state="waiting").count())
        if now != state:
            state, since = now, time.monotonic()
        assert time.monotonic() - since < PATIENCE, f"nothing happens any more at {state}"
        time.sleep(0.01)


@given(st.integers(min_value=1, max_value=200))
def test_waiting_grows_and_is_bounded(attempts: int) -> None:
    assert timedelta(seconds=10) <= rules.back_off(attempts) <= rules.back_off(attempts + 1)
    assert rules.back_off(attempts) <= timedelta(hours=6)


@pytest.mark.django_db
def test_workers_are_woken_once_and_only_for_what_is_due(
    seen: Seen, django_capture_on_commit_callbacks: Any
) -> None:
    def woken(*emitted: tuple[str, timedelta]) -> int:
        with django_capture_on_commit_callbacks() as callbacks:
            for topic, after in emitted:
                core.emit(topic, aggregate="a", after=after)
        return len(callbacks)

    now, later = timedelta(), timedelta(hours=1)
    assert woken(("test.now", now), ("test.again", now)) == 1
    assert woken(("test.later", later)) == 0
    assert woken(("nobody.listens", now)) == 0
