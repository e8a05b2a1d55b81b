"""What the machinery around us asks: does the process live (/healthz), and can it work (/readyz)?

Without its database, or on a schema that is not its own, the site cannot work. Without cache, broker, search cluster or
dispatcher it can, and says what is missing: a balancer that took the site away then would make an outage of a nuisance.

Answered before host names, sessions and redirects are looked at, because probes come by address and without
TLS.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from qudao_core import api as core
from qudao_search import api as search

from qudao_site.snapshot.state import missing_migrations

Check = Callable[[], str | None]
#: Without these the site does not work; everything else it can do without for a while.
ESSENTIAL = ("database", "migrations")
#: Deliveries that have been due for so long have no dispatcher.
LATE = timedelta(minutes=5)


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return _answer({"process": {"ok": True}})
        if request.path == "/readyz":
            return _answer(readiness())
        return self.get_response(request)


def readiness() -> dict[str, dict[str, Any]]:
    """Each part with ``ok`` and, when it is not, ``error`` (the kind of failure, never a secret)."""
    checks: dict[str, Check] = {"database": _database, "migrations": _migrations, "cache": _cache}
    if settings.CELERY_BROKER_URL:
        checks["broker"] = _broker
    checks["background"] = _background
    parts = {name: _run(check) for name, check in checks.items()}
    return parts | {"search": _search()}


def _run(check: Check) -> dict[str, Any]:
    try:
        error = check()
    except Exception as failure:  # a probe reports every failure as one
        error = type(failure).__name__
    return {"ok": False, "error": error} if error else {"ok": True}


def _search() -> dict[str, Any]:
    """Which engine answers. A cluster that is away is told, but leaves the site ready: the embedded index answers."""
    try:
        return search.health()
    except Exception as failure:  # a probe reports every failure as one
        return {"ok": False, "error": type(failure).__name__}


def _database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def _migrations() -> str | None:
    """Unapplied migrations mean new code on an old schema. Once all are applied, this is not asked again.

    Names are compared: importing every migration would cost every web process 7 MB.
    """
    if not _migrations_done:
        if missing := missing_migrations(connection):
            return f"{len(missing)} migrations are not applied"
        _migrations_done.append(True)
    return None


_migrations_done: list[bool] = []


def _cache() -> str | None:
    ask = getattr(caches["default"], "ping", None)
    if ask is not None:
        ask()
    key, value = f"qudao-ready-{secrets.token_hex(8)}", secrets.token_hex(4)
    cache.set(key, value, 10)
    found = cache.get(key)
    cache.delete(key)
    return None if found == value else "does not keep what is put in"


def _broker() -> str | None:
    from qudao_site.celery import app  # noqa: PLC0415 - Celery is an optional part

    if app is None:
        return "Celery is not installed"
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return None


def _background() -> str | None:
    if core.deliveries_wait_since(timezone.now() - LATE):
        return "nobody delivers events: is a dispatcher or a worker running?"
    return None


def _answer(parts: dict[str, dict[str, Any]]) -> JsonResponse:
    ok = all(part["ok"] for name, part in parts.items() if name in ESSENTIAL or name == "process")
    missing = [name for name, part in parts.items() if not part["ok"] or part.get("degraded")]
    response = JsonResponse({"ok": ok, "degraded": missing, "parts": parts}, status=200 if ok else 503)
    response["Cache-Control"] = "no-store"
    return response
