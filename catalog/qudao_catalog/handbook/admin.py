"""Translations in Wagtail's admin: which are behind their originals, what changed, and that they say the same again."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from qudao_core.backoffice import allow_only
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.models import Locale
from wagtail.permission_policies.pages import PagePermissionPolicy

from .models import Translation
from .services import mark_up_to_date, outdated_translations

NAMESPACE = "qudao_handbook_translations"
allow_only(Translation)


class TranslationFilterSet(WagtailFilterSet):  # type: ignore[misc]
    state = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[("behind", _("The original has changed")), ("fresh", _("Up to date"))],
        method="filter_state",
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=lambda: _languages(), field_name="page__locale__language_code"
    )

    class Meta:
        model = Translation
        fields: list[str] = []

    def filter_state(self, rows: QuerySet[Translation], name: str, value: str) -> QuerySet[Translation]:
        late = outdated_translations(rows)
        return late if value == "behind" else rows.exclude(pk__in=late.values("pk"))


def _languages() -> list[tuple[str, str]]:
    return [(each.language_code, each.get_display_name()) for each in Locale.objects.all()]


class TranslationIndexView(generic.IndexView):  # type: ignore[misc]
    page_title = _("Handbook translations")

    def get_base_queryset(self) -> QuerySet[Translation]:
        """Translations of pages the person may edit; those whose original has changed stand first."""
        may_edit = PagePermissionPolicy().instances_user_has_permission_for(self.request.user, "change")
        rows = Translation.objects.filter(page__in=may_edit.values("pk"))
        rows = rows.select_related("page__locale", "original__locale")
        return rows.order_by("-original__last_published_at", "pk")

    def get_list_buttons(self, instance: Translation) -> list[Button]:
        if not is_behind(instance):
            return []
        url = reverse(f"{NAMESPACE}:follow", args=(instance.pk,))
        return [Button(label=gettext("Bring up to date"), url=url, icon_name="check", priority=10)]


class FollowView(WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """What changed in the original since the translation followed it, and the button that says it follows again."""

    template_name = "qudao_catalog/admin/handbook/follow.html"
    page_title = _("Bring a translation up to date")
    header_icon = "history"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Translation.objects.select_related("page__locale", "original__locale", "revision")
        self.row = get_object_or_404(rows, pk=kwargs["pk"])
        if not self.row.page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_page_subtitle(self) -> str:
        return str(self.row.page)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(f"{NAMESPACE}:index"), "label": TranslationIndexView.page_title}
        return [*super().get_breadcrumbs_items(), index, {"url": "", "label": str(self.row.page)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        edit = reverse("wagtailadmin_pages:edit", args=(self.row.pk,))
        return context | {"row": self.row, "edit_url": edit, "compare_url": _compare_url(self.row)}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mark_up_to_date(page=self.row.page, actor=request.user)
        messages.success(
            request,
            gettext("“%(page)s” is marked as up to date with its original.") % {"page": self.row.page},
        )
        return redirect(f"{NAMESPACE}:index")


def is_behind(row: Translation) -> bool:
    """Whether the original was published after the text the translation follows."""
    published = row.original.last_published_at
    return bool(
        row.original.live and published and (row.published_at is None or published > row.published_at)
    )


def _compare_url(row: Translation) -> str:
    """Wagtail's comparison of the original then and now."""
    if row.revision_id is None:
        return ""
    return reverse("wagtailadmin_pages:revisions_compare", args=(row.original_id, row.revision_id, "live"))


def header_buttons(page: Any, user: Any) -> list[Button]:
    """For the editor of a translation that is behind: the way to what changed."""
    rows = Translation.objects.filter(pk=page.pk).select_related("original")
    row = rows.first()
    if row is None or not is_behind(row) or not page.permissions_for_user(user).can_edit():
        return []
    url = reverse(f"{NAMESPACE}:follow", args=(page.pk,))
    return [Button(label=gettext("The original has changed"), url=url, icon_name="history", priority=5)]


class TranslationViewSet(ModelViewSet):  # type: ignore[misc]
    model = Translation
    name = NAMESPACE
    url_prefix = "handbook-translations"
    icon = "globe"
    menu_label = _("Handbook translations")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = TranslationIndexView
    filterset_class = TranslationFilterSet
    search_backend_name = None
    search_fields = ["page__title", "original__title"]
    list_per_page = 50
    form_fields = ["revision"]
    list_display = [
        TitleColumn(
            "page",
            label=_("Translation"),
            get_url=lambda row: reverse("wagtailadmin_pages:edit", args=(row.pk,)),
        ),
        Column("page.locale", label=_("Language")),
        Column("original", label=_("Translated from")),
        DateColumn("published_at", label=_("Follows the text of")),
        DateColumn("original.last_published_at", label=_("Original published")),
        StatusTagColumn(
            "state",
            label=_("Status"),
            accessor=lambda row: _("The original has changed") if is_behind(row) else _("Up to date"),
            primary=lambda row: not is_behind(row),
        ),
    ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**kwargs) | {"filterset_class": self.filterset_class}

    def get_urlpatterns(self) -> list[Any]:
        follow = path("follow/<int:pk>/", FollowView.as_view(), name="follow")
        return [*super().get_urlpatterns(), follow]
