"""Payment terms in the reader's language. They are kept as free text, in whichever language they were agreed."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def _days(found: re.Match[str]) -> str:
    days = int(found["days"])
    return ngettext("Net %(days)d day", "Net %(days)d days", days) % {"days": days}


#: What is commonly agreed, as it is written in both languages; anything else is shown as it stands.
_COMMON: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"月结\s*(?P<days>\d{1,3})\s*[天日]", _days),
        (r"net\s*(?P<days>\d{1,3})(\s*days?)?", _days),
        (r"(?P<days>\d{1,3})\s*days?(\s*net)?", _days),
        (r"款到发货|先款后货|预付(款)?|prepaid|prepayment|payment in advance", lambda found: _("Prepayment")),
        (r"货到付款|现款现货|cod|cash on delivery", lambda found: _("Cash on delivery")),
    )
)


def payment_terms(text: str) -> str:
    """``月结 30 天`` or ``Net 30`` as the reader of the active language says it; other words stay as they are."""
    plain = " ".join(text.split())
    for pattern, words in _COMMON:
        if found := pattern.fullmatch(plain):
            return words(found)
    return plain
