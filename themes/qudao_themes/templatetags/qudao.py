"""Tags and filters of the theme: ``{% load qudao %}``. Every one is shown on the style page."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from ..brands import get_brand

register = template.Library()
logger = logging.getLogger(__name__)

#: Signs before an amount; any other currency shows its ISO code.
CURRENCY_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥", "TWD": "NT$"}
MINUS = "\u2212"
UNKNOWN_ICON = "circle-dashed"

#: A state is a colour, an icon and a word, always together: key → (icon, word).
STATES: dict[str, tuple[str, Any]] = {
    "ok": ("circle-check", gettext_lazy("In order")),
    "low": ("circle-alert", gettext_lazy("Low")),
    "out": ("circle-x", gettext_lazy("Out of stock")),
    "waiting": ("hourglass", gettext_lazy("Waiting")),
    "moving": ("truck", gettext_lazy("On its way")),
    "late": ("clock-alert", gettext_lazy("Late")),
    "locked": ("lock", gettext_lazy("Locked")),
    "info": ("info", gettext_lazy("Note")),
    "done": ("check-check", gettext_lazy("Complete")),
    "error": ("octagon-alert", gettext_lazy("Problem")),
    "draft": ("pencil-line", gettext_lazy("Draft")),
    "neutral": ("circle-dot", ""),
}


# --- icons and buttons ----------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _icon_svg(name: str) -> str:
    try:
        return lucide(name, size=None)
    except IconDoesNotExist:
        logger.warning("icon %r does not exist in the icon set", name)
        return lucide(UNKNOWN_ICON, size=None)


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, size: str) -> SafeString:
    shape = _icon_svg(name)
    body = shape[shape.index(">") + 1 :]
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    sized = format_html(' data-size="{}"', size) if size else ""
    head = format_html(
        '<svg class="qd-icon" {}{} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round">',
        spoken,
        sized,
    )
    return mark_safe(head + body)  # the body is a file of the icon package, never input


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of the Lucide set as inline SVG. ``label`` only where no word stands beside it; ``size``: sm, lg, xl."""
    return _icon(str(name), str(label or ""), str(size or ""))


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    """``hx_post="/x"`` → `` hx-post="/x"``; ``True`` gives a bare attribute, ``False``, ``None`` and "" give none."""
    shown = [(key.replace("_", "-"), value) for key, value in attrs.items() if value not in (None, False, "")]
    return format_html_join("", " {}", ((_attribute(key, value),) for key, value in shown))


def _attribute(key: str, value: Any) -> SafeString:
    return format_html("{}", key) if value is True else format_html('{}="{}"', key, value)


@register.simple_tag
def button(label: Any, kind: str = "secondary", icon: str = "", **attrs: Any) -> str:
    """A ``<button>``. ``kind``: primary, secondary, quiet, danger. Other arguments become attributes (``hx_post``)."""
    return _render("button", label=label, kind=kind, icon=icon, type=attrs.pop("type", "submit"), **_extra(attrs))


@register.simple_tag
def link_button(label: Any, href: str, kind: str = "secondary", icon: str = "", **attrs: Any) -> str:
    """An ``<a>`` that looks like a button. Arguments as :func:`button`."""
    return _render("link_button", label=label, href=href, kind=kind, icon=icon, **_extra(attrs))


def _extra(attrs: dict[str, Any]) -> dict[str, Any]:
    own = {key: attrs.pop(key) for key in ("size", "hide_label", "icon_end", "count") if key in attrs}
    return {**own, "attrs": _attributes(attrs)}


def _render(component: str, **context: Any) -> str:
    return get_template(f"qudao_themes/components/{component}.html").render(context)


@register.simple_tag
def badge(state: str = "neutral", label: Any = "", icon: str = "") -> str:
    """A state: colour, icon and word. Icon and word have defaults per state."""
    return _render("badge", state=state, label=label, icon=icon)


@register.filter
def state_icon(state: str) -> str:
    """The icon of a state key."""
    return STATES.get(str(state), STATES["neutral"])[0]


@register.filter
def state_word(state: str) -> str:
    """The default word of a state key, in the language of the request."""
    return str(STATES.get(str(state), STATES["neutral"])[1])


# --- blocks: components with content of the caller ------------------------------------------------------------


@register.simple_block_tag
def panel(content: SafeString, title: Any = "", icon: str = "", id: str = "", **options: Any) -> str:
    """A bordered surface. ``href`` and ``link`` show a link in the head; ``flush=True`` for tables; ``level`` 2 or 3."""
    return _render("panel", content=content, title=title, icon=icon, id=id, **options)


@register.simple_block_tag
def notice(content: SafeString, kind: str = "info", title: Any = "", **options: Any) -> str:
    """A message in the page. ``kind``: info, success, warn, error, locked. ``remedy`` and ``remedy_url`` make a link."""
    return _render("notice", content=content, kind=kind, title=title, **options)


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: Any = "", **options: Any) -> str:
    """A modal ``<dialog>``; open it with ``data-qd-open="<id>"`` on a button. ``kind="sheet"`` slides in from the edge."""
    return _render("dialog", content=content, id=id, title=title, **options)


@register.simple_block_tag
def menu(content: SafeString, label: Any, icon: str = "", **options: Any) -> str:
    """A drop-down made of ``<details>``; put links and buttons inside. ``align="end"``, ``kind`` as for buttons."""
    return _render("menu", content=content, label=label, icon=icon, **options)


@register.simple_block_tag
def table(content: SafeString, caption: Any = "", **options: Any) -> str:
    """Wraps ``<thead>…</thead><tbody>…</tbody>``. ``cards=True`` (default) turns rows into cards where it is narrow."""
    return _render("table_frame", content=content, caption=caption, cards=options.pop("cards", True), **options)


@register.simple_block_tag
def select_bar(content: SafeString, **options: Any) -> str:
    """Actions on the rows selected in the same form or ``data-qd-select`` scope; shown while something is selected."""
    return _render("select_bar", content=content, **options)


# --- figures --------------------------------------------------------------------------------------------------


def _decimal(value: Any) -> Decimal | None:
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None


def _signed(number: Decimal, places: int) -> str:
    return f"{number:,.{places}f}".replace("-", MINUS)


@register.filter
def money(value: Any) -> str:
    """``1234.5`` → ``1,234.50``. Two places, thousands separated, a true minus sign. Nothing → a dash."""
    number = _decimal(value)
    return "–" if number is None else _signed(number, 2)


@register.filter
def unit_price(value: Any) -> str:
    """As :func:`money`, with the third and fourth place where they say something: ``0.1250`` → ``0.125``."""
    number = _decimal(value)
    if number is None:
        return "–"
    whole, _dot, places = _signed(number, 4).partition(".")
    return f"{whole}.{places[:2]}{places[2:].rstrip('0')}"


@register.filter
def number(value: Any) -> str:
    """``12000.500`` → ``12,000.5``: thousands separated, no idle zeros."""
    figure = _decimal(value)
    if figure is None:
        return "–" if value in (None, "") else str(value)
    text = f"{figure:,f}".replace("-", MINUS)
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def quantity(value: Any, unit: Any = "") -> SafeString:
    """``{{ 36|quantity:"件" }}`` → ``36 件`` with a space that never breaks and a quieter unit."""
    if not unit:
        return format_html('<span class="qd-number">{}</span>', number(value))
    return format_html('<span class="qd-number">{}</span>&nbsp;<span class="qd-unit">{}</span>', number(value), unit)


@register.filter
def percent(value: Any, places: int = 0) -> str:
    """A share (``0.125``) → ``13%``, with ``places`` decimals. Half rounds up."""
    share = _decimal(value)
    if share is None:
        return "–"
    rounded = (share * 100).quantize(Decimal(1).scaleb(-int(places)), rounding="ROUND_HALF_UP")
    return f"{_signed(rounded, int(places))}%"


@register.filter
def currency_sign(code: Any) -> str:
    """``CNY`` → ``¥``; a currency without a sign here answers with its code."""
    return CURRENCY_SIGNS.get(str(code), str(code or ""))


@register.simple_tag
def price(amount: Any, currency: Any = "", per: Any = "", size: str = "", kind: str = "amount") -> str:
    """An amount with its currency once. ``kind="unit"`` keeps up to four places; ``per`` names the unit."""
    return _render("price", amount=amount, currency=currency, per=per, size=size, kind=kind)


# --- dates ----------------------------------------------------------------------------------------------------


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
    """A date for tables, always ``2026-11-22``."""
    return _time_element(value, _local(value).strftime("%Y-%m-%d")) if isinstance(value, dt.date) else "–"


@register.filter
def date_time(value: Any) -> SafeString | str:
    """Date and time of day in the current time zone: ``22 Nov 2026, 14:05``, ``2026年11月22日 14:05``."""
    if not isinstance(value, dt.datetime):
        return day(value)
    return _time_element(value, date_format(_local(value), "Y年n月j日 H:i" if _is_chinese() else "j M Y, H:i"))


@register.filter
def ago(value: Any) -> SafeString | str:
    """How long ago, largest unit only, with the exact moment as a hint: ``3 days ago``, ``3天前``."""
    if not isinstance(value, dt.datetime):
        return "–"
    now = timezone.now() if timezone.is_aware(value) else dt.datetime.now()
    exact = date_format(_local(value), "Y-m-d H:i")
    if (now - value).total_seconds() < 60:
        return _time_element(value, _("just now"), exact)
    return _time_element(value, _("%(time)s ago") % {"time": timesince(value, now, depth=1)}, exact)


# --- addresses ------------------------------------------------------------------------------------------------

#: Changing a filter starts the list anew.
PAGING = ("page", "cursor")


def _copy(query: Any) -> QueryDict:
    return query.copy() if isinstance(query, QueryDict) else QueryDict(mutable=True)


def _as_query(query: QueryDict) -> str:
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def query_set(query: Any, key: str, value: Any = None) -> str:
    """``request.GET`` with ``key`` set to ``value`` (removed when empty), paging dropped unless it is the key."""
    changed = _copy(query)
    for name in PAGING:
        changed.pop(name, None)
    if value in (None, ""):
        changed.pop(key, None)
    else:
        changed[key] = str(value)
    return _as_query(changed)


@register.simple_tag
def query_toggle(query: Any, key: str, value: Any) -> str:
    """``request.GET`` with ``value`` added to, or taken from, the values of ``key``; paging dropped."""
    changed = _copy(query)
    for name in PAGING:
        changed.pop(name, None)
    values = changed.getlist(key)
    wanted = str(value)
    changed.setlist(key, [v for v in values if v != wanted] if wanted in values else [*values, wanted])
    return _as_query(changed)


@register.filter
def elided_pages(page: Any) -> list[Any]:
    """Page numbers of a Django ``Page`` to show: both ends, the neighbours, and an ellipsis between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


# --- small things templates need ------------------------------------------------------------------------------


@register.filter
def initials(name: Any) -> str:
    """For an avatar: the last two characters of a Han name, the first letters of two words otherwise."""
    text = str(name or "").strip()
    if any("\u4e00" <= char <= "\u9fff" for char in text):
        return text[-2:]
    words = text.replace("@", " ").replace(".", " ").split()
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.filter
def cell(row: Any, key: Any) -> Any:
    """``row[key]`` or ``row.key``: what stands in a column of a generic table."""
    if isinstance(row, Mapping):
        return row.get(key, "")
    return getattr(row, str(key), "")


@register.filter
def is_mapping(value: Any) -> bool:
    """Whether a table cell is a mapping (value, href, sub, badge) and not a plain value."""
    return isinstance(value, Mapping)


@register.filter
def words_of(text: Any) -> list[str]:
    """The words of a text, for short literal lists in templates."""
    return str(text).split()


@register.simple_tag(takes_context=True)
def is_current(context: Context, url: str) -> bool:
    """Whether the page shown lies at ``url`` or below it (the front page only when it is that page)."""
    request = context.get("request")
    if request is None or not url:
        return False
    path = str(url).split("?")[0]
    if path.strip("/") in ("", *_language_prefixes()):
        return bool(request.path == path)
    return bool(request.path == path or request.path.startswith(path if path.endswith("/") else f"{path}/"))


def _language_prefixes() -> tuple[str, str]:
    language = (get_language() or "en").lower()
    return language, language.split("-")[0]


@register.simple_tag(takes_context=True)
def document_brand(context: Context) -> Any:
    """The brand of a document: ``brand`` in its context, or the default one (a job has no request)."""
    return context.get("brand") or get_brand("")


@register.simple_tag
def static_source(path: str) -> SafeString:
    """The text of a static file of ours, for documents (PDF) that cannot fetch it."""
    return _static_text(str(path))


@lru_cache(maxsize=16)
def _static_text(path: str) -> SafeString:
    from django.contrib.staticfiles import finders  # noqa: PLC0415 - staticfiles is optional in a host's workers

    found = finders.find(path)
    if not found:
        logger.warning("static file %r does not exist", path)
        return mark_safe("")
    with open(str(found), encoding="utf-8") as file:
        return mark_safe(file.read())  # our own file, never input
