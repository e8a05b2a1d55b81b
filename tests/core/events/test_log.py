"""The log of deliveries says who was told what and when, and tells them again."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from qudao_core import api as core
from qudao_core import hooks as core_hooks
from qudao_core.events.dispatch import dispatch
from qudao_core.events.restore import GAP, settle_after_restore
from qudao_core.models import Delivery, OutboxEvent
from qudao_partner_portal.testing import make_back_office, make_company, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def refuses() -> Iterator[set[str]]:
    """A channel to ann and bob; whoever is in the set is refused."""
    refused: set[str] = set()

    def deliver(*, recipient: str, **event: Any) -> str:
        if recipient in refused:
            raise core.Undeliverable("no such user")
        return f"{recipient}@example.com"

    people = [core_hooks.Recipient(name, f"{name}@example.com") for name in ("ann", "bob")]
    core_hooks.event_handlers.register(
        "chat", (("chat.*",), core_hooks.Channel(lambda **event: people, deliver))
    )
    yield refused
    core_hooks.event_handlers.unregister("chat")


def deliver() -> None:
    while dispatch():
        pass


def states() -> dict[str, str]:
    return dict(Delivery.objects.filter(handler="chat").values_list("recipient", "state"))


def test_the_api_says_who_got_what(refuses: set[str], client: Client) -> None:
    refuses.add("bob")
    core.emit("chat.said", aggregate="order:1")
    deliver()
    client.force_login(make_back_office(permissions=["qudao_core.view_delivery"]))
    told = client.get("/api/v1/deliveries/?aggregate=order:1&recipient=BOB@example.com").json()["results"]
    assert [
        (each["topic"], each["recipient"], each["state"], each["attempts"], each["error"]) for each in told
    ] == [("chat.said", "bob@example.com", "refused", 1, "no such user")]
    assert (told[0]["next_attempt_at"], told[0]["delivered_at"]) == (None, None)
    done = client.get("/api/v1/deliveries/?state=done").json()["results"]
    assert [each["recipient"] for each in done] == ["ann@example.com", ""]
    assert all(each["delivered_at"] for each in done)


def test_people_of_companies_do_not_see_the_log(client: Client) -> None:
    client.force_login(make_person(make_company("Brand"), roles=["admin"]))
    assert client.get("/api/v1/deliveries/").status_code == 403


def test_the_back_office_sees_it_and_sends_again(refuses: set[str], client: Client) -> None:
    refuses.add("bob")
    core.emit("chat.said", aggregate="order:1")
    deliver()
    client.force_login(make_back_office(is_superuser=True))
    page = client.get(reverse("qudao_deliveries:index")).content.decode()
    assert "bob@example.com" in page and "Refused" in page
    row = Delivery.objects.get(recipient="bob")
    assert "no such user" in client.get(reverse("qudao_deliveries:inspect", args=[row.pk])).content.decode()
    refuses.clear()
    client.post(reverse("qudao_deliveries:replay", args=[row.pk]))
    deliver()
    assert states() == {"": "done", "ann": "done", "bob": "done"}


def test_through_the_api_too(refuses: set[str], client: Client) -> None:
    refuses.add("bob")
    core.emit("chat.said", aggregate="order:1")
    deliver()
    client.force_login(make_back_office(is_superuser=True))
    row = Delivery.objects.get(recipient="bob")
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    told = client.post(
        f"/api/v1/deliveries/{row.pk}/replay/", content_type="application/json", headers=headers
    ).json()
    assert (told["state"], told["recipient"], told["attempts"]) == ("waiting", "bob@example.com", 0)


def test_a_command_sends_many_again(refuses: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    refuses |= {"ann", "bob"}
    core.emit("chat.said", aggregate="order:1")
    deliver()
    refuses.clear()
    call_command("deliver_again")
    assert "0 will be delivered again" in capsys.readouterr().out
    call_command("deliver_again", "--state", "refused", "--since", "2100-01-01T00:00")
    assert "0 will be delivered again" in capsys.readouterr().out
    call_command("deliver_again", "--state", "refused", "--recipient", "Ann@example.com", "--handler", "chat")
    deliver()
    assert states() == {"": "done", "ann": "done", "bob": "refused"}
    call_command("deliver_again", "--state", "refused", "--since", "2000-01-01T00:00")
    deliver()
    assert states()["bob"] == "done"


def test_after_a_restore_nobody_is_told_twice_and_events_go_on_with_new_ids(refuses: set[str]) -> None:
    told: list[int] = []
    core_hooks.event_handlers.register(
        "inside", (("chat.*",), lambda *, event_id, **event: told.append(event_id))
    )
    core.emit("chat.said", aggregate="order:1")
    Delivery.objects.filter(handler="inside").update(
        lease="of-the-past", leased_until=timezone.now() + timedelta(hours=1)
    )
    last = OutboxEvent.objects.latest("pk").pk
    aside, event_id = settle_after_restore()
    assert (aside, event_id) == (1, last + GAP)
    deliver()
    assert (told, states()) == ([last], {"": "failed"})
    core.emit("chat.said", aggregate="order:2")
    assert OutboxEvent.objects.latest("pk").pk > event_id
    assert settle_after_restore(send_again=True)[0] == 0
    deliver()
    core_hooks.event_handlers.unregister("inside")
    assert Delivery.objects.filter(handler="chat", state="done").count() == 3
