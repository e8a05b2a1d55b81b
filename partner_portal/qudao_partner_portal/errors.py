"""What a rule answers when it says no.

A :class:`Refusal` is raised by services and rules of every plugin. The REST layer renders it as
``application/problem+json`` (RFC 9457), pages show its message beside the field or line it names. It is an answer
to a person, never a crash: it always says what is wrong and, where there is one, what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as _field

from django.utils.functional import Promise


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
    """A rule said no. ``status`` is the HTTP status the REST layer answers with (400, 403, 404, 409, 422, 429)."""

    status = 422

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
