"""Hand one mail for one recipient to the mail server, and say what its answer means."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from .. import conf
from ..events.outcomes import DeliveryFailed, Undeliverable
from . import rules

#: The backend that hands mail over in the request; here it would put the mail back into the queue.
QUEUE = "qudao_core.mail.queue.EmailBackend"


def send(mail: EmailMessage) -> None:
    """Send ``mail``, which goes to one address.

    :raises Undeliverable: refused for good: this mailbox, or this mail. :raises DeliveryFailed: anything that may pass.
    """
    try:
        mail.connection = get_connection(_backend())
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()), (0, b""))
        raise _judged(code, text) from error
    except smtplib.SMTPDataError as error:
        raise _judged(error.smtp_code, error.smtp_error) from error
    except (
        smtplib.SMTPNotSupportedError,
        ValueError,
    ) as error:  # an address or header that cannot be written
        raise Undeliverable(str(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(
            f"The mail server did not take the mail: {type(error).__name__}: {error}"
        ) from error


def identify(mail: EmailMessage, message_id: str) -> None:
    """Give ``mail`` its Message-ID, unless it has one: what is sent again after a doubtful answer is known by it."""
    if not any(name.lower() == "message-id" for name in mail.extra_headers):
        host = conf.base_url().partition("://")[2].partition("/")[0].partition(":")[0] or "localhost"
        mail.extra_headers["Message-ID"] = f"<{message_id}@{host}>"


def _backend() -> str:
    name = str(settings.EMAIL_BACKEND)
    return str(settings.QUDAO_MAIL_BACKEND) if name == QUEUE else name


def _judged(code: int, text: bytes | str) -> Exception:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    message = f"The mail server answered {code}: {said}"
    return Undeliverable(message) if rules.is_final(code) else DeliveryFailed(message)
