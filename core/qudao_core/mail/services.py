"""Send mail from templates, in the reader's language. Called by event handlers, never inside a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import translation

from .. import conf
from .sending import identify, send


def send_mail(
    *, to: str, template: str, context: Mapping[str, Any], message_id: str, language: str = ""
) -> None:
    """Send ``<template>.subject.txt``, ``<template>.txt`` and ``<template>.html``, rendered in ``language``.

    ``message_id`` (such as ``event-17``) makes a repeated mail recognisable: the same event has the same id.

    :raises Undeliverable: the mail server refuses this recipient or this mail for good.
    :raises DeliveryFailed: it did not take the mail now; the delivery is tried again.
    """
    with translation.override(language or settings.LANGUAGE_CODE):
        values = {
            "base_url": conf.base_url(),
            "site_name": getattr(settings, "WAGTAIL_SITE_NAME", ""),
            **context,
        }
        subject = " ".join(_plain(f"{template}.subject.txt", values).split())
        mail = EmailMultiAlternatives(subject, _plain(f"{template}.txt", values), to=[to])
        mail.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
    identify(mail, message_id)
    send(mail)


def _plain(template: str, values: Mapping[str, Any]) -> str:
    """A template of plain text: nothing in it is escaped as in HTML, whatever a company or a person is called."""
    return str(Engine.get_default().get_template(template).render(Context(dict(values), autoescape=False)))
