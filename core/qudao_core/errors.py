"""What a rule answers when it says no.

A :class:`Refusal` is raised by services and rules of every plugin. The REST layer renders it as
``application/problem+json`` (RFC 9457), pages show its message beside the field or line it names. It is an answer
to a person, never a crash: it always says what is wrong and, where there is one, what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as _field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Codes of problems whose refusal has another status than 422, wherever they are raised.
_STATUSES = {
    "invalid": 400,
    "invalid_page": 400,
    "too_deep": 400,
    "unknown_facet": 400,
    "unknown_field": 400,
    "unknown_kind": 400,
    "unknown_sort": 400,
    "ambiguous_reference": 409,
    "exists": 409,
    "price_changed": 409,
    "changed_meanwhile": 412,
    "too_large": 413,
}


def status_of(code: str) -> int:
    """The status of a refusal that consists of one problem, by the problem's code.

    Malformed (wrong type, a name that is not declared, paging that cannot be read) is 400; well-formed but not
    accepted is 422; a conflict with what is stored (``code_taken``, ``product_in_use``, ``exists``) is 409.
    """
    return _STATUSES.get(code) or (409 if code.endswith(("_taken", "_in_use")) else 422)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    ``code`` is stable and English (``below_minimum``); ``message`` is for the reader, already translatable;
    ``field`` names the input (``quantity``, ``lines.3.sku``); ``line`` counts from 1 for the row of a file or the
    line of an order; ``remedy`` says what to do next; ``remedy_url`` leads there; ``params`` are the figures in the
    message, for machines.
    """

    code: str
    message: str | Promise
    field: str | None = None
    line: int | None = None
    remedy: str | Promise | None = None
    remedy_url: str | None = None
    params: dict[str, object] = _field(default_factory=dict)


class Refusal(Exception):
    """A rule said no. ``status`` is the HTTP status of the answer; a code has one status, wherever it is raised.

    Without ``status``, the code decides: :func:`status_of`.
    """

    status: int

    def __init__(
        self,
        code: str,
        message: str | Promise,
        *,
        field: str | None = None,
        line: int | None = None,
        remedy: str | Promise | None = None,
        remedy_url: str | None = None,
        params: dict[str, object] | None = None,
        problems: Iterable[Problem] = (),
        status: int | None = None,
    ) -> None:
        super().__init__(code)
        self.problem = Problem(code, message, field, line, remedy, remedy_url, params or {})
        self.problems = tuple(problems)
        if status is not None:
            self.status = status
        elif not hasattr(self, "status"):
            self.status = status_of(code)

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def message(self) -> str | Promise:
        return self.problem.message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class NotFound(Refusal):
    """The thing does not exist for this viewer: unknown and forbidden look the same."""

    status = 404


class Forbidden(Refusal):
    """The viewer may see the thing but not do this to it."""

    status = 403


class Outdated(Refusal):
    """The thing is no longer as the caller saw it (``If-Match``, or the revision that was named)."""

    status = 412


class Conflict(Refusal):
    """The thing changed, or the same request is already being handled."""

    status = 409


def require_choice(value: str, choices: Iterable[str], *, field: str) -> None:
    """Refuse what is none of ``choices``: forms offer nothing else, and a program learns it here.

    :raises Refusal: ``not_a_choice``.
    """
    known = list(choices)
    if value not in known:
        raise Refusal(
            "not_a_choice",
            _("“%(value)s” is not recognised.") % {"value": str(value)[:40]},
            field=field,
            remedy=_("Use one of: %(choices)s.") % {"choices": ", ".join(known)},
            params={"value": str(value)[:40], "choices": known},
        )


def refusal_of(problems: Sequence[Problem]) -> Refusal:
    """The refusal of one wrong value, with its code, or of several at once: ``values_invalid``."""
    first = problems[0]
    if len(problems) > 1:
        return Refusal(
            "values_invalid", _("Some values are not valid."), field=first.field, problems=problems
        )
    return Refusal(
        first.code,
        first.message,
        field=first.field,
        remedy=first.remedy,
        remedy_url=first.remedy_url,
        params=first.params,
        problems=problems,
    )
