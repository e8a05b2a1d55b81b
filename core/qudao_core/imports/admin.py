"""The upload form of one kind: its options and the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from ..audit.queries import history
from ..errors import Forbidden, NotFound, Refusal
from ..requests import get_viewer
from ..viewer import Viewer
from ..wording import join_list, join_sentences
from . import queries, services
from .importer import Importer, Option, make_importer
from .leases import BUSY, is_interrupted
from .mapping.messages import left_out
from .mapping.web import MappingView, SavedMappingListView, SavedMappingView
from .models import ImportJob
from .rest import rejected_response, template_response
from .undoing.queries import can_be_undone
from .undoing.web import UndoView

_PREFIX = "option_"


class UploadForm(forms.Form):
    """Fields made of the importer's options, then the file. What the file holds is checked by the service."""

    def __init__(
        self, importer: Importer, *args: Any, chosen: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        """``chosen``: options by name that are chosen already, from the address of the page."""
        given = {_PREFIX + name: value for name, value in (chosen or {}).items()}
        super().__init__(*args, initial=given, **kwargs)
        self.importer = importer
        for option in importer.options:
            self.fields[_PREFIX + option.name] = _field(option, importer)
        self.fields["file"] = forms.FileField(
            label=_("File"),
            help_text=_("CSV (UTF-8 or GB18030) or Excel (.xlsx), at most 50 MB."),
            widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        )

    @property
    def options(self) -> dict[str, str]:
        return {option.name: self.cleaned_data[_PREFIX + option.name] for option in self.importer.options}

    def show(self, refusal: Refusal) -> None:
        """Put a refusal beside the field it names, with what to do."""
        name = (refusal.problem.field or "").replace("options.", _PREFIX)
        text = join_sentences(refusal.message, refusal.problem.remedy)
        self.add_error(name if name in self.fields else "file", text)


def _field(option: Option, importer: Importer) -> forms.Field:
    shared: dict[str, Any] = {
        "label": option.label,
        "required": option.required,
        "initial": option.default,
        "help_text": option.help,
    }
    if option.choices is None:
        return forms.CharField(max_length=200, **shared)
    choices = list(option.choices(importer.viewer))
    return forms.ChoiceField(choices=choices if option.required else [("", "–"), *choices], **shared)


NAMESPACE = "qudao_imports"


def _url(name: str, *arguments: Any) -> str:
    return reverse(f"{NAMESPACE}:{name}", args=arguments)


def _kind_choices(request: HttpRequest | None) -> list[tuple[str, Any]]:
    return (
        [(importer.kind, importer.label) for importer in queries.kinds(get_viewer(request))]
        if request
        else []
    )


class JobFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=_("What"), choices=[])

    class Meta:
        model = ImportJob
        fields = ["kind", "state"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = _kind_choices(self.request)


class ImportPage:
    """Who looks; a person without any import sees none of these pages."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not queries.kinds(self.viewer):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    @property
    def viewer(self) -> Viewer:
        return get_viewer(self.request)

    @cached_property
    def labels(self) -> dict[str, Any]:
        return {importer.kind: importer.label for importer in queries.kinds(self.viewer)}


class JobIndex(ImportPage, BaseListingView):
    page_title = _("Imports")
    header_icon = "upload"
    index_url_name = f"{NAMESPACE}:index"
    index_results_url_name = f"{NAMESPACE}:index_results"
    default_ordering = "-created_at"
    paginate_by = 30
    filterset_class = JobFilterSet
    is_searchable = True
    search_fields = ["file_name"]
    search_backend_name = None
    verbose_name_plural = _("imports")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("file_name", label=_("File"), get_url=lambda job: _url("job", job.pk)),
            Column("kind", label=_("What"), accessor=lambda job: self.labels.get(job.kind, job.kind)),
            StatusTagColumn(
                "state",
                label=_("Status"),
                accessor="get_state_display",
                primary=lambda job: job.state == ImportJob.State.DONE,
            ),
            NumberColumn("total", label=_("Rows")),
            NumberColumn("rejected_count", label=pgettext_lazy("rows", "Rejected")),
            Column("created_by", label=_("By")),
            DateColumn("created_at", label=_("Uploaded")),
        ]

    def get_base_queryset(self) -> Any:
        return queries.jobs(self.viewer)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(_("Import a file"), url=_url("choose"), icon_name="upload"),
            HeaderButton(_("Saved column mappings"), url=_url("kept"), icon_name="table"),
        ]

    @cached_property
    def no_results_message(self) -> Any:
        return _("No file has been imported yet. Choose “Import a file” to begin.")


class ImportTemplateView(ImportPage, WagtailAdminTemplateMixin, TemplateView):
    header_icon = "upload"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        trail = [*self.breadcrumbs_items, {"url": _url("index"), "label": _("Imports")}]
        return [*trail, {"url": "", "label": self.get_page_title()}]


class ChooseKind(ImportTemplateView):
    """What can be imported, each with its template."""

    page_title = _("Import a file")
    template_name = "qudao_core/admin/imports/choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        importers = [importer(self.viewer) for importer in queries.kinds(self.viewer)]
        return super().get_context_data(importers=importers, **kwargs)


class Upload(ImportTemplateView):
    template_name = "qudao_core/admin/imports/upload.html"

    @cached_property
    def importer(self) -> Importer:
        return _importer(self.kwargs["kind"], self.viewer)

    def get_page_title(self) -> str:
        return str(self.importer.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", UploadForm(self.importer, chosen=self.request.GET.dict()))
        return super().get_context_data(importer=self.importer, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = UploadForm(self.importer, request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                job = services.upload(
                    viewer=self.viewer,
                    kind=self.importer.kind,
                    file=file,
                    name=file.name,
                    options=form.options,
                    ask=True,
                )
            except Refusal as refusal:
                form.show(refusal)
            else:
                return redirect(_url("job", job.pk))
        return self.render_to_response(self.get_context_data(form=form))


class JobPage(ImportTemplateView):
    """Preview, progress and result of one import; applying is a POST to it."""

    template_name = "qudao_core/admin/imports/job.html"

    @cached_property
    def job(self) -> ImportJob:
        return _job(self.kwargs["pk"], self.viewer)

    def get_page_title(self) -> str:
        return self.job.file_name

    def get_page_subtitle(self) -> str:
        return str(self.labels.get(self.job.kind, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = [
            (option.label, option.shown(self.job.options[option.name], self.viewer))
            for option in make_importer(self.job.kind, self.viewer).options
            if self.job.options.get(option.name)
        ]
        again = f"{_url('upload', self.job.kind)}?{urlencode(self.job.options)}"
        left = join_list(left_out(self.job.preview.get("left_out", {}).get("counts", {})))
        extra = {
            "left_out": left,
            "options": options,
            "history": history(self.job, 10),
            "upload_again": again,
            "can_be_undone": can_be_undone(self.job),
            "cannot_undo": make_importer(self.job.kind, self.viewer).cannot_undo,
        }
        return super().get_context_data(**_facts(self.job), **extra, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.job.state == ImportJob.State.UNMAPPED:
            return redirect(_url("mapping", self.job.pk))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self._act(request)
        except Refusal as refusal:
            messages.error(request, join_sentences(refusal.message, refusal.problem.remedy))
        return redirect(_url("job", self.job.pk))

    def _act(self, request: HttpRequest) -> None:
        """What the button pressed asks for."""
        if "discard" in request.POST:
            services.discard(viewer=self.viewer, job=self.job)
        elif "resume" in request.POST:
            services.resume(viewer=self.viewer, job=self.job)
        else:
            services.apply(viewer=self.viewer, job=self.job, skip_rejected="skip_rejected" in request.POST)


class MappingPage(MappingView, ImportTemplateView):
    """What is what in a file: its reading, its columns, and the first twenty rows as they would be."""

    @cached_property
    def job(self) -> ImportJob:  # type: ignore[override]
        return _job(self.kwargs["pk"], self.viewer)


class UndoPage(UndoView, ImportTemplateView):
    """What undoing an import would do, and what stands in the way."""

    @cached_property
    def job(self) -> ImportJob:  # type: ignore[override]
        return _job(self.kwargs["pk"], self.viewer)


class SavedMappingList(SavedMappingListView, ImportTemplateView):
    """The saved column mappings, own and shared."""


class SavedMappingPage(SavedMappingView, ImportTemplateView):
    """One saved column mapping: its name, who uses it, what it reads, the files it has read."""


def job_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The live part of the page while a job is busy; the whole page is loaded again when it is not any
    more.
    """
    job = _job(pk, get_viewer(request))
    if job.state not in BUSY or is_interrupted(job):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "qudao_core/admin/imports/progress.html", _facts(job))


def job_rejected(request: HttpRequest, pk: int) -> HttpResponseBase:
    try:
        return rejected_response(_job(pk, get_viewer(request)))
    except NotFound as refusal:
        raise Http404(str(refusal.message)) from refusal


def template(request: HttpRequest, kind: str) -> HttpResponse:
    return template_response(_importer(kind, get_viewer(request)), request.GET.get("as", "xlsx"))


def _facts(job: ImportJob) -> dict[str, Any]:
    done = services.progress_of(job)
    return {
        "job": job,
        "is_busy": job.state in BUSY and not is_interrupted(job),
        "is_interrupted": is_interrupted(job),
        "done": done,
        "percent": min(100, done * 100 // job.total) if job.total else 0,
        "status_url": _url("status", job.pk),
    }


def _job(pk: int, viewer: Viewer) -> ImportJob:
    try:
        return queries.get_job(viewer, pk)
    except NotFound as refusal:
        raise Http404(str(refusal.message)) from refusal


def _importer(kind: str, viewer: Viewer) -> Importer:
    try:
        return make_importer(kind, viewer)
    except Forbidden as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        raise Http404(str(refusal.message)) from refusal


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(queries.kinds(get_viewer(request)))


class ImportViewSet(ViewSet):
    name = NAMESPACE
    url_prefix = "imports"
    icon = "upload"
    menu_label = _("Imports")
    menu_order = 700

    add_to_admin_menu = True
    menu_item_class = ImportMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", JobIndex.as_view(), name="index"),
            path("results/", JobIndex.as_view(results_only=True), name="index_results"),
            path("new/", ChooseKind.as_view(), name="choose"),
            path("new/<str:kind>/", Upload.as_view(), name="upload"),
            path("new/<str:kind>/template/", template, name="template"),
            path("mappings/", SavedMappingList.as_view(), name="kept"),
            path("mappings/<int:pk>/", SavedMappingPage.as_view(), name="saved_mapping"),
            path("<int:pk>/", JobPage.as_view(), name="job"),
            path("<int:pk>/mapping/", MappingPage.as_view(), name="mapping"),
            path("<int:pk>/undo/", UndoPage.as_view(), name="undo"),
            path("<int:pk>/status/", job_status, name="status"),
            path("<int:pk>/rejected/", job_rejected, name="rejected"),
        ]
