"""What a preview says: whom one looks as, and why something is not there."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from qudao_core.errors import NotFound
from qudao_core.viewer import Viewer
from qudao_core.wording import join_list

from ..audience.queries import audience_labels


def preview_banner(viewer: Viewer, draft: str = "") -> dict[str, str]:
    """What every page of a preview says on top, for the theme's mode band; empty for everybody else.

    A ``draft`` (its address in the editor's frame) is left by choosing another mode there.
    """
    if not viewer.is_preview:
        return {}
    words = {"company": viewer.company_name, "role": viewer.user_name}
    shown = {
        "icon": "eye",
        "text": _("Preview: what %(company)s sees (role: %(role)s). Nothing can be ordered or changed.")
        % words,
        "short": _("As %(company)s · %(role)s") % words,
        "href": choose_company_url(draft),
        "link": _("Choose another company"),
    }
    if not draft:
        shown |= {"action": reverse("portal:preview-end"), "button": _("End preview")}
    return shown


def choose_company_url(back: str = "", company_id: int | None = None) -> str:
    """Where a company is chosen to look as, and then to go ``back``; empty where the back office is not mounted."""
    query = {"next": back, "company": company_id}
    given = {name: value for name, value in query.items() if value}
    try:
        address = reverse("qudao_preview")
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(given)}" if given else address


def not_visible(viewer: Viewer, keys: Iterable[str], *, code: str) -> NotFound:
    """Why a thing for ``keys`` is not there for the company that is looked as."""
    names = join_list(audience_labels(sorted(keys), viewer.language).values())
    message = _("Not visible to %(company)s: the audience is %(audiences)s.")
    return NotFound(code, message % {"company": viewer.company_name, "audiences": names or "–"})


def not_admitted(viewer: Viewer, *, code: str) -> NotFound:
    """The audience is right, but the page (or the collection) is restricted to people of a group."""
    message = _("Not visible to %(company)s: it is restricted to groups of the back office.")
    return NotFound(code, message % {"company": viewer.company_name})
