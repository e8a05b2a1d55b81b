"""Why a request cannot be answered. The plugin that shows it makes its own kind of refusal of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "too_long": _("A search can have at most %(most)s characters."),
    "unknown_kind": _("There is no result type “%(name)s”."),
    "unknown_facet": _("There is no filter called “%(name)s”."),
    "unknown_sort": _("Results cannot be sorted by “%(name)s” here."),
    "too_deep": _("Only the first %(most)s results can be shown. Narrow your search."),
    "invalid_page": _("Pages are counted from 1 and have between 1 and %(most)s results."),
}


class SearchProblem(Exception):
    """``code`` is stable; ``message`` is for the reader; ``field`` names the input; ``params`` are its figures."""

    def __init__(self, code: str, *, field: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params: Mapping[str, Any] = params
        self.message = MESSAGES[code] % params

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
