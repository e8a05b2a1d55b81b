"""What a mapping is refused for, and what was noticed in a file, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from ...errors import Refusal
from ...wording import join_list
from ..importer import Importer
from ..reading.text import CHOICES
from .rows import column_of
from .rules import LEAVE_OUT, FileMapping, MappingError
from .understanding import Note

_NOTES = {
    "unsure_encoding": gettext_lazy(
        "The encoding is not certain; it is read as %(encoding)s. If words look wrong below, choose another one."
    ),
    "sheets_alike": gettext_lazy("%(count)d sheets have the same columns and are read together: %(sheets)s."),
    "several_columns": gettext_lazy(
        "%(count)d columns hold “%(field)s”. Each of them makes a row of its own; check what each column means."
    ),
    "filled_down": gettext_lazy(
        "Column %(column)s is filled down: an empty cell repeats the value above (%(field)s)."
    ),
    "no_value_words": gettext_lazy(
        "These words mean that there is no price; their rows are left out: %(words)s."
    ),
    "price_per": gettext_lazy("“%(text)s”: prices are for %(count)s units and are divided by that number."),
    "too_precise": gettext_lazy(
        "Column %(column)s has more than %(places)d decimal places (%(value)s). "
        "Choose rounding, or those rows are rejected."
    ),
    "gross_prices": gettext_lazy(
        "Column %(column)s (“%(header)s”) seems to include tax, but prices are stored without tax. "
        "Divide by 1 + tax rate (1.13 for 13%%), or choose another column."
    ),
    "currency": gettext_lazy("The prices are in %(currency)s; the price list must have the same currency."),
    "sections": ngettext_lazy(
        "%(count)d row looks like a heading of the rows below: %(names)s.",
        "%(count)d rows look like headings of the rows below: %(names)s.",
        "count",
    ),
    "date_order": gettext_lazy("“%(value)s”: day or month could come first. Choose the order of dates."),
    "unknown_words": gettext_lazy(
        "Some values of “%(field)s” do not exist yet: %(words)s. Choose the value for each of them."
    ),
    "nothing_known": gettext_lazy("None of the first values chosen for “%(field)s” exists here."),
    "missing": gettext_lazy("Still to be mapped: %(fields)s."),
}
_INVALID = {
    "unknown_name": gettext_lazy("The mapping has an unknown entry: “%(path)s”."),
    "not_valid": gettext_lazy("The mapping has a value that is not valid: “%(path)s”."),
}


def message_of(note: Note) -> str:
    """A note in the reader's language."""
    return str(_NOTES[note.code] % note.params)


def invalid(error: MappingError) -> Refusal:
    return _refusal(_INVALID[error.code] % {"path": error.path}, error.path)


def _refusal(message: Any, path: str) -> Refusal:
    return Refusal(
        "invalid_mapping",
        message,
        field=f"mapping.{path}",
        remedy=_("Begin with the mapping that GET …/mapping/ suggests, and change only what is wrong."),
        status=422,
    )


def check(importer: Importer, mapping: FileMapping) -> None:
    """:raises Refusal: ``invalid_mapping``: a field the importer does not have, twice the same, unknown encoding."""
    names = [(source.field, f"sources.{place}.field") for place, source in enumerate(mapping.sources)]
    names += [(mapping.spread_field, "spread_field")] if mapping.spread else []
    names += [(name, f"spread.{n}.sets") for n, each in enumerate(mapping.spread) for name in each.sets]
    names += [(mapping.sections, "sections")] if mapping.sections not in ("", LEAVE_OUT) else []
    for name, path in names:
        if column_of(importer, name) is None:
            raise _refusal(_("This import has no field “%(field)s”.") % {"field": name[:80]}, path)
    fields = [source.field for source in mapping.sources]
    twice = next((name for name in fields if fields.count(name) > 1), None)
    if twice:
        raise _refusal(_("The field “%(field)s” is mapped twice.") % {"field": twice[:80]}, "sources")
    if mapping.spread and mapping.spread_field != importer.spread_field:
        raise _refusal(
            _("“%(field)s” cannot come from several columns.") % {"field": mapping.spread_field},
            "spread_field",
        )
    if mapping.variants and not importer.variant_fields:
        raise _refusal(_("This import has no variants."), "variants")
    if mapping.encoding and mapping.encoding.lower() not in CHOICES:
        raise _refusal(_("The encodings are: %(names)s.") % {"names": join_list(CHOICES)}, "encoding")
    if len(mapping.delimiter) > 1:
        raise _refusal(_("A delimiter is one character."), "delimiter")


def left_out(counts: dict[str, int]) -> list[str]:
    """How many rows are left out, and why."""
    said = {
        "section": lambda n: ngettext("%(n)d heading", "%(n)d headings", n),
        "no_value": lambda n: ngettext("%(n)d row without a price", "%(n)d rows without a price", n),
        "excluded": lambda n: ngettext("%(n)d row excluded", "%(n)d rows excluded", n),
        "header": lambda n: ngettext("%(n)d repeated header row", "%(n)d repeated header rows", n),
    }
    return [said[reason](count) % {"n": count} for reason, count in counts.items() if reason in said]
