"""Every complaint about a cell or a row, in words: what is wrong and what to do."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ..errors import Problem
from ..wording import join_list
from .rules import CellError
from .undoing.rules import UndoPlan

_CELLS = {
    "required": (_("This cell is empty."), _("Enter a value; the column is required.")),
    "formula": (
        _("This cell holds an error or a formula without a result (%(shown)s)."),
        _("Open the file in Excel so that it calculates, save it, or paste the value."),
    ),
    "too_long": (
        _("The text has %(length)d characters; at most %(max)d are allowed."),
        _("Shorten it."),
    ),
    "scientific": (
        _("“%(value)s” is a number in scientific notation: Excel has replaced the digits."),
        _("Format the column as text in Excel, enter the code again, and save the file."),
    ),
    "date_in_identifier": (
        _("This cell is a date (%(value)s): Excel has replaced what was entered."),
        _("Format the column as text in Excel, enter the code again, and save the file."),
    ),
    "digits_lost": (
        _("“%(value)s” has more digits than Excel keeps in a number; the last ones are lost."),
        _("Format the column as text in Excel, enter the code again, and save the file."),
    ),
    "control_character": (_("The text contains a character that cannot be stored."), _("Type it again.")),
    "not_a_number": (_("“%(value)s” is not a number."), _("Use digits and a decimal point.")),
    "ambiguous_number": (
        _("“%(value)s” could mean %(one)s or %(other)s."),
        _("Use a decimal point and no thousands separator, as in 1234.50."),
    ),
    "too_large": (_("The number is too large; at most %(max)s."), _("Check the unit and the decimals.")),
    "too_small": (_("The number is too small; at least %(minimum)s."), _("Correct the number.")),
    "not_above": (_("The number must be more than %(above)s."), _("Correct the number.")),
    "too_many_decimals": (_("At most %(places)d decimal places are kept."), _("Round the number yourself.")),
    "not_whole": (
        _("“%(value)s” is not a whole number."),
        _("Round it, or check whether the column is the right one."),
    ),
    "not_a_share": (_("“%(value)s” is not a rate."), _("Enter 13% or 0.13.")),
    "not_a_date": (_("“%(value)s” is not a date."), _("Use the format 2026-11-22.")),
    "ambiguous_date": (
        _("“%(value)s” is ambiguous: the day or the month could come first."),
        _("Put the year first, as in 2026-11-22."),
    ),
    "not_yes_or_no": (_("“%(value)s” is not recognised."), _("Enter yes or no.")),
    "not_a_choice": (_("“%(value)s” is not recognised."), _("Use one of: %(choices)s.")),
}


def cell_problem(error: CellError, *, line: int, header: str) -> Problem:
    """A cell that cannot be read, as a problem of its row."""
    message, remedy = (error.message, error.remedy) if error.message else _CELLS[error.code]
    return Problem(
        error.code,
        message % error.params,
        field=header,
        line=line,
        remedy=remedy % error.params,
        params=dict(error.params),
    )


def twice(line: int, first: int, header: str) -> Problem:
    return Problem(
        "twice_in_file",
        gettext("This row duplicates line %(first)d.") % {"first": first},
        field=header,
        line=line,
        remedy=gettext("Keep one of the two rows."),
        params={"first": first},
    )


def group_in_error(line: int, first: int, header: str) -> Problem:
    return Problem(
        "other_line_in_error",
        gettext("Line %(first)d of the same document has errors, so the whole document is skipped.")
        % {"first": first},
        field=header,
        line=line,
        remedy=gettext("Correct that line; the whole document is then imported."),
        params={"first": first},
    )


def unknown(line: int, header: str, value: object, what: object) -> Problem:
    """A reference to something that does not exist (or that the importer may not see)."""
    return Problem(
        "unknown",
        gettext("“%(value)s” is not a known %(what)s.") % {"value": value, "what": what},
        field=header,
        line=line,
        remedy=gettext("Check the spelling, or create it first."),
        params={"value": str(value)},
    )


def undone(plan: UndoPlan) -> str:
    """What undoing did, for the history and the page."""
    parts = [
        ngettext("%(count)d record removed", "%(count)d records removed", plan.remove)
        % {"count": plan.remove},
        ngettext("%(count)d record restored", "%(count)d records restored", plan.restore)
        % {"count": plan.restore},
        ngettext("%(count)d record added again", "%(count)d records added again", plan.recreate)
        % {"count": plan.recreate},
    ]
    numbers = (plan.remove, plan.restore, plan.recreate)
    return join_list(part for part, number in zip(parts, numbers, strict=True) if number)
