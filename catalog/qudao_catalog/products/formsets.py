"""Pictures and documents in the form of a product: rows that are added, reordered and removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images.widgets import AdminImageChooser

from . import editing
from .files import Attached, Picture
from .models import ProductDocument

#: What a column of ids holds.
LARGEST = 2**31 - 1


class PictureForm(forms.Form):
    """One picture: the one the product has, or one of the picture library in its place."""

    instance: Any = None
    id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    image_id = forms.IntegerField(
        label=_("Picture"),
        required=False,
        min_value=1,
        max_value=LARGEST,
        widget=AdminImageChooser(),
        help_text=_(
            "Choose a picture of the library or upload one. In place of an existing picture it replaces it."
        ),
    )
    caption = forms.CharField(
        label=_("Caption"), max_length=200, required=False, help_text=_("Empty: the name of the product.")
    )

    def __init__(self, *args: Any, originals: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Id → file of every picture the product has, to show them.
        self.originals = originals

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("id") and not data.get("image_id") and not data.get("DELETE"):
            self.add_error("image_id", _("Choose a picture, or remove the row."))
        return data


class DocumentForm(forms.Form):
    """One document with its kind and language."""

    instance: Any = None
    was = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    document_id = forms.IntegerField(
        label=_("Document"), min_value=1, max_value=LARGEST, widget=AdminDocumentChooser()
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ProductDocument.Kind.choices)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("Any")), *settings.LANGUAGES]  # type: ignore[attr-defined]


Pictures = forms.formset_factory(PictureForm, extra=0, can_order=True, can_delete=True, max_num=100)
Documents = forms.formset_factory(DocumentForm, extra=0, can_order=True, can_delete=True, max_num=100)
CLASSES = {editing.PICTURES: Pictures, editing.DOCUMENTS: Documents}


def formsets_of(product: Any, data: Mapping[str, Any] | None) -> dict[str, Any]:
    """The two formsets; one whose fields were not sent stays as it is stored."""
    initial: dict[str, list[dict[str, Any]]] = {name: [] for name in CLASSES}
    if product is not None:
        initial[editing.PICTURES] = [
            {"id": pk, "caption": caption} for pk, caption in editing.pictures_of(product)
        ]
        initial[editing.DOCUMENTS] = [
            {"was": pk, "document_id": pk, "kind": kind, "language": language}
            for pk, kind, language in editing.documents_of(product)
        ]
    options: dict[str, dict[str, Any]] = {
        editing.PICTURES: {"originals": editing.originals_of(product) if product is not None else {}},
        editing.DOCUMENTS: {},
    }
    found = {}
    for name, factory in CLASSES.items():
        sent = data if data is not None and f"{name}-TOTAL_FORMS" in data else None
        found[name] = factory(sent, initial=initial[name], prefix=name, form_kwargs=options[name])
    return found


def entered_pictures(formset: Any) -> tuple[list[Picture], list[int]]:
    """The pictures in their order, and the ids of those that were removed."""
    rows = [(each.get("ORDER") or 0, each) for each in _rows(formset)]
    kept = [each for _place, each in sorted(rows, key=lambda row: row[0]) if not each.get("DELETE")]
    removed = [each["id"] for _place, each in rows if each.get("DELETE") and each.get("id")]
    return [Picture(each.get("id"), each["caption"], each.get("image_id")) for each in kept], removed


def entered_documents(formset: Any) -> tuple[list[Attached], list[int]]:
    """The documents in their order, and the ids of those that were removed."""
    rows = [(each.get("ORDER") or 0, each) for each in _rows(formset)]
    kept = [each for _place, each in sorted(rows, key=lambda row: row[0]) if not each.get("DELETE")]
    documents = [Attached(each["document_id"], each["kind"], each["language"]) for each in kept]
    former = {each.get("was") for _place, each in rows} - {None}
    return documents, sorted(former - {each.document_id for each in documents})


def _rows(formset: Any) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in formset.forms if getattr(form, "cleaned_data", None)]
