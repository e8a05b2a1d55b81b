"""What the reader of numbers says to people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from .rules import NumberError

MESSAGES: dict[str, Promise] = {
    "missing": gettext_lazy("Enter a number."),
    "not_a_number": gettext_lazy("“%(value)s” is not a number."),
    "ambiguous_number": gettext_lazy("“%(value)s” could mean %(one)s or %(other)s. Enter the one you mean."),
    "too_large": gettext_lazy("The number is too large; at most %(max)s."),
    "too_many_decimals": gettext_lazy("At most %(places)d decimal places are kept."),
}


def error_message(error: NumberError) -> str:
    """``error`` in the reader's language, an ambiguous number with both readings."""
    one, other = error.readings if error.code == "ambiguous_number" else ("", "")
    empty = error.code == "not_a_number" and not str(error.params.get("value", "")).strip()
    return str(MESSAGES["missing" if empty else error.code]) % {**error.params, "one": one, "other": other}
