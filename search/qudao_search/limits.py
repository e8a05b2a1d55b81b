"""How often one may ask: pages, suggestions and API together, in the scope ``search`` of ``QUDAO_API_RATES``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Refusal
from qudao_core.headless.throttling import WindowThrottle, consume

SCOPE = "search"


def count_query(request: Any) -> None:
    """Count one more query of whoever sends ``request``.

    :raises Refusal: 429 ``throttled``.
    """
    scope = SCOPE if request.user.is_authenticated else "guest"
    allowance = consume(scope, WindowThrottle().caller(request))
    if allowance.exceeded:
        raise Refusal(
            "throttled",
            _("Too many searches at once. Try again in %(seconds)d s.") % {"seconds": allowance.reset},
            params={"retry_after": allowance.reset},
            status=429,
        )
