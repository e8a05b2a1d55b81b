"""Each recipient of an order's mails is served alone, whatever the mail server says to the others."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from qudao_b2b_ordering.orders import services
from qudao_core import api as core
from qudao_core.events.dispatch import dispatch
from qudao_core.events.services import replay
from qudao_core.models import Delivery

from tests.smtp import MailServer, mail_server

from ..channel import Channel


@pytest.fixture
def channel(channel: Channel) -> Channel:
    channel.product("LAMP", stock=100)
    return channel


@pytest.fixture
def mails(settings: Any) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 0.5
        yield server


def deliver() -> None:
    while dispatch():
        pass


def address(channel: Channel, name: str) -> str:
    return str(channel.users[name].email)


def state_of(channel: Channel, name: str) -> tuple[str, int]:
    row = Delivery.objects.filter(address=address(channel, name)).earliest("id")
    return row.state, row.attempts


@pytest.mark.parametrize("word", ["550 no such user", "553 bad mailbox"])
def test_a_mailbox_that_is_refused_is_not_tried_again_and_keeps_no_other_from_its_mail(
    channel: Channel, mails: MailServer, word: str
) -> None:
    mails.answers[address(channel, "sam")] = word
    order = channel.order(("LAMP", "2"))
    deliver()
    assert mails.mailboxes == [address(channel, "bai")]
    assert state_of(channel, "sam") == ("refused", 1)
    assert state_of(channel, "bai") == ("done", 1)
    row = Delivery.objects.get(state="refused")
    assert word.partition(" ")[2] in row.last_error
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        deliver()
    assert mails.tried.count(address(channel, "sam")) == 1
    services.act(viewer=channel.viewer("sam"), number=order.number, action="return", note="Whole cartons")
    deliver()
    assert mails.mailboxes == [address(channel, "bai")] * 2


def test_a_refused_mail_is_not_repeated(channel: Channel, mails: MailServer) -> None:
    mails.data[address(channel, "sam")] = "554 looks like spam"
    channel.order(("LAMP", "2"))
    deliver()
    assert state_of(channel, "sam") == ("refused", 1)


@pytest.mark.parametrize("word", ["450 greylisted", "421 closing", "hang", "die"])
@pytest.mark.parametrize("step", ["answers", "data"])
def test_what_may_pass_is_tried_again_for_that_recipient_alone(
    channel: Channel, mails: MailServer, step: str, word: str
) -> None:
    sam, bai = address(channel, "sam"), address(channel, "bai")
    getattr(mails, step)[sam] = word
    channel.order(("LAMP", "2"))
    deliver()
    assert mails.mailboxes == [bai]
    assert state_of(channel, "sam") == ("waiting", 1)
    getattr(mails, step).clear()
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        deliver()
    assert mails.mailboxes == sorted([bai, sam])
    assert state_of(channel, "sam") == ("done", 2)


@pytest.mark.parametrize("greeting", ["hang", "die", "554 go away", "421 too busy"])
def test_a_server_that_is_out_of_order_loses_nothing(
    channel: Channel, mails: MailServer, greeting: str
) -> None:
    mails.greeting = greeting
    channel.order(("LAMP", "2"))
    deliver()
    assert set(Delivery.objects.exclude(recipient="").values_list("state", flat=True)) == {"waiting"}
    mails.greeting = "220 back"
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        deliver()
    assert mails.mailboxes == sorted(address(channel, name) for name in ("bai", "sam"))


def test_later_mails_of_an_order_do_not_wait_for_a_failed_one(channel: Channel, mails: MailServer) -> None:
    bai = address(channel, "bai")
    mails.answers[bai] = "450 later"
    order = channel.order(("LAMP", "2"))
    deliver()
    del mails.answers[bai]
    services.act(viewer=channel.viewer("sam"), number=order.number, action="return", note="Whole cartons")
    deliver()
    told = [str(mail["Subject"]) for to, mail in mails.taken if to == bai]
    assert told == [f"Please change your order {order.number}"]


def test_whoever_need_not_act_any_more_is_not_written_to(channel: Channel, mails: MailServer) -> None:
    mails.answers[address(channel, "sam")] = "450 later"
    order = channel.order(("LAMP", "2"))
    deliver()
    services.act(viewer=channel.viewer("sam"), number=order.number, action="approve")
    mails.answers.clear()
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        deliver()
    assert address(channel, "sam") not in mails.mailboxes
    assert state_of(channel, "sam") == ("obsolete", 2)


def test_a_corrected_address_gets_the_mail_when_it_is_sent_again(channel: Channel, mails: MailServer) -> None:
    mails.answers[address(channel, "bai")] = "550 no such user"
    channel.order(("LAMP", "2"))
    deliver()
    row = Delivery.objects.get(state="refused")
    channel.users["bai"].email = "bai.new@example.com"
    channel.users["bai"].save()
    replay(viewer=core.system_viewer(), delivery_id=row.pk)
    deliver()
    row.refresh_from_db()
    assert (row.state, row.address) == ("done", "bai.new@example.com")
    assert "bai.new@example.com" in mails.mailboxes
