"""Settings of the portal. Read lazily, so that tests and hosts may change them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings


def default_currency() -> str:
    """``QUDAO_DEFAULT_CURRENCY``: ISO 4217 code where a company names none. Default ``CNY``."""
    return str(getattr(settings, "QUDAO_DEFAULT_CURRENCY", "CNY"))


def invitation_lifetime() -> timedelta:
    """``QUDAO_INVITATION_DAYS``: how long an invitation may be accepted. Default 14 days."""
    return timedelta(days=int(getattr(settings, "QUDAO_INVITATION_DAYS", 14)))


def open_catalogue() -> bool:
    """``QUDAO_OPEN_CATALOGUE``: may guests see what is meant for ``everyone``? Default ``False``."""
    return bool(getattr(settings, "QUDAO_OPEN_CATALOGUE", False))
