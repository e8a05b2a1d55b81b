"""Clean what is entered about companies: values, and the problems that are reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Problem
from qudao_core.wording import join_list

from .. import conf
from . import rules
from .models import Address, Company, InvoiceTitle

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


#: A reader gets the text and the whole row, and returns the value or a code of ``problems``.
Reader = Callable[[str, Mapping[str, Any]], tuple[Any, str | None]]


def clean_company(
    values: Mapping[str, Any], *, line: int | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    """The readable values and the complaints about the others. Keys that are missing or ``None`` stay away."""
    return _clean(Company, values, _COMPANY, required=("name", "code", "kind"), line=line)


def clean_address(
    values: Mapping[str, Any], *, line: int | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    return _clean(Address, values, _ADDRESS, required=("recipient", "street"), line=line)


def clean_invoice_title(
    values: Mapping[str, Any], *, line: int | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    return _clean(InvoiceTitle, values, _INVOICE_TITLE, required=("title", "tax_number"), line=line)


def _clean(
    model: type[Model],
    values: Mapping[str, Any],
    readers: Mapping[str, Reader],
    *,
    required: tuple[str, ...],
    line: int | None,
) -> tuple[dict[str, Any], list[Problem]]:
    clean: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in values.items():
        if value is None:
            continue
        if not isinstance(value, str):
            clean[name] = value
            continue
        text = rules.tidy_name(value)
        found, code = _read(model, name, text, values, readers, required)
        if code:
            problems.append(problem(code, name, line=line, **_params(model, name, code, text)))
        else:
            clean[name] = found
    return clean, problems


def _read(
    model: type[Model],
    name: str,
    text: str,
    row: Mapping[str, Any],
    readers: Mapping[str, Reader],
    required: tuple[str, ...],
) -> tuple[Any, str | None]:
    if not text:
        return "", "required" if name in required else None
    if not text.isprintable():
        return text, "control_character"
    found, code = readers[name](text, row) if name in readers else (text, None)
    if not code and isinstance(found, str) and len(found) > _max_length(model, name):
        return found, "too_long"
    return found, code


def _max_length(model: type[Model], name: str) -> int:
    if name in ("tier", "territory", "parent"):
        return 80
    return getattr(model._meta.get_field(name), "max_length", None) or 10_000


def _params(model: type[Model], name: str, code: str, text: str) -> dict[str, Any]:
    if code == "too_long":
        return {"max": _max_length(model, name)}
    if code == "not_a_choice":
        return {"value": text, "choices": ", ".join(_choices(name))}
    return {} if code in ("required", "control_character") else {"value": text[:80]}


def _choices(name: str) -> list[str]:
    if name == "language":
        return [code for code, _label in settings.LANGUAGES]
    return [str(value) for value in (Company.Kind.values if name == "kind" else Company.Status.values)]


def _choice(name: str) -> Reader:
    def read(text: str, row: Mapping[str, Any]) -> tuple[Any, str | None]:
        return text.lower(), None if text.lower() in _choices(name) else "not_a_choice"

    return read


def _code(text: str, row: Mapping[str, Any]) -> tuple[Any, str | None]:
    compact = rules.plain(text)
    return compact, None if rules.is_code(compact) else "bad_code"


def _phone(text: str, row: Mapping[str, Any]) -> tuple[Any, str | None]:
    found = rules.phone(text, _country(row), conf.country())
    return found, None if found else "bad_phone"


def _email(text: str, row: Mapping[str, Any]) -> tuple[Any, str | None]:
    try:
        validate_email(text)
    except ValidationError:
        return text, "bad_email"
    return text, None


def _tax_number(text: str, row: Mapping[str, Any]) -> tuple[Any, str | None]:
    found = rules.tax_number(text, conf.country())
    return found, None if found else "bad_tax_number"


def _company_tax_number(text: str, row: Mapping[str, Any]) -> tuple[Any, str | None]:
    """A channel has foreign companies too: only what looks like a Chinese number is held to its check digit."""
    compact = rules.plain(text).upper().replace(" ", "")
    return _tax_number(text, row) if len(compact) == 18 else (rules.plain(text), None)


def _postcode(text: str, row: Mapping[str, Any]) -> tuple[Any, str | None]:
    found = rules.postcode(text, _country(row))
    return found, None if found else "bad_postcode"


def _letters(length: int, code: str) -> Reader:
    def read(text: str, row: Mapping[str, Any]) -> tuple[Any, str | None]:
        compact = rules.plain(text).upper()
        return compact, None if re.fullmatch(rf"[A-Z]{{{length}}}", compact) else code

    return read


def _account(text: str, row: Mapping[str, Any]) -> tuple[Any, str | None]:
    return rules.plain(text), None


def _country(row: Mapping[str, Any]) -> str:
    given = rules.plain(str(row.get("country") or "")).upper()
    return given if len(given) == 2 else conf.country()


_COMPANY: dict[str, Reader] = {
    "code": _code,
    "kind": _choice("kind"),
    "status": _choice("status"),
    "language": _choice("language"),
    "currency": _letters(3, "bad_currency"),
    "tax_number": _company_tax_number,
    "phone": _phone,
    "email": _email,
    "external_key": _account,
}

_ADDRESS: dict[str, Reader] = {
    "phone": _phone,
    "postcode": _postcode,
    "country": _letters(2, "bad_country"),
    "external_key": _account,
}

_INVOICE_TITLE: dict[str, Reader] = {"tax_number": _tax_number, "phone": _phone, "bank_account": _account}
