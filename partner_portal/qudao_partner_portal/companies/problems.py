"""Every complaint about a company's particulars, in words: what is wrong and what to do next."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..errors import Problem

_TEXTS = {
    "required": (_("This field is required."), _("Fill it in.")),
    "too_long": (_("Use at most %(max)s characters."), _("Shorten it.")),
    "control_character": (_("The text contains a character that cannot be stored."), _("Type it again.")),
    "not_a_choice": (_("“%(value)s” is not known here."), _("Use one of: %(choices)s.")),
    "bad_code": (
        _("“%(value)s” cannot be a code."),
        _("Use at most 40 letters, digits, dots, hyphens, slashes and underscores."),
    ),
    "bad_phone": (
        _("“%(value)s” is not a telephone number."),
        _("Write it with its area code, or with + and the country code."),
    ),
    "bad_email": (_("“%(value)s” is not an e-mail address."), _("Write it like name@example.com.")),
    "bad_postcode": (_("“%(value)s” is not a postcode."), _("A Chinese postcode has six digits.")),
    "bad_currency": (_("“%(value)s” is not a currency."), _("Use three letters such as CNY.")),
    "bad_country": (_("“%(value)s” is not a country."), _("Use two letters such as CN.")),
    "bad_tax_number": (
        _("“%(value)s” is not a valid tax number."),
        _("Copy the 18-character unified social credit code from the business licence."),
    ),
    "unknown_tier": (
        _("There is no tier “%(value)s”."),
        _("Use the code of a tier, or make the tier first."),
    ),
    "unknown_territory": (
        _("There is no territory “%(value)s”."),
        _("Use a code such as CN-51 or CN-5101."),
    ),
    "unknown_parent": (
        _("There is no company “%(value)s” to stand below."),
        _("Use the code or external key of the company above, or leave it empty for a root."),
    ),
    "unknown_company": (
        _("There is no company “%(value)s”."),
        _("Use the company's code or its external key."),
    ),
    "ambiguous_reference": (
        _("“%(value)s” names more than one company: %(candidates)s."),
        _("Say which kind of name it is: code: or ext: and the name."),
    ),
    "parent_in_error": (
        _("The company above, “%(value)s”, is in error itself."),
        _("Correct that row first."),
    ),
    "below_itself": (_("A company cannot stand below itself."), _("Choose another company above.")),
    "key_conflict": (
        _("Code and external key belong to two different companies."),
        _("Correct one of the two."),
    ),
    "code_taken": (_("Another company has the code “%(value)s”."), _("Choose another code.")),
    "external_key_taken": (
        _("Another company has the external key “%(value)s”."),
        _("Choose another external key."),
    ),
    "twice": (_("An earlier row names the same record."), _("Keep one of the two rows.")),
    "place_needed": (
        _("Choose a province or city."),
        _("Outside China, enter the state or region instead."),
    ),
    "phone_needed": (_("A phone number is required."), _("The carrier calls it to deliver.")),
}


def problem(code: str, field: str, *, line: int | None = None, **params: Any) -> Problem:
    """A complaint about one field, for one row of a batch when ``line`` is given (counted from 1)."""
    message, remedy = _TEXTS[code]
    words = {name: ", ".join(value) if isinstance(value, list) else value for name, value in params.items()}
    return Problem(
        code,
        message % words if params else message,
        field=field,
        line=line,
        remedy=remedy % words if params else remedy,
        params=params,
    )
