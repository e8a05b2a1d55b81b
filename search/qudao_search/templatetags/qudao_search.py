"""Shows a hit the way its own plugin shows it."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from ..api import Hit

register = template.Library()
PLAIN = "qudao_search/_hit.html"


@register.simple_tag(takes_context=True)
def show_hit(context: Context, hit: Hit) -> SafeString:
    """The hit's own template with its own context, inside the page's; else the plain card."""
    shown = context.template.engine.get_template(hit.template or PLAIN)  # type: ignore[union-attr]
    label = (context.get("labels") or {}).get(hit.kind, "")
    with context.push(**hit.context, hit=hit, kind_label=label):
        return shown.render(context)
