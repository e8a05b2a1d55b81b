"""The page "what is what" in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...errors import NotFound, Refusal
from ...wording import join_list, join_sentences
from .. import services
from ..importer import make_importer
from ..models import ImportJob
from ..opening import read_mapping, suggested
from . import messages as words
from .file_contents import Seen
from .forms import MappingForm
from .preview import first_rows
from .queries import every_saved_mapping, files_read_by, get_saved_mapping, is_own, saved_mappings
from .rules import FileMapping, to_json
from .services import change_saved_mapping, forget_mapping, save_mapping
from .understanding import Understanding, understand, with_words

PREVIEW = "qudao_core/admin/imports/mapping_preview.html"


class MappingView:
    """Mixed into a page that knows ``job`` and ``viewer``. Everything chosen is in the form; nothing is kept before
    "Check the file" is pressed.
    """

    template_name = "qudao_core/admin/imports/mapping.html"
    job: ImportJob
    viewer: Any
    request: HttpRequest

    @cached_property
    def importer(self) -> Any:
        return make_importer(self.job.kind, self.viewer, self.job.options)

    def get_page_title(self) -> str:
        return _("Map the columns of %(file)s") % {"file": self.job.file_name}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.job.state not in (ImportJob.State.UNMAPPED, ImportJob.State.CHECKED, ImportJob.State.FAILED):
            return redirect(reverse("qudao_imports:job", args=[self.job.pk]))
        return self._page(self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "discard":
            services.discard(viewer=self.viewer, job=self.job)
            return redirect(reverse("qudao_imports:job", args=[self.job.pk]))
        try:
            form = self._posted()
        except Refusal as refusal:
            return self._page(self._form(), refusal)
        if request.POST.get("action") == "reread" or not form.is_valid():
            return self._unfinished(form)
        if request.POST.get("action") == "apply":
            return self._apply(form)
        if request.headers.get("HX-Request"):
            return render(request, PREVIEW, {"form": form, **self._preview(form.mapping())})
        return self._page(form)

    def _unfinished(self, form: MappingForm) -> HttpResponse:
        live = self.request.headers.get("HX-Request") and self.request.POST.get("action") == "preview"
        return render(self.request, PREVIEW, {"form": form}) if live else self._page(form)

    # --- Steps ---

    def _start(self) -> tuple[Understanding, FileMapping]:
        """What the page begins with: a chosen kept mapping, else the job's own, else what is understood."""
        wanted = self.request.GET.get("from", "")
        kept = (
            saved_mappings(self.viewer, self.job.kind).filter(pk=wanted).first() if wanted.isdigit() else None
        )
        mapping = read_mapping(kept.mapping if kept else self.job.mapping)
        if wanted == "file" or (wanted and kept is None):
            mapping = None
        with self.job.file.open("rb") as file:
            header = mapping.header if mapping and not mapping.is_by_header else None
            seen = understand(self.importer, file, mapping, header=header)
        by_hand = mapping and not mapping.is_by_header and wanted != "file"
        return seen, mapping if mapping and by_hand else suggested(self.importer, seen)

    def _form(self) -> MappingForm:
        try:
            seen, mapping = self._start()
        except Refusal as refusal:
            raise Http404(str(refusal.message)) from refusal
        return MappingForm(self.importer, seen, mapping)

    def _posted(self) -> MappingForm:
        """The form as it was sent; with "read again", one that begins anew from the reading that was chosen."""
        given = self.request.POST
        first, kept = self._start()
        reading = MappingForm(self.importer, first, kept).reading_of(given)
        again = given.get("action") == "reread"
        line = given.get("header", "")
        header = int(line) if line.isdigit() and len(line) < 8 else None
        header = None if again and self._read_otherwise(reading, given) else header
        with self.job.file.open("rb") as file:
            seen = understand(self.importer, file, reading, header=header)
        if again:
            return MappingForm(self.importer, seen, suggested(self.importer, seen))
        form = MappingForm(self.importer, seen, kept if _same(kept, seen) else seen.mapping, given)
        if not form.is_valid():
            return form
        return MappingForm(
            self.importer, seen, with_words(self.importer, seen.columns, form.mapping()), given
        )

    @staticmethod
    def _read_otherwise(reading: FileMapping, given: Any) -> bool:
        """Whether the delimiter, encoding or sheets were changed, so that the header has to be looked for again."""
        was = given.get("was_read", "")
        return bool(was) and was != _signature(reading)

    def _apply(self, form: MappingForm) -> HttpResponse:
        data, given = to_json(form.mapping()), self.request.POST
        try:
            job = services.map_file(viewer=self.viewer, job=self.job, mapping=data)
            if given.get("keep"):
                kept = save_mapping(
                    viewer=self.viewer,
                    kind=job.kind,
                    shape=job.shape,
                    mapping=data,
                    name=given.get("name", "") or job.file_name,
                    is_shared=bool(given.get("is_shared")),
                )
                ImportJob.objects.filter(pk=job.pk).update(saved_mapping=kept)
        except Refusal as refusal:
            return self._page(form, refusal)
        messages.success(self.request, _("The column mapping has been applied."))
        return redirect(reverse("qudao_imports:job", args=[job.pk]))

    def _preview(self, mapping: FileMapping | None) -> dict[str, Any]:
        if mapping is None:
            return {}
        try:
            with self.job.file.open("rb") as file:
                tally = first_rows(self.importer, file, to_json(mapping))
        except Refusal as refusal:
            parts = (refusal.message, refusal.problem.remedy)
            return {"refused": " ".join(str(part) for part in parts if part)}
        counts = tally.left_out.get("counts", {})
        return {"tally": tally, "left_out": join_list(words.left_out(counts))}

    def _page(self, form: MappingForm, refusal: Refusal | None = None) -> HttpResponse:
        mapping = (form.mapping() if form.is_valid() else None) if form.is_bound else form.start
        context = self.get_context_data(  # type: ignore[attr-defined]
            form=form,
            job=self.job,
            importer=self.importer,
            seen=form.seen,
            notes=[words.message_of(note) for note in form.seen.notes],
            kept=saved_mappings(self.viewer, self.job.kind)[:20],
            was_read=_signature(form.start if not form.is_bound else form.reading_of(self.request.POST)),
            refusal=refusal,
            **self._preview(mapping),
        )
        return self.render_to_response(context, status=422 if refusal else 200)  # type: ignore[attr-defined, no-any-return]


def _same(mapping: FileMapping, seen: Understanding) -> bool:
    """Whether a mapping's columns can be those of this reading."""
    numbers = [number for source in mapping.sources for number in source.columns]
    return max(numbers, default=0) <= len(seen.columns)


def _signature(reading: FileMapping) -> str:
    return "/".join([reading.encoding, reading.delimiter, *reading.sheets])


SHOWN = 50


class SavedMappingListView:
    """Mixed into a page that knows ``viewer`` and the ``labels`` of the kinds."""

    template_name = "qudao_core/admin/imports/saved_mappings.html"
    page_title = gettext_lazy("Saved column mappings")
    viewer: Any
    labels: dict[str, Any]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            (kept, self.labels.get(kept.kind, kept.kind), is_own(self.viewer, kept))
            for kept in every_saved_mapping(self.viewer)
        ]
        company = self.viewer.company_name  # whose own ones are, where the viewer acts for one
        return super().get_context_data(rows=rows, company=company, **kwargs)  # type: ignore[misc, no-any-return]


class SavedMappingView:
    """Mixed into a page that knows ``viewer``; saving and deleting are POSTs to it."""

    template_name = "qudao_core/admin/imports/saved_mapping.html"
    viewer: Any
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def kept(self) -> Any:
        try:
            return get_saved_mapping(self.viewer, self.kwargs["pk"])
        except NotFound as refusal:
            raise Http404(str(refusal.message)) from refusal

    def get_page_title(self) -> str:
        return str(self.kept.name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("name", self.kept.name)
        return super().get_context_data(  # type: ignore[misc, no-any-return]
            kept=self.kept,
            is_own=is_own(self.viewer, self.kept),
            fields=self._fields(),
            jobs=files_read_by(self.viewer, self.kept)[:SHOWN],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pk = self.kept.pk
        try:
            if request.POST.get("action") == "delete":
                forget_mapping(viewer=self.viewer, pk=pk)
                messages.success(request, _("The column mapping has been deleted."))
                return redirect(reverse("qudao_imports:kept"))
            given = request.POST
            change_saved_mapping(
                viewer=self.viewer, pk=pk, name=given.get("name", ""), is_shared=bool(given.get("is_shared"))
            )
        except Refusal as refusal:
            if not is_own(self.viewer, self.kept):
                messages.error(request, join_sentences(refusal.message, refusal.problem.remedy))
                return redirect(reverse("qudao_imports:saved_mapping", args=[pk]))
            context = self.get_context_data(refusal=refusal, name=request.POST.get("name", ""))
            return self.render_to_response(context, status=422)  # type: ignore[attr-defined, no-any-return]
        messages.success(request, _("The column mapping has been saved."))
        return redirect(reverse("qudao_imports:saved_mapping", args=[pk]))

    def _fields(self) -> list[tuple[str, str]]:
        """Each field in the reader's language, with the letters of its columns or its one value."""
        importer = make_importer(self.kept.kind, self.viewer)
        mapping = read_mapping(self.kept.mapping)
        if mapping is None:
            return []
        found = [
            (
                importer.header_of(source.field),
                join_list(Seen(number, "").letter for number in source.columns)
                or _("“%(value)s” for all rows") % {"value": source.value},
            )
            for source in mapping.sources
        ]
        spread = join_list(Seen(each.column, "").letter for each in mapping.spread)
        return [*found, (importer.header_of(mapping.spread_field), spread)] if spread else found
