"""Synonyms in Wagtail's admin: one set per row, found by any of its words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from qudao_core.edit_conflicts import EditConflictMixin
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from . import services
from .models import SynonymSet
from .rules import Problem, lines
from .services import text_of

ONE_WAY = SynonymSet.Direction.ONE_WAY


class SynonymForm(forms.ModelForm):
    """Words one per line. ``?words=…`` in the address fills them in, as the report of queries without hits does."""

    class Meta:
        model = SynonymSet
        fields = ["direction", "words", "finds", "note", "is_active"]
        widgets = {
            "direction": forms.RadioSelect,
            "words": forms.Textarea(attrs={"rows": 6}),
            "finds": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any) -> None:
        self.for_user = for_user
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """One direction has no second side, the other needs one."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("direction") != ONE_WAY:
            cleaned["finds"] = ""
        elif not lines(cleaned.get("finds", "")):
            self.add_error(
                "finds", ValidationError(text_of(Problem("finds", "finds_missing")), code="finds_missing")
            )
        return cleaned

    def save_by(self, user: Any) -> SynonymSet:
        """:raises ValidationError: the set cannot be kept as it is."""
        cleaned = self.cleaned_data
        return services.save_synonyms(
            words=lines(cleaned["words"]),
            finds=lines(cleaned["finds"]),
            note=cleaned["note"],
            is_active=cleaned["is_active"],
            synonym_id=self.instance.pk,
            user=user,
        )


class ThroughService:
    """For Wagtail's create and edit views: what the service refuses stands beside its field."""

    request: Any
    form: Any

    def save_instance(self) -> SynonymSet:
        return self.form.save_by(self.request.user)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ValidationError as error:
            form.add_error(None, error)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class CreateView(ThroughService, generic.CreateView):
    def get_initial(self) -> dict[str, Any]:
        words = self.request.GET.get("words", "")
        return super().get_initial() | ({"words": words} if words else {})


class CopyView(generic.models.CopyViewMixin, CreateView):
    """Copy a set as the start of another one; the service says which words still stand in the first."""


class EditView(EditConflictMixin, ThroughService, generic.EditView):
    """Change a set through the service."""


class DeleteView(generic.DeleteView):
    def delete_action(self) -> None:
        services.delete_synonyms(synonym_ids=[self.object.pk], user=self.request.user)


def _finds(entry: SynonymSet) -> str:
    return " · ".join(entry.finds.splitlines())


class SynonymViewSet(ModelViewSet):
    model = SynonymSet
    name = "qudao_synonyms"
    url_prefix = "search/synonyms"
    icon = "openquote"
    menu_label = _("Synonyms")
    menu_order = 900
    add_to_settings_menu = True
    add_to_reference_index = False
    search_backend_name = None
    search_fields = ["words", "finds", "note"]
    list_filter = ["direction", "is_active"]
    list_per_page = 50
    list_display = [
        "__str__",
        Column("finds", label=_("What they find"), accessor=_finds),
        Column("note", label=_("Note")),
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
        DateColumn("changed_at", label=_("Changed at"), sort_key="changed_at"),
    ]
    list_export = ["words", "finds", "direction", "is_active", "note"]
    export_filename = "synonyms"
    add_view_class = CreateView
    edit_view_class = EditView
    copy_view_class = CopyView
    delete_view_class = DeleteView

    def get_form_class(self, for_update: bool = False) -> type[SynonymForm]:
        return SynonymForm
