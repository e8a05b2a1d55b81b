"""Mails that other code sends in a request: kept, delivered to each recipient alone, emptied in the end."""

from collections.abc import Iterator
from datetime import timedelta
from email.mime.text import MIMEText
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from qudao_core.events.dispatch import dispatch, prune
from qudao_core.mail import queue
from qudao_core.models import Delivery, OutboxEvent, QueuedMail

from tests.smtp import MailServer, mail_server

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def mails(settings: Any) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND, settings.QUDAO_MAIL_BACKEND = (
            "qudao_core.mail.queue.EmailBackend",
            SMTP,
        )
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 0.5
        yield server


def deliver() -> None:
    while dispatch():
        pass


def letter() -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        "你好, a new password",
        "The secret link",
        "Channel <channel@example.com>",
        ["Ann <ann@example.com>", "bob@example.com"],
        cc=["cid@example.com"],
        bcc=["dan@example.com", "ann@example.com"],
        reply_to=["help@example.com"],
        headers={"X-Kind": "test"},
    )
    message.attach_alternative("<p>The secret link</p>", "text/html")
    message.attach("表.csv", b"a,b\n", "text/csv")
    message.attach(MIMEText("a part", "plain", "utf-8"))
    return message


def test_a_request_waits_for_no_mail_server_and_each_recipient_is_served_alone(mails: MailServer) -> None:
    mails.answers["bob@example.com"] = "550 no such user"
    mails.answers["cid@example.com"] = "450 later"
    assert letter().send() == 1
    assert mails.tried == []
    deliver()
    assert mails.mailboxes == ["ann@example.com", "dan@example.com"]
    states = dict(Delivery.objects.exclude(recipient="").values_list("address", "state"))
    assert states == {
        "ann@example.com": "done",
        "bob@example.com": "refused",
        "cid@example.com": "waiting",
        "dan@example.com": "done",
    }


def test_the_mail_is_the_one_that_was_written(mails: MailServer) -> None:
    letter().send()
    deliver()
    got = next(message for to, message in mails.taken if to == "dan@example.com")
    assert str(got["Subject"]) == "你好, a new password"
    assert (got["To"], got["Cc"]) == ("Ann <ann@example.com>, bob@example.com", "cid@example.com")
    assert (got["Reply-To"], got["X-Kind"], got["Bcc"]) == ("help@example.com", "test", None)
    parts = {part.get_content_type(): part for part in got.walk() if not part.is_multipart()}
    assert parts["text/html"].get_content().strip() == "<p>The secret link</p>"
    assert parts["text/csv"].get_filename() == "表.csv"
    assert "dan@example.com" not in str(got)


def test_what_cannot_be_a_mail_is_said_to_the_one_who_writes_it(mails: MailServer) -> None:
    with pytest.raises(ValueError, match="newlines"):
        EmailMultiAlternatives("a\nBcc: x@example.com", "b", to=["ann@example.com"]).send()
    assert not QueuedMail.objects.exists()


def test_the_text_is_emptied_when_everybody_has_it_and_kept_while_somebody_has_not(mails: MailServer) -> None:
    mails.answers["cid@example.com"] = "450 later"
    letter().send()
    deliver()
    assert queue.forget() == 0
    mails.answers.clear()
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        deliver()
        assert queue.forget() == 1
    assert QueuedMail.objects.get().message == {}
    assert "secret" not in str(list(OutboxEvent.objects.values()))
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        prune()
        queue.forget()
    assert not QueuedMail.objects.exists()


def test_a_mail_that_was_not_yet_looked_at_is_kept(mails: MailServer) -> None:
    letter().send()
    assert queue.forget() == 0
    deliver()
    assert len(mails.taken) == 4


def test_the_same_backend_in_memory(settings: Any) -> None:
    settings.EMAIL_BACKEND = "qudao_core.mail.queue.EmailBackend"
    settings.QUDAO_MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    EmailMultiAlternatives("a", "b", to=["ann@example.com"]).send()
    deliver()
    assert [each.recipients() for each in mail.outbox] == [["ann@example.com"]]


def test_a_mail_that_is_sent_again_has_the_same_message_id(mails: MailServer) -> None:
    """The server took the mail and died before it said so: the second one is recognised."""
    mails.data["ann@example.com"] = "450 later"
    letter().send()
    deliver()
    mails.data.clear()
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        deliver()
    queued = QueuedMail.objects.get()
    event = OutboxEvent.objects.get(aggregate=f"mail:{queued.pk}")
    ids = {str(message["Message-ID"]) for _to, message in mails.taken}
    assert len(mails.taken) >= 4 and len(ids) == 1
    assert ids.pop().startswith(f"<event-{event.pk}@")


def test_a_message_id_of_the_writer_is_kept(mails: MailServer) -> None:
    EmailMultiAlternatives(
        "a", "b", to=["ann@example.com"], headers={"message-id": "<own@example.com>"}
    ).send()
    deliver()
    assert [str(message["Message-ID"]) for _to, message in mails.taken] == ["<own@example.com>"]
