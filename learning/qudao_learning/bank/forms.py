"""Forms of question banks in the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from .models import Bank, Question
from .queries import QuestionFilter
from .services import save_bank

#: So many questions can be retired or restored by one click: what a page of the list holds.
PAGE_SIZE = 50


class BankForm(forms.ModelForm):  # type: ignore[type-arg]
    """A bank's name and description; its code stays what it is."""

    class Meta:
        model = Bank
        fields = ["name", "name_zh", "code", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].max_length = 5000  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["code"].disabled = True

    def save_by(self, viewer: core.Viewer) -> Bank:
        """Save through the service.

        :raises core.Refusal: a rule says no.
        """
        bank = Bank.objects.get(pk=self.instance.pk) if self.instance.pk else None
        return save_bank(actor=viewer, bank=bank, **self.cleaned_data)


class QuestionFilterForm(forms.Form):
    """What narrows the list of questions. What cannot be read narrows nothing."""

    text = forms.CharField(label=_("Text or external key"), required=False, max_length=200)
    topic = forms.CharField(label=_("Topic"), required=False, max_length=300)
    kind = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Any")), *Question.Kind.choices]
    )
    difficulty = forms.ChoiceField(
        label=_("Difficulty"), required=False, choices=[("", _("Any")), *Question.Difficulty.choices]
    )
    language = forms.CharField(label=_("Language"), required=False, max_length=12)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("In use")), ("retired", _("Retired")), ("all", _("All"))],
    )

    def __init__(self, data: Any, *, topics: list[str], languages: list[str]) -> None:
        super().__init__(data)
        self.topics, self.languages = topics, languages
        self.fields["topic"].widget.attrs["list"] = "qd-topics"
        self.fields["language"].widget.attrs["list"] = "qd-languages"

    @property
    def wanted(self) -> QuestionFilter:
        """The filter that the address of the page asks for."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if name != "state"}
        retired = {"": False, "retired": True, "all": None}[self.cleaned_data.get("state", "")]
        return QuestionFilter(**given, retired=retired)
