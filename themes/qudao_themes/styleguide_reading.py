"""What the style page's reading page shows: contents, a drawing, steps, questions, a conversation."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _


def reading() -> dict[str, Any]:
    """Invented rows, shaped as the components of reading pages want them."""
    return {
        "contents": _contents(),
        "headings": [
            {"text": _("What is new"), "anchor": "a", "level": 2},
            {"text": _("What to do with old stock"), "anchor": "b", "level": 2},
        ],
        "drawing": _drawing(),
        "instructions": [
            {"title": _("Cut the hole"), "html": mark_safe("<p>75 mm</p>"), "image": None},
            {"title": _("Connect the driver"), "html": "", "image": None},
        ],
        "questions": [
            {"question": _("Do the trims fit both?"), "html": mark_safe("<p>✓</p>"), "anchor": "q1"},
            {"question": _("Which dimmers?"), "html": mark_safe("<p>0–100 %</p>"), "anchor": "q2"},
        ],
    }


def _contents() -> dict[str, Any]:
    def entry(title: str, *children: dict[str, Any], **marks: bool) -> dict[str, Any]:
        return {"title": title, "url": "#", "children": children, **marks}

    return entry(
        _("Light handbook"),
        entry(
            _("Mounting"),
            entry(_("New downlights: what changes for your shop"), current=True, inside=True),
            entry(_("Track rails"), changed=True),
            entry(_("Warranty"), untranslated=True),
            inside=True,
        ),
        entry(_("Selling")),
        inside=True,
    )


def _drawing() -> dict[str, Any]:
    picture = static("qudao_themes/brands/lanhe/logo.svg")
    size = {"width": 320, "height": 160, "large_width": 1600, "large_height": 800}
    return {"src": picture, "large": picture, "alt": _("Cut-out of a downlight"), "srcset": "", **size}
