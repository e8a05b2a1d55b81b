"""How often one caller may ask. Counted per person, token or address in windows of the cache."""

from __future__ import annotations

import time
from typing import Any

from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from .. import conf
from . import rules


class WindowThrottle(BaseThrottle):
    """Counts in fixed windows: two cache operations a request, however high the limit.

    The scope is the view's ``throttle_scope``, else ``read`` or ``write`` by the verb, or ``guest`` for
    callers without a name. Limits: ``QUDAO_API_RATES``. The allowance is left on the request;
    :class:`HeadlessView` puts it on every answer as ``RateLimit-*``.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        self.allowance = consume(self.scope_of(request, view), self.caller(request))
        request._request.qudao_allowance = self.allowance
        return not self.allowance.exceeded

    def wait(self) -> float:
        return float(self.allowance.reset)

    def scope_of(self, request: Request, view: Any) -> str:
        if not (request.user and request.user.is_authenticated):
            return "guest"
        own = getattr(view, "throttle_scope", None)
        return own or ("read" if request.method in SAFE_METHODS else "write")

    def caller(self, request: Any) -> str:
        """Who asks: a token, a person (pages and API count together), else an address."""
        auth = getattr(request, "auth", None)
        if auth is not None and getattr(auth, "pk", None):
            return f"token-{auth.pk}"
        if request.user and request.user.is_authenticated:
            return f"user-{request.user.pk}"
        return f"ip-{self.get_ident(request)}"


def consume(scope: str, caller: str) -> rules.Allowance:
    """Count one more request of `caller` in `scope`, and say what is left."""
    rate = rules.Rate.parse(conf.api_rates()[scope])
    window, reset = rate.window(time.time())
    used = _count(f"qudao-rate:{scope}:{caller}:{window}", timeout=rate.seconds + 1)
    return rules.Allowance(rate.limit, rate.limit - used, reset)


def _count(key: str, *, timeout: int) -> int:
    """Count one more under `key` and return the count. Atomic where the cache's incr is."""
    if cache.add(key, 1, timeout):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # expired between the two calls
        cache.set(key, 1, timeout)
        return 1
