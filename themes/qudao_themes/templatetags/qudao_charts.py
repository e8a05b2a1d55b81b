"""Charts as SVG made on the server: ``{% load qudao_charts %}``. A page and its PDF show the same picture.

pygal draws; its style and script elements are taken out, so that a strict content security policy holds and
the colours come from the theme (``css/charts.css``), in light and dark.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree

import pygal
from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from pygal.etree import etree as pygal_etree
from pygal.style import Style

from .qudao.figures import number

register = template.Library()

# pygal's finder for its map plugins has no find_spec: Python 3.11 warns at every import. We draw no maps.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

# pygal builds with lxml when some other package brought it; what is cleaned below are the standard library's elements.
pygal_etree.to_etree()

KINDS = {"bar": pygal.Bar, "stacked": pygal.StackedBar, "line": pygal.Line, "rows": pygal.HorizontalBar}
#: Sizes pygal needs to leave room for texts; the same as in charts.css.
STYLE = Style(font_family="sans-serif", label_font_size=12, major_label_font_size=12, legend_font_size=12)


@register.simple_tag
def chart_svg(
    kind: str,
    labels: Sequence[Any],
    series: Iterable[tuple[Any, Sequence[Any]]],
    label: Any = "",
    height: int = 240,
) -> SafeString:
    """A chart as inline SVG. ``kind``: bar, stacked, line, rows. ``series``: pairs of name and values.

    ``label`` says what the picture shows, for those who cannot see it. Give the figures as a table, too.
    """
    several = list(series)
    drawing = KINDS.get(kind, pygal.Bar)(
        **{
            "css": [],
            "js": [],
            "style": STYLE,
            "width": 720,
            "height": int(height),
            "margin": 4,
            "spacing": 12,
        },
        show_legend=len(several) > 1,
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        legend_box_size=10,
        max_scale=5,
        rounded_bars=2,
        show_minor_x_labels=True,
        no_data_text=str(_("No figures yet")),
        value_formatter=lambda value: number(round(value, 2)),
    )
    drawing.x_labels = [str(text) for text in labels]
    for name, values in several:
        drawing.add(str(name), [None if value is None else float(value) for value in values])
    return mark_safe(_cleaned(drawing.render_tree(), str(label)))  # pygal escapes every text it is given


def _cleaned(tree: Any, label: str) -> str:
    root = (
        ElementTree.fromstring(ElementTree.tostring(tree, encoding="unicode"))
        if not _is_etree(tree)
        else tree
    )
    for parent in list(root.iter()):
        parent.attrib.pop("id", None)
        for child in list(parent):
            _clean_child(parent, child)
    for title in [child for child in root if _name(child) == "title"]:
        root.remove(title)
    root.attrib.pop("xmlns", None)
    root.attrib.update({"class": "qd-chart-svg", "role": "img", "aria-label": label or str(_("Chart"))})
    return ElementTree.tostring(root, encoding="unicode")


def _clean_child(parent: Any, child: Any) -> None:
    """Takes out what a strict policy forbids; the value of a bar or dot becomes its native tooltip."""
    kind, classes = _name(child), child.get("class", "").split()
    if kind == "desc" and "value" in classes:
        child.tag = str(child.tag).replace("desc", "title")
        child.attrib.clear()
    elif kind in ("defs", "desc", "style", "script") or "tooltip" in classes:
        parent.remove(child)


def _is_etree(tree: Any) -> bool:
    return isinstance(tree, ElementTree.Element)


def _name(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]
