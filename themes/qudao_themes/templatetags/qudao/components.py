"""Icons, buttons, badges, and the components that take content of the caller."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

from django import template
from django.template.base import Node, Parser, TextNode, Token
from django.template.library import SimpleNode
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from .render import COMPONENT, render

register = template.Library()
logger = logging.getLogger(__name__)

UNKNOWN_ICON = "circle-dashed"
_LINE_BREAK = re.compile(r"\s*\n\s*")

#: A state is a colour, an icon and a word, always together: key → (icon, word).
STATES: dict[str, tuple[str, Any]] = {
    "ok": ("circle-check", gettext_lazy("OK")),
    "low": ("circle-alert", gettext_lazy("Low")),
    "out": ("circle-x", gettext_lazy("Out of stock")),
    "waiting": ("hourglass", gettext_lazy("Waiting")),
    "progress": ("circle-ellipsis", gettext_lazy("In progress")),
    "moving": ("truck", gettext_lazy("On its way")),
    "late": ("clock-alert", gettext_lazy("Late")),
    "locked": ("lock", gettext_lazy("Locked")),
    "info": ("info", gettext_lazy("Note")),
    "done": ("check-check", gettext_lazy("Complete")),
    "error": ("octagon-alert", gettext_lazy("Problem")),
    "draft": ("pencil-line", gettext_lazy("Draft")),
    "neutral": ("circle-dot", ""),
}


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
    """A Lucide icon, inline. ``label`` only where no word stands beside it; ``size``: sm, lg, xl."""
    return _icon(str(name), str(label or ""), str(size or ""))


_compile_icon = register.tags["icon"]


class DrawnIcon(TextNode):
    """An icon that was drawn when its template was compiled."""


@register.tag("icon")
def icon_or_drawing(parser: Parser, token: Token) -> Node:
    """As :func:`icon`; one whose name and size stand in the template is drawn once, when that is compiled."""
    node = _compile_icon(parser, token)
    if not isinstance(node, SimpleNode) or node.target_var or node.takes_context:
        return node
    given = [*node.args, *node.kwargs.values()]
    if any(each.filters or not isinstance(each.var, str) for each in given):
        return node  # a variable, or a word to be translated
    return DrawnIcon(node.render(template.Context()))


@register.simple_tag
def component(_component: str, _of: Any = None, _names: str = "", **options: Any) -> str:
    """A component by its name, with these options and nothing else of the page.

    ``{% component "stock" product.stock "state quantity label" unit=product.unit %}``: what the words name is taken
    from the object before them, a key or an attribute; what it does not have is empty.
    """
    for name in _names.split():
        try:
            options[name] = _variable(name).resolve({"of": _of})
        except template.VariableDoesNotExist:
            options[name] = ""
    return get_template(COMPONENT.format(_component)).render(options)


@lru_cache(maxsize=512)
def _variable(name: str) -> template.Variable:
    """As ``{{ of.name }}`` in a template: a key, an attribute or the answer of a method."""
    return template.Variable(f"of.{name}")


class TightNode(template.Node):
    """What it holds, as it is: the breaks went when it was compiled."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.render = nodelist.render  # type: ignore[method-assign]


@register.tag
def tight(parser: Parser, token: Token) -> TightNode:
    """Line breaks of the template inside it, with their indentation, are nothing: a sentence may be written over lines.

    For running text, where a break would be seen as a space: between two Chinese sentences, before a full stop.
    Spaces within a line stay, and so do line breaks in what variables and includes bring.
    """
    nodes = parser.parse(("endtight",))
    parser.delete_first_token()
    for node in nodes.get_nodes_by_type(TextNode):
        if not isinstance(node, DrawnIcon):
            node.s = _LINE_BREAK.sub("", node.s)
    return TightNode(nodes)


@register.simple_tag
def button(label: Any, kind: str = "secondary", icon: str = "", **attrs: Any) -> str:
    """A ``<button>``. ``kind``: primary, secondary, quiet, danger. Other arguments become attributes."""
    own = {"label": label, "kind": kind, "icon": icon, "type": attrs.pop("type", "submit")}
    return _with_attributes("button", own, attrs)


@register.simple_tag
def link_button(label: Any, href: str, kind: str = "secondary", icon: str = "", **attrs: Any) -> str:
    """An ``<a>`` that looks like a button. Arguments as :func:`button`."""
    own = {"label": label, "href": href, "kind": kind, "icon": icon}
    return _with_attributes("link_button", own, attrs)


#: Arguments of a button that its template shows by itself.
_OWN = frozenset({"size", "hide_label", "icon_end", "count"})


def _with_attributes(name: str, own: dict[str, Any], attrs: dict[str, Any]) -> str:
    """The component with what its template shows by itself, and ``attrs``: ``hx_post="/x"`` → `` hx-post="/x"``.

    ``True`` gives a bare attribute; ``False``, ``None`` and an empty text none.
    """
    shown = []
    for key, value in attrs.items():
        if key in _OWN:
            own[key] = value
        elif value is True:
            shown.append(format_html(" {}", key.replace("_", "-")))
        elif value not in (None, False, ""):
            shown.append(format_html(' {}="{}"', key.replace("_", "-"), value))
    own["attrs"] = mark_safe("".join(shown))  # every part is escaped
    return get_template(COMPONENT.format(name)).render(own)


@register.simple_tag
def badge(state: str = "neutral", label: Any = "", icon: str = "") -> str:
    """A state: colour, icon and word. Icon and word have defaults per state."""
    return render("badge", state=state, label=label, icon=icon)


@register.filter
def state_icon(state: str) -> str:
    """The icon of a state key."""
    return STATES.get(str(state), STATES["neutral"])[0]


@register.filter
def state_word(state: str) -> str:
    """The default word of a state key, in the language of the request."""
    return str(STATES.get(str(state), STATES["neutral"])[1])


@register.simple_block_tag
def panel(content: SafeString, title: Any = "", icon: str = "", id: str = "", **options: Any) -> str:
    """A bordered surface. ``href``, ``link``: in the head; ``flush=True`` for tables; ``level``: 2, 3."""
    return render("panel", content=content, title=title, icon=icon, id=id, **options)


@register.simple_block_tag
def notice(content: SafeString, kind: str = "info", title: Any = "", **options: Any) -> str:
    """A message in the page. ``kind``: info, success, warn, error, locked; ``remedy``, ``remedy_url``."""
    return render("notice", content=content, kind=kind, title=title, **options)


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: Any = "", **options: Any) -> str:
    """A modal ``<dialog>``; ``data-qd-open="<id>"`` opens it. ``kind="sheet"`` comes from the edge."""
    return render("dialog", content=content, id=id, title=title, **options)


@register.simple_block_tag
def menu(content: SafeString, label: Any, icon: str = "", **options: Any) -> str:
    """A drop-down (``<details>``) with links and buttons. ``align="end"``; ``kind`` as for buttons."""
    return render("menu", content=content, label=label, icon=icon, **options)


@register.simple_block_tag
def table(content: SafeString, caption: Any = "", **options: Any) -> str:
    """Wraps ``<thead>…<tbody>…``. ``cards=True`` (default) turns rows into cards where there is no room.

    ``lines=True``: lines of a cart, an order or an approval, which take two rows with a picture on a phone. Cells
    are named ``qd-line-picture``, ``-name``, ``-state``, ``-price``, ``-quantity``, ``-amount``, ``-actions`` and
    ``-fact``.
    """
    return render(
        "table_frame", content=content, caption=caption, cards=options.pop("cards", True), **options
    )


@register.simple_block_tag
def select_bar(content: SafeString, **options: Any) -> str:
    """Actions on the rows selected in the ``data-qd-select`` scope; shown while something is selected."""
    return render("select_bar", content=content, **options)
