"""Countries by name, in the reader's language. They are kept as ISO 3166 codes."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language


def country_name(code: str) -> str:
    """``DE`` → ``Germany``, ``德国``; a code that is no country stays as it is."""
    return dict(_countries(get_language() or "en")).get(code, code)


def country_choices(first: str, current: str = "") -> list[tuple[str, str]]:
    """Every country by name, the host's own (``first``) on top; ``current`` is offered even where it is unknown."""
    known = list(_countries(get_language() or "en"))
    if current and current not in dict(known):
        known.insert(0, (current, current))
    return sorted(known, key=lambda each: each[0] != first)


@lru_cache(maxsize=8)
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    locale = Locale.parse("zh_Hans" if language.startswith("zh") else language.replace("-", "_"), sep="_")
    names = {code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()}
    for code in (
        "EU",
        "EZ",
        "UN",
        "XA",
        "XB",
        "ZZ",
        "QO",
    ):  # groups and placeholders, not places to deliver to
        names.pop(code, None)
    return tuple(sorted(names.items(), key=lambda each: each[1]))
