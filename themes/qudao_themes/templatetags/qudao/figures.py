"""Amounts, numbers, shares and dates as the reader reads them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from .render import render

register = template.Library()

#: Signs before an amount; any other currency shows its ISO code.
CURRENCY_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥", "TWD": "NT$"}
MINUS = "\u2212"


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None


def _signed(number: Decimal, places: int) -> str:
    return f"{number:,.{places}f}".replace("-", MINUS)


@register.filter
def money(value: Any, currency: Any = "") -> str:
    """``1234.5`` → ``1,234.50``. Two places, thousands separated, a true minus sign. Nothing → a dash.

    In a sentence, where no column head names the currency: ``{{ 1234.5|money:"CNY" }}`` → ``¥1,234.50``.
    """
    number = value if isinstance(value, Decimal) else _decimal(value)
    return "–" if number is None else currency_sign(currency) + _signed(number, 2)


@register.filter
def unit_price(value: Any, currency: Any = "") -> str:
    """As :func:`money`, with the third and fourth place where they say something: ``0.1250`` → ``0.125``."""
    number = value if isinstance(value, Decimal) else _decimal(value)
    if number is None:
        return "–"
    whole, _dot, places = f"{number:,.4f}".replace("-", MINUS).partition(".")
    sign = CURRENCY_SIGNS.get(str(currency), str(currency)) if currency else ""
    return f"{sign}{whole}.{places[:2]}{places[2:].rstrip('0')}"


@register.filter
def number(value: Any) -> str:
    """``12000.500`` → ``12,000.5``: thousands separated, no idle zeros."""
    if type(value) is int:  # a count
        return f"{value:,}".replace("-", MINUS)
    figure = value if isinstance(value, Decimal) else _decimal(value)
    if figure is None:
        return "–" if value in (None, "") else str(value)
    text = f"{figure:,f}".replace("-", MINUS)
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def quantity(value: Any, unit: Any = "") -> SafeString:
    """``{{ 36|quantity:"件" }}`` → ``36 件`` with a space that never breaks and a quieter unit."""
    if not unit:
        return format_html('<span class="qd-number">{}</span>', number(value))
    return format_html(
        '<span class="qd-number">{}</span>&nbsp;<span class="qd-unit">{}</span>',
        number(value),
        unit_for(unit, value),
    )


@register.filter
def unit_for(unit: Any, value: Any) -> str:
    """The name of a unit as it stands behind ``value``: a name with a ``plural`` shows it for all numbers but 1."""
    plural = getattr(unit, "plural", "")
    if not plural or value in (None, ""):
        return str(plural or unit or "")
    number = value if isinstance(value, Decimal) else _decimal(value)
    return str(unit) if number == 1 else str(plural)


@register.filter
def percent(value: Any, places: int = 0) -> str:
    """A share (``0.125``) → ``13%``, with ``places`` decimals. Half rounds up."""
    share = value if isinstance(value, Decimal) else _decimal(value)
    if share is None:
        return "–"
    rounded = (share * 100).quantize(Decimal(1).scaleb(-int(places)), rounding="ROUND_HALF_UP")
    return f"{_signed(rounded, int(places))}%"


@register.filter
def currency_sign(code: Any) -> str:
    """``CNY`` → ``¥``; a currency without a sign here answers with its code."""
    return CURRENCY_SIGNS.get(str(code), str(code or ""))


@register.filter
def labelled(label: Any, text: Any) -> str:
    """``{{ label|labelled:text }}`` → ``Short: LED``, with the colon of the reader's language."""
    return pgettext("label and text", "%(label)s: %(text)s") % {"label": label, "text": text}


@register.filter
def gap(text: Any) -> str:
    """What stands between a sentence and the next one: nothing behind a Chinese full stop, else a space."""
    return "" if str(text or "").rstrip().endswith(("。", "！", "？", "；", "：")) else " "


@register.simple_tag
def price(amount: Any, currency: Any = "", per: Any = "", size: str = "", kind: str = "amount") -> str:
    """An amount with its currency once. ``kind="unit"`` keeps up to four places; ``per`` names the unit."""
    return render("price", amount=amount, currency=currency, per=per, size=size, kind=kind)


def _local(value: Any) -> Any:
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


def _is_chinese() -> bool:
    return (get_language() or "").lower().startswith("zh")


def _time_element(value: Any, shown: str, title: str = "") -> SafeString:
    hint = format_html(' title="{}"', title) if title else ""
    return format_html('<time datetime="{}"{}>{}</time>', value.isoformat(), hint, shown)


@register.filter
def day(value: Any) -> SafeString | str:
    """A date in the reader's language and the current time zone: ``22 Nov 2026``, ``2026年11月22日``."""
    if not isinstance(value, dt.date):
        return "–"
    local = _local(value)
    return _time_element(value, date_format(local, "Y年n月j日" if _is_chinese() else "j M Y"))


@register.filter
def day_short(value: Any) -> SafeString | str:
    """A date in tables: the same words as :func:`day`, so that one page has one format."""
    return day(value)


@register.filter
def date_time(value: Any) -> SafeString | str:
    """Date and time of day in the current time zone: ``22 Nov 2026, 14:05``, ``2026年11月22日 14:05``."""
    if not isinstance(value, dt.datetime):
        return day(value)
    return _time_element(
        value, date_format(_local(value), "Y年n月j日 H:i" if _is_chinese() else "j M Y, H:i")
    )


@register.filter
def age(value: Any) -> str:
    """How long since, in days, hours or minutes: ``3 days``, ``3 天``."""
    if not isinstance(value, dt.datetime):
        return "–"
    minutes = max(int((timezone.now() - value).total_seconds() // 60), 1)
    if minutes < 60:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    if minutes < 24 * 60:
        hours = minutes // 60
        return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    days = minutes // (24 * 60)
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


@register.filter
def ago(value: Any) -> SafeString | str:
    """How long ago, largest unit only, with the exact moment as a hint: ``3 days ago``, ``3天前``."""
    if not isinstance(value, dt.datetime):
        return "–"
    now = timezone.now() if timezone.is_aware(value) else dt.datetime.now()
    exact = date_format(_local(value), "Y年n月j日 H:i" if _is_chinese() else "j M Y, H:i")
    if (now - value).total_seconds() < 60:
        return _time_element(value, _("just now"), exact)
    return _time_element(value, _("%(time)s ago") % {"time": timesince(value, now, depth=1)}, exact)
