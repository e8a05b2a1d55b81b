"""Particulars of a company in plain Python: numbers, telephone, postcode, and what an import row says."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: Written in China as 021-12345678-801; the library wants to be told that 801 is an extension.
_EXTENSION = re.compile(r"^(0\d{2,3}[-\s]?\d{7,8})[-\s转#](\d{1,6})$")
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")


@dataclass(frozen=True, slots=True)
class CompanyInput:
    """One company of an ERP or a file. ``None`` leaves what is stored; for a new company it means the default.

    A company is known by ``external_key`` or, without one, by ``code``. ``parent`` is the code or external key
    of the company above, which may stand in the same batch; ``""`` makes it a root. ``tier`` and
    ``territories`` are codes.
    """

    code: str | None = None
    external_key: str | None = None
    name: str | None = None
    short_name: str | None = None
    kind: str | None = None
    status: str | None = None
    parent: str | None = None
    is_seller: bool | None = None
    tier: str | None = None
    territories: tuple[str, ...] | None = None
    currency: str | None = None
    language: str | None = None
    tax_number: str | None = None
    phone: str | None = None
    email: str | None = None
    payment_terms: str | None = None


@dataclass(frozen=True, slots=True)
class AddressInput:
    """One delivery address. ``company`` is the company's code or external key; ``territory`` is a code.

    An address is known by ``external_key`` within its company or, without one, by recipient and street.
    """

    company: str = ""
    external_key: str | None = None
    label: str | None = None
    recipient: str | None = None
    phone: str | None = None
    territory: str | None = None
    region: str | None = None
    street: str | None = None
    postcode: str | None = None
    country: str | None = None
    is_default: bool | None = None


def plain(text: str) -> str:
    """Trim, and turn full-width letters and digits into plain ones.

    >>> plain("　１３８ ００１３ ")
    '138 0013'
    """
    return unicodedata.normalize("NFKC", text).strip()


def tidy_name(text: str) -> str:
    """Trim and join runs of blanks; Chinese punctuation stays as written."""
    return " ".join(text.split())


def is_code(text: str) -> bool:
    """Letters, digits, dot, slash, hyphen and underscore; at most 40; begins with a letter or digit."""
    return bool(_CODE.match(text))


def phone(text: str, country: str, home: str = "") -> str | None:
    """The number, read as people of ``country`` write it and written as people at ``home`` dial it.

    Numbers of other countries than ``home`` (``country`` when empty) begin with +. ``None``: it cannot be one.

    >>> phone("１３８００１３８０００", "CN"), phone("021-12345678-801", "CN"), phone("12", "CN")
    ('138 0013 8000', '021 1234 5678 ext. 801', None)
    """
    import phonenumbers  # noqa: PLC0415 - its tables are only loaded where numbers are read
    from phonenumbers import PhoneNumberFormat  # noqa: PLC0415

    found = _EXTENSION.match(plain(text))
    try:
        number = phonenumbers.parse(f"{found[1]} ext {found[2]}" if found else plain(text), country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    near = phonenumbers.country_code_for_region(home or country) == number.country_code
    form = PhoneNumberFormat.NATIONAL if near else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def tax_number(text: str, country: str) -> str | None:
    """The compact tax number, or ``None`` when its length, letters or check digit are wrong.

    In China it is the 18-character unified social credit code (GB 32100-2015). Where the number's scheme is not
    known, it is accepted as written.

    >>> tax_number("91510100 MA61UJX35K", "CN"), tax_number("91510100MA61UJX35X", "CN")
    ('91510100MA61UJX35K', None)
    """
    from stdnum import get_cc_module  # noqa: PLC0415 - its tables are only loaded where numbers are read
    from stdnum.cn import uscc  # noqa: PLC0415
    from stdnum.exceptions import ValidationError as NumberError  # noqa: PLC0415

    module = uscc if country == "CN" else get_cc_module(country, "vat")
    if module is None:
        return plain(text).upper()[:40]
    try:
        return str(module.validate(plain(text)))
    except NumberError:
        return None


def postcode(text: str, country: str) -> str | None:
    """Six digits in China; elsewhere what is written, up to 12 characters. ``None`` when it cannot be one."""
    compact = plain(text).upper()
    if country == "CN":
        return compact if re.fullmatch(r"\d{6}", compact) else None
    return compact if re.fullmatch(r"[A-Z0-9][A-Z0-9 -]{1,11}", compact) else None
