"""Every complaint about a company's particulars, in words: what is wrong and what to do next."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Problem
from qudao_core.wording import join_list

_TEXTS = {
    "required": (_("This field is required."), _("Enter a value.")),
    "too_long": (_("Use at most %(max)s characters."), _("Shorten it.")),
    "control_character": (_("The text contains a character that cannot be stored."), _("Type it again.")),
    "not_a_choice": (_("“%(value)s” is not recognised."), _("Use one of: %(choices)s.")),
    "bad_code": (
        _("“%(value)s” cannot be a code."),
        _("Use at most 40 letters, digits, dots, hyphens, slashes and underscores."),
    ),
    "bad_phone": (
        _("“%(value)s” is not a telephone number."),
        _("Enter it with its area code, or with + and the country code."),
    ),
    "bad_email": (_("“%(value)s” is not an e-mail address."), _("Use the format name@example.com.")),
    "bad_postcode": (_("“%(value)s” is not a postcode."), _("A Chinese postcode has six digits.")),
    "bad_currency": (_("“%(value)s” is not a currency."), _("Use three letters such as CNY.")),
    "bad_country": (_("“%(value)s” is not a country."), _("Use two letters such as CN.")),
    "bad_tax_number": (
        _("“%(value)s” is not a valid tax number."),
        _("Copy the 18-character unified social credit code from the business licence."),
    ),
    "unknown_tier": (
        _("There is no tier “%(value)s”."),
        _("Use the code of a tier, or create the tier first."),
    ),
    "unknown_territory": (
        _("There is no territory “%(value)s”."),
        _("Use a code such as CN-51 or CN-5101."),
    ),
    "unknown_parent": (
        _("There is no company “%(value)s” to use as parent company."),
        _("Use the code or external key of the parent company, or leave it empty for the root of a channel."),
    ),
    "unknown_company": (
        _("There is no company “%(value)s”."),
        _("Use the company's code or its external key."),
    ),
    "ambiguous_reference": (
        _("“%(value)s” matches more than one company: %(candidates)s."),
        _("Specify the kind of identifier: code: or ext: followed by the identifier."),
    ),
    "parent_in_error": (
        _("The parent company “%(value)s” has errors itself."),
        _("Correct that row first."),
    ),
    "below_itself": (_("A company cannot be below itself."), _("Choose another parent company.")),
    "key_conflict": (
        _("Code and external key belong to two different companies."),
        _("Correct one of the two."),
    ),
    "code_taken": (_("Another company has the code “%(value)s”."), _("Choose another code.")),
    "external_key_taken": (
        _("Another company has the external key “%(value)s”."),
        _("Choose another external key."),
    ),
    "twice": (_("An earlier row refers to the same record."), _("Keep one of the two rows.")),
    "place_needed": (
        _("Choose a province or city."),
        _("Outside China, enter the state or region instead."),
    ),
    "phone_needed": (_("A phone number is required."), _("The carrier calls it to deliver.")),
}

#: An empty field is asked for, not quoted.
_MISSING = _("This field is required.")


def problem(code: str, field: str, *, line: int | None = None, **params: Any) -> Problem:
    """A complaint about one field, for one row of a batch when ``line`` is given (counted from 1)."""
    message, remedy = _TEXTS[code] if params.get("value") != "" else (_MISSING, _TEXTS[code][1])
    words = {name: join_list(value) if isinstance(value, list) else value for name, value in params.items()}
    return Problem(
        code,
        message % words if params else message,
        field=field,
        line=line,
        remedy=remedy % words if params else remedy,
        params=params,
    )
