"""The base of every importer. One subclass per kind of file, in the plugin that owns the subject.

>>> class Prices(core.Importer):                              # doctest: +SKIP
...     kind, label, permission = "prices", _("Prices"), "qudao_b2b_ordering.change_pricerow"
...     columns = (core.Column("sku", "SKU", "商品编号", rules.text(64), required=True), …)
...     def write(self, rows): return set_prices(actor=self.viewer, price_list=…, rows=…)
>>> hooks.importers.register(Prices.kind, Prices)               # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..errors import Forbidden, Problem, Refusal
from ..viewer import Viewer
from ..wording import join_list
from . import messages, rules
from .rules import Column, UpsertResult
from .undoing.undo import Undo


@dataclass(slots=True)
class Row:
    """One row that could be read: ``values`` by column name, ``extra`` from columns the header made
    itself.
    """

    line: int
    values: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice made once for the whole file (into which price list, which currency).

    ``choices`` returns (value, label) pairs for a viewer; ``None`` means free text. ``default`` is used when
    empty.
    """

    name: str
    label: str | Promise
    required: bool = False
    default: str = ""
    help: str | Promise = ""
    choices: Callable[[Viewer], Iterable[tuple[str, str]]] | None = None

    def shown(self, value: str, viewer: Viewer) -> str:
        """A value as people choose it."""
        return str(dict(self.choices(viewer)).get(value, value)) if self.choices else value


class Importer:
    """Reads one kind of file into one kind of thing, through the same service as pages and API.

    A subclass names its columns and implements :meth:`write`. The framework reads and checks cells, finds
    rows that name the same thing twice, keeps problems with their line and column, and calls :meth:`write`
    with batches of good rows inside one transaction: rolled back for a preview, committed for the import. So
    the preview is what happens.
    """

    kind: ClassVar[str]
    label: ClassVar[str | Promise]
    help: ClassVar[str | Promise] = ""
    #: Django permission a back-office person needs.
    permission: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    options: ClassVar[tuple[Option, ...]] = ()
    #: Columns that name the thing; a second row with the same values is refused.
    unique: ClassVar[tuple[str, ...]] = ()
    #: Column whose equal values belong together (the lines of one order): all of them go in, or none.
    group: ClassVar[str] = ""
    #: The number that files often have in several columns (a price per quantity, per list, per grade).
    spread_field: ClassVar[str] = ""
    #: What such a column may say besides: the fields it can set.
    spread_sets: ClassVar[tuple[str, ...]] = ()
    #: The one of them that is added to what the row says, because it names a variant of it.
    suffixed_field: ClassVar[str] = ""
    #: The field that headings between the rows can fill.
    section_field: ClassVar[str] = ""
    #: Fields that files often write only in the first row they hold for.
    filled_fields: ClassVar[tuple[str, ...]] = ()
    #: Names of the fields "variant of", code and title, where rows can be variants of one product.
    variant_fields: ClassVar[tuple[str, ...]] = ()
    #: Rows do not refer to one another, so a preview may undo each batch by itself.
    independent: ClassVar[bool] = False
    batch_size: ClassVar[int] = 10_000
    #: How an import of this kind is undone; without it, :attr:`cannot_undo` says why it cannot be.
    undo: ClassVar[type[Undo] | None] = None
    cannot_undo: ClassVar[str | Promise] = ""
    max_rows: ClassVar[int] = 500_000

    def __init__(self, viewer: Viewer, options: Mapping[str, str] | None = None) -> None:
        self.viewer = viewer
        given = options or {}
        self.given = {option.name: given.get(option.name) or option.default for option in self.options}

    @classmethod
    def permits(cls, viewer: Viewer) -> bool:
        """Whether ``viewer`` may import this kind at all."""
        return viewer.may(cls.permission)

    def extra_column(self, header: str) -> Column | None:
        """A column made of a header that is none of ``columns``, such as ``attr:power``."""
        return None

    def known(self, name: str, values: Collection[str]) -> Collection[str] | None:
        """Those of ``values`` that exist here as the field ``name``; ``None`` where nobody can tell. Any option with
        the field's name tells by its choices.
        """
        option = next((option for option in self.options if option.name == name and option.choices), None)
        if option is None or option.choices is None:
            return None
        here = {value for value, _label in option.choices(self.viewer)}
        return {value for value in values if value in here}

    def start(self) -> None:
        """Look up what all rows need. Called once, inside the transaction, before the first batch.

        :raises Refusal: an option is wrong.
        """

    def write(self, rows: Sequence[Row]) -> UpsertResult:
        """Write a batch of good rows; return counts and problems whose ``line`` is the position from 1 in
        ``rows``.
        """
        raise NotImplementedError

    def totals(self) -> list[tuple[str, str]]:
        """Figures of the whole file to show beside the counts, such as the sum of all orders: (label,
        value).
        """
        return []

    def examples(self) -> list[dict[str, str]]:
        """Rows of the template: one made of the columns' examples and of what exists here, so that it can be imported
        as it is.
        """
        here = {column.name: self.existing(column.name) for column in self.columns if column.example}
        return [
            {column.name: here.get(column.name) or self._example(column, here) for column in self.columns}
        ]

    def existing(self, name: str) -> str | None:
        """For a column that names something: one that exists here, or ``""``; ``None`` for other columns."""
        return None

    @staticmethod
    def _example(column: Column, here: Mapping[str, str | None]) -> str:
        """Nothing where nothing exists, unless the row needs a value."""
        return column.example if column.required or here.get(column.name) is None else ""

    def header_of(self, name: str) -> str:
        """The header to name in a problem with column ``name``."""
        found = next((column for column in self.columns if column.name == name), None)
        return found.title(self.viewer.language) if found else name

    def problem(
        self, position: int, column: str, code: str, message: str, remedy: str = "", **params: object
    ) -> Problem:
        """A refused row, for :meth:`write`: ``position`` counts from 1 in the batch."""
        return Problem(
            code, message, field=self.header_of(column), line=position, remedy=remedy or None, params=params
        )

    def unknown(self, position: int, column: str, value: object, what: object) -> Problem:
        """A refused row that names something that does not exist."""
        return messages.unknown(position, self.header_of(column), value, what)

    def validate_options(self) -> None:
        """:raises Refusal: a required option is missing, or a value is none of its choices."""
        for option in self.options:
            value = self.given[option.name]
            if not value and option.required:
                raise _bad_option(option, _("Choose a value for “%(option)s”."))
            if value and option.choices and value not in dict(option.choices(self.viewer)):
                raise _bad_option(option, _("“%(value)s” is not possible for “%(option)s”."), value)


def _bad_option(option: Option, message: str | Promise, value: str = "") -> Refusal:
    text = message % {"option": option.label, "value": value}
    return Refusal("invalid_option", text, field=f"options.{option.name}", status=422)


def make_importer(kind: str, viewer: Viewer, options: Mapping[str, str] | None = None) -> Importer:
    """The importer for ``kind`` as ``viewer`` may use it.

    :raises Refusal: ``unknown_import`` (404) for an unknown kind; :class:`Forbidden` without the permission.
    """
    from ..hooks import importers  # noqa: PLC0415 - hooks names this class in its types

    found = importers.get(kind)
    if found is None:
        raise Refusal(
            "unknown_import",
            _("There is no import called “%(kind)s”.") % {"kind": kind},
            field="kind",
            remedy=_("The kinds are: %(kinds)s.")
            % {"kinds": join_list(key for key, _entry in importers.items())},
            status=404,
        )
    if not found.permits(viewer):
        raise Forbidden("import_not_allowed", _("You do not have permission to import this."), field="kind")
    return found(viewer, options)


__all__ = ["Column", "Importer", "Option", "Row", "Undo", "UpsertResult", "make_importer", "rules"]
