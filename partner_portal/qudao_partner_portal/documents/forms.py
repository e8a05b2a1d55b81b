"""The document's form in Wagtail's admin: whom the document is for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from qudao_core.viewers import viewer_for
from wagtail.documents.forms import BaseDocumentForm

from ..audience.admin import PeopleKeysField
from .services import audience_of, set_audience


class DocumentForm(BaseDocumentForm):  # type: ignore[misc]
    """Named by ``WAGTAILDOCS_DOCUMENT_FORM_BASE``. Where a form does not show the audience it stays as it is."""

    audience_keys = PeopleKeysField(
        label=_("Audience"),
        required=False,
        help_text=_(
            "Empty: everyone who can see the products and pages it is attached to can open the "
            "document; attached to nothing, it does not appear in search, and anyone who has its URL can open it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        if self.instance.pk and "audience_keys" in self.fields:
            self.initial["audience_keys"] = audience_of(self.instance)

    def save(self, commit: bool = True) -> Any:
        document = super().save(commit=commit)
        if commit and self.add_prefix("audience_keys") in self.data:
            keys = self.cleaned_data["audience_keys"]
            set_audience(viewer=viewer_for(self.user), document=document, keys=keys)
        return document
