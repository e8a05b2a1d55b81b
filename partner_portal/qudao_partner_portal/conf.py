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


def country() -> str:
    """``QUDAO_COUNTRY``: ISO 3166 code that telephone, postcode and tax numbers are read for. Default ``CN``."""
    return str(getattr(settings, "QUDAO_COUNTRY", "CN"))


def document_seconds() -> float:
    """``QUDAO_DOCUMENT_SECONDS``: a document that takes longer to read is left as unreadable. Default 20 s."""
    return float(getattr(settings, "QUDAO_DOCUMENT_SECONDS", 20))


def document_memory() -> int:
    """``QUDAO_DOCUMENT_MEMORY``: address space in bytes of the process that reads a document. Default 512 MiB."""
    return int(getattr(settings, "QUDAO_DOCUMENT_MEMORY", 512 << 20))


def document_max_bytes() -> int:
    """``QUDAO_DOCUMENT_MAX_BYTES``: larger documents are not read. Default 100 MiB."""
    return int(getattr(settings, "QUDAO_DOCUMENT_MAX_BYTES", 100 << 20))


def document_pages() -> int:
    """``QUDAO_DOCUMENT_PAGES``: so many pages or slides of a document are read. Default 500."""
    return int(getattr(settings, "QUDAO_DOCUMENT_PAGES", 500))
