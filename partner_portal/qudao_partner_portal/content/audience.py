"""The form of a page in Wagtail's admin: a draft is always kept, and a schedule that is over is explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Forbidden
from qudao_core.pages import refusal_page
from qudao_core.requests import get_viewer, set_viewer
from qudao_core.viewer import Viewer
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageViewRestriction

from ..access import rules
from ..access.queries import AccessCheck, restriction_tokens
from ..audience.fields import AudienceKeysList
from ..audience.rules import EVERYONE, MEMBERS
from ..previewing.labels import choose_company_url, not_visible
from ..previewing.queries import may_preview
from ..previewing.requests import preview_of


class PageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """Dates of the schedule stand in a dialog that is closed while one writes: what is wrong with them is also said
    above the page. A draft may have an expiry date that is over, because only publishing acts on it."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Wagtail checks the schedule after every ``clean`` of ours, so its errors are met where they are added."""
        if field not in ("expire_at", "go_live_at"):
            super().add_error(field, error)
            return
        expires = self.cleaned_data.get("expire_at")
        is_over = field == "expire_at" and expires is not None and expires < timezone.now()
        if is_over and self.is_deferred_validation and "go_live_at" not in self.errors:
            return
        super().add_error(field, error)
        if "__all__" not in self.errors:
            super().add_error(None, _over(expires) if is_over else _wrong())


def _over(expires: datetime) -> str:
    day = timezone.localtime(expires).strftime("%Y-%m-%d %H:%M")
    said = gettext(
        "This page expired on %(day)s. To publish it again, choose “Edit schedule” in the panel “Status” and "
        "set a later expiry date, or remove it. You can save a draft meanwhile."
    )
    return said % {"day": day}


def _wrong() -> str:
    return gettext("The schedule is not valid: check the dates under “Edit schedule” in the “Status” panel.")


#: The mode in Wagtail's list of previews.
AS_COMPANY = "as-company"


def enter_draft(page: Any, request: HttpRequest, keys: frozenset[str]) -> HttpResponse | None:
    """Nothing, and the draft may be rendered for the company that was chosen; or what the frame shows instead.

    That is where a company is chosen, or why the draft would not be visible to it.
    """
    if not may_preview(get_viewer(request)):
        message = _("You do not have permission to preview pages as a company.")
        return refusal_page(
            request, Forbidden("permission_required", message, remedy=_("Ask a channel manager."))
        )
    viewer = preview_of(request)
    if viewer is None:
        return redirect(choose_company_url(editor_url(page)))
    set_viewer(request, viewer)
    request.preview_back = editor_url(page)  # type: ignore[attr-defined]
    if not AccessCheck(viewer).is_open(keys):
        response = refusal_page(request, not_visible(viewer, keys, code="page_not_found"))
        response.status_code = HTTPStatus.OK  # the draft was found: this is what its preview shows
        return response
    return None


def editor_url(page: Any) -> str:
    """Where the editor's frame shows this draft as a company sees it."""
    if page.pk:
        address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    else:
        model = page._meta
        kind = (model.app_label, model.model_name, page.get_parent().pk)
        address = reverse("wagtailadmin_pages:preview_on_add", args=kind)
    return f"{address}?mode={AS_COMPANY}&in_preview_panel=true"


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
    found = {}
    for pk, path in paths.items():
        tokens = [closed[each] for each in rules.along(path, Page.steplen) if each in closed]
        if None not in tokens:
            found[pk] = (_keys(path, own) or OPEN).union(*(each for each in tokens if each))
    return found


def may_open_pages(viewer: Viewer, page_ids: Iterable[int]) -> set[int]:
    """Those of the pages that audience and restrictions open to the viewer now; live or not is another question.

    Six statements at most. Who edits content and acts for no company may open all but those behind a password.
    """
    found = page_access_tokens(page_ids)
    is_open = AccessCheck(viewer).is_open
    return {pk for pk, tokens in found.items() if is_open(tokens)}


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
