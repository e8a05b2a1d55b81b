"""Settings of the platform. Read lazily, so that tests and hosts may change them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings


def open_catalogue() -> bool:
    """``QUDAO_OPEN_CATALOGUE``: may guests see what is meant for ``everyone``? Default ``False``."""
    return bool(getattr(settings, "QUDAO_OPEN_CATALOGUE", False))


def api_authentication() -> list[str]:
    """``QUDAO_API_AUTHENTICATION``: dotted names of DRF classes accepted besides token and session."""
    return list(getattr(settings, "QUDAO_API_AUTHENTICATION", []))


def api_rates() -> dict[str, str]:
    """``QUDAO_API_RATES``: requests one caller may send, by scope. What a host leaves out keeps its default."""
    return _API_RATES | getattr(settings, "QUDAO_API_RATES", {})


def idempotency_lifetime() -> timedelta:
    """``QUDAO_IDEMPOTENCY_HOURS``: how long a repeated request gets its first answer again. Default 72 hours."""
    return timedelta(hours=int(getattr(settings, "QUDAO_IDEMPOTENCY_HOURS", 72)))


def api_max_body() -> int:
    """``QUDAO_API_MAX_BODY``: the longest JSON body, in bytes. Default 10 MiB (about 100,000 price rows)."""
    return int(getattr(settings, "QUDAO_API_MAX_BODY", 10 * 1024 * 1024))


def api_token_lifetime() -> timedelta | None:
    """``QUDAO_API_TOKEN_DAYS``: how long a token works when its maker names no day. Default 365; 0: for ever."""
    days = int(getattr(settings, "QUDAO_API_TOKEN_DAYS", 365))
    return timedelta(days=days) if days else None


def import_max_bytes() -> int:
    """``QUDAO_IMPORT_MAX_BYTES``: the largest file that may be imported. Default 50 MB."""
    return int(getattr(settings, "QUDAO_IMPORT_MAX_BYTES", 50_000_000))


_API_RATES = {
    "guest": "60/min",
    "read": "600/min",
    "write": "240/min",
    "import": "20/min",
    "search": "240/min",
}


def event_lease() -> timedelta:
    """``QUDAO_EVENT_LEASE_SECONDS``: after this a delivery whose process died is tried again. Default 120 s."""
    return timedelta(seconds=float(getattr(settings, "QUDAO_EVENT_LEASE_SECONDS", 120)))


def event_attempts() -> int:
    """``QUDAO_EVENT_ATTEMPTS``: after so many failures a delivery is given up. Default 12 (about two days)."""
    return int(getattr(settings, "QUDAO_EVENT_ATTEMPTS", 12))


def event_poll() -> float:
    """``QUDAO_EVENT_POLL_SECONDS``: how long an idle dispatcher sleeps. Default 0.5 s."""
    return float(getattr(settings, "QUDAO_EVENT_POLL_SECONDS", 0.5))


def event_days() -> int:
    """``QUDAO_EVENT_DAYS``: events whose deliveries are all done are deleted after so many days. Default 90."""
    return int(getattr(settings, "QUDAO_EVENT_DAYS", 90))


def base_url() -> str:
    """Where links in mails lead: Wagtail's ``WAGTAILADMIN_BASE_URL``, without a slash at the end."""
    return str(getattr(settings, "WAGTAILADMIN_BASE_URL", "") or "").rstrip("/")
