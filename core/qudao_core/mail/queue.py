"""Mails that other code sends inside a request (new passwords, moderation): kept, and delivered like every event.

With ``EMAIL_BACKEND = "qudao_core.mail.queue.EmailBackend"`` a mail server that is away, slow or picky is
no matter of the request: each recipient has a delivery of its own. ``QUDAO_MAIL_BACKEND`` names the backend that
hands mails over to the server.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from email.message import EmailMessage as Attachment
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from ..events.services import emit
from ..hooks import Channel, Recipient
from .models import QueuedMail
from .sending import identify, send

TOPIC = "mail.queued"
CHANNEL = "queued-mail"


class EmailBackend(BaseEmailBackend):
    """Keeps mails for delivery. What cannot be a mail at all (a line break in a header) is raised at once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            message.message()
            queue(message)
        return len(email_messages)


@transaction.atomic
def queue(message: EmailMessage) -> None:
    """Keep ``message`` and have it delivered to each of its recipients after the commit."""
    mail = QueuedMail.objects.create(subject=str(message.subject)[:998], message=_packed(message))
    emit(TOPIC, aggregate=f"mail:{mail.pk}", payload={"mail_id": mail.pk})


def recipients(*, payload: dict[str, Any], **event: Any) -> Iterable[Recipient]:
    mail = QueuedMail.objects.filter(pk=payload["mail_id"]).first()
    for address in mail.message.get("recipients", []) if mail else []:
        yield Recipient(address[:254], address[:254])


def deliver(*, event_id: int, payload: dict[str, Any], recipient: str, **event: Any) -> str | None:
    mail = QueuedMail.objects.filter(pk=payload["mail_id"]).first()
    if mail is None or not mail.message:
        return None
    message = _unpacked(mail.message, recipient)
    identify(message, f"event-{event_id}")
    send(message)
    return recipient


channel = Channel(recipients, deliver)


def forget(*, limit: int = 1000) -> int:
    """Empty mails that everybody has, and delete those whose event is gone. Returns how many were emptied."""
    from ..events.models import (  # noqa: PLC0415 - another subject's rows, read here only
        Delivery,
        OutboxEvent,
    )

    emptied = 0
    for mail in QueuedMail.objects.exclude(message={}).order_by("pk")[:limit]:
        aggregate = f"mail:{mail.pk}"
        rows = Delivery.objects.filter(handler=CHANNEL, aggregate=aggregate)
        open_ones = rows.exclude(state__in=(Delivery.State.DONE, Delivery.State.OBSOLETE))
        if not open_ones.exists():
            emptied += QueuedMail.objects.filter(pk=mail.pk).update(message={})
    empty = {
        f"mail:{pk}": pk
        for pk in QueuedMail.objects.filter(message={}).order_by("pk").values_list("pk", flat=True)[:limit]
    }
    known = OutboxEvent.objects.filter(topic=TOPIC, aggregate__in=empty).values_list("aggregate", flat=True)
    QueuedMail.objects.filter(pk__in=[empty[name] for name in empty.keys() - set(known)]).delete()
    return emptied


class _ForOne(EmailMultiAlternatives):
    """The mail as it was written, handed over for one of its recipients."""

    recipient = ""

    def recipients(self) -> list[str]:
        return [self.recipient]


def _packed(message: EmailMessage) -> dict[str, Any]:
    return {
        "recipients": list(
            dict.fromkeys(parseaddr(each)[1] or each for each in message.recipients() if each)
        ),
        "subject": str(message.subject),
        "body": str(message.body),
        "subtype": message.content_subtype,
        "from": message.from_email,
        "to": list(message.to),
        "cc": list(message.cc),
        "reply_to": list(message.reply_to),
        "headers": {name: str(value) for name, value in message.extra_headers.items()},
        "alternatives": [[str(part[0]), str(part[1])] for part in getattr(message, "alternatives", [])],
        "attachments": [_packed_file(each) for each in message.attachments],
    }


def _packed_file(attachment: Any) -> list[str]:
    """Name, content in base64, type; a ready part is taken apart."""
    if hasattr(attachment, "get_payload"):
        part: Attachment = attachment
        name, content, kind = (
            part.get_filename() or "",
            part.get_payload(decode=True),
            part.get_content_type(),
        )
    else:
        name, content, kind = attachment[0] or "", attachment[1], attachment[2] or ""
    data = content if isinstance(content, bytes) else str(content or "").encode()
    return [name, base64.b64encode(data).decode(), kind]


def _unpacked(packed: dict[str, Any], recipient: str) -> EmailMessage:
    mail = _ForOne(
        packed["subject"],
        packed["body"],
        packed["from"],
        packed["to"],
        cc=packed["cc"],
        reply_to=packed["reply_to"],
        headers=packed["headers"],
        alternatives=[(content, kind) for content, kind in packed["alternatives"]],
    )
    mail.content_subtype = packed["subtype"]
    for name, content, kind in packed["attachments"]:
        mail.attach(name or None, base64.b64decode(content), kind or None)
    mail.recipient = recipient
    return mail


__all__ = ["CHANNEL", "TOPIC", "EmailBackend", "channel", "forget", "queue"]
