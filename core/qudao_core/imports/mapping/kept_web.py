"""Kept mappings in Wagtail's admin: all of them, and one with its name, who uses it, and the files it has read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...errors import NotFound, Refusal
from ...wording import join_list, join_sentences
from ..importer import make_importer
from ..opening import read_mapping
from .queries import all_kept, files_read_by, get_kept, is_own
from .seen import Seen
from .services import change_kept, forget_mapping

SHOWN = 50


class KeptListView:
    """Mixed into a page that knows ``viewer`` and the ``labels`` of the kinds."""

    template_name = "qudao_core/admin/imports/saved_mappings.html"
    page_title = gettext_lazy("Saved column mappings")
    viewer: Any
    labels: dict[str, Any]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            (kept, self.labels.get(kept.kind, kept.kind), is_own(self.viewer, kept))
            for kept in all_kept(self.viewer)
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
            return get_kept(self.viewer, self.kwargs["pk"])
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
            change_kept(
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
