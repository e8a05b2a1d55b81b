"""Whom pages are meant for: audience keys along the page tree, and Wagtail's own view restrictions beside them.

A page type that takes part inherits :class:`HasAudience`, puts ``audience_panels`` among its settings panels and is
otherwise a Wagtail page like any other (forms offer the keys by name)::

    class TopicPage(portal.HasAudience, Page):
        settings_panels = [*Page.settings_panels, *portal.HasAudience.audience_panels]

A page with keys of its own is for those; one without is for whom the page above it is. A tree in which nobody says
anything is for ``members``. Portal code enforces it for every page Wagtail serves (``before_serve_page``), in search
(policy ``audience``) and wherever :func:`may_open_pages` is asked. Page types with a search source of their own are
named in ``hooks.page_sources``: then the portal keeps their entries in step with audiences, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from qudao_core.viewer import Viewer
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageViewRestriction

from ..access import rules
from ..access.queries import AccessCheck, restriction_tokens
from ..audience.fields import AudienceKeysList
from ..audience.rules import EVERYONE, MEMBERS
from .page_form import PageForm
from .previews import AS_COMPANY, enter_draft

#: Whom a tree is for in which nobody says anything.
DEFAULT = frozenset({MEMBERS})
#: Page types that have no audience are what Wagtail makes of them: open, but for its restrictions.
OPEN = frozenset({EVERYONE})


class HasAudience(models.Model):
    """For page types whose pages are meant for an audience of their own, or for that of the page above."""

    audience_keys = AudienceKeysList(
        _("audience"),
        default=list,
        blank=True,
        help_text=_("One per line. Empty: the same as the parent page. Applies to every language."),
    )

    class Meta:
        abstract = True

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """Wagtail's, and the draft as a member of a company would see it."""
        return [*super().preview_modes, (AS_COMPANY, _("As a company"))]  # type: ignore[misc]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        if mode_name != AS_COMPANY:
            return self.draft_response(request, mode_name)
        return enter_draft(self, request, draft_keys(self)) or self.draft_response(request, "")

    def draft_response(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The draft in one of its other preview modes; what a page type with previews of its own overrides."""
        return super().serve_preview(request, mode_name)  # type: ignore[misc, no-any-return]

    audience_panels = [
        FieldPanel(
            "audience_keys", help_text=_("Empty: the same as the parent page. Applies to every language.")
        )
    ]
    base_form_class = PageForm


def draft_keys(page: Any) -> frozenset[str]:
    """Whom a page is for as it stands in the form: its own audience, or that of the page above."""
    if page.audience_keys:
        return frozenset(page.audience_keys)
    above = page.path[: -Page.steplen] if page.path else ""
    rows = Page.objects.filter(path=above).order_by().values_list("pk", flat=True)
    keys = audience_along_tree(rows)
    return next(iter(keys.values()), None) or DEFAULT


def effective_keys(page_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The audience keys that hold for each page: its own, or those of the nearest page above that has some.

    Pages that do not exist are left out. Two statements.
    """
    return {pk: OPEN if keys is None else keys for pk, keys in audience_along_tree(page_ids).items()}


def audience_along_tree(page_ids: Iterable[int]) -> dict[int, frozenset[str] | None]:
    """The same, with ``None`` for pages in whose line no page type has an audience: they are Wagtail's business."""
    paths = _paths(page_ids)
    own = _own_keys(rules.with_ancestors(paths.values(), Page.steplen))
    return {pk: _keys(path, own) for pk, path in paths.items()}


def page_access_tokens(page_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The tokens that open each page under the search's policy ``audience``: its keys, and Wagtail's restrictions.

    Pages nobody may be shown by a search (behind a password) and pages that do not exist are left out. Five
    statements at most.
    """
    paths = _paths(page_ids)
    above = rules.with_ancestors(paths.values(), Page.steplen)
    own, closed = _own_keys(above), _restrictions(above)
    doors = {}
    for pk, path in paths.items():
        tokens = [closed[each] for each in rules.along(path, Page.steplen) if each in closed]
        if None not in tokens:
            doors[pk] = (_keys(path, own) or OPEN).union(*(each for each in tokens if each))
    return doors


def may_open_pages(viewer: Viewer, page_ids: Iterable[int]) -> set[int]:
    """Those of the pages that audience and restrictions open to the viewer now; live or not is another question.

    Six statements at most. Who edits content and acts for no company may open all but those behind a password.
    """
    doors = page_access_tokens(page_ids)
    is_open = AccessCheck(viewer).is_open
    return {pk for pk, tokens in doors.items() if is_open(tokens)}


def audience_models() -> list[type[models.Model]]:
    """Every page type that takes part."""
    return [model for model in apps.get_models() if issubclass(model, HasAudience)]


def _paths(page_ids: Iterable[int]) -> dict[int, str]:
    rows = Page.objects.filter(pk__in=set(page_ids)).order_by()
    return dict(rows.values_list("pk", "path"))


def _own_keys(paths: set[str]) -> dict[str, frozenset[str]]:
    """Path → own keys, of those of the pages whose type has an audience; one statement for all types."""
    if not paths:
        return {}
    each = [
        model._default_manager.filter(path__in=paths).order_by().values_list("path", "audience_keys")
        for model in audience_models()
    ]
    if not each:
        return {}
    rows = each[0].union(*each[1:], all=True) if len(each) > 1 else each[0]
    return {path: frozenset(keys) for path, keys in rows}


def _keys(path: str, own: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    said = [own[each] for each in rules.along(path, Page.steplen) if each in own]
    return next((keys for keys in reversed(said) if keys), DEFAULT if said else None)


def _restrictions(paths: set[str]) -> dict[str, frozenset[str] | None]:
    """Path → tokens that Wagtail's restrictions of this page ask for; ``None`` behind a password.

    An alias has the restrictions of the page it stands for.
    """
    rows = Page.objects.filter(path__in=paths).order_by()
    source = {
        path: second or first or pk
        for path, pk, first, second in rows.values_list("path", "pk", "alias_of_id", "alias_of__alias_of_id")
    }
    found = PageViewRestriction.objects.filter(page_id__in=set(source.values())).prefetch_related("groups")
    by_page: dict[int, list[PageViewRestriction]] = {}
    for row in found:
        by_page.setdefault(row.page_id, []).append(row)
    return {path: restriction_tokens(by_page[pk]) for path, pk in source.items() if pk in by_page}
