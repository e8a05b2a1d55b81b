"""The upload form of one kind: its options and the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..errors import Refusal
from ..wording import join_sentences
from .importer import Importer, Option

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
