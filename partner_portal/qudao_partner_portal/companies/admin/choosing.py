"""Picking a company by name or code in forms of the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from ..models import Company
from ..queries import search_companies


class CompanySearchForm(BaseFilterForm):  # type: ignore[misc]
    q = forms.CharField(label=_("Search term"), required=False)

    def filter(self, objects: Any) -> Any:
        text = self.cleaned_data.get("q", "")
        self.is_searching, self.search_query = bool(text), text
        return search_companies(super().filter(objects), text)


class CompanyChooseView(chooser.ChooseView):  # type: ignore[misc]
    filter_form_class = CompanySearchForm


class CompanyChooseResultsView(chooser.ChooseResultsView):  # type: ignore[misc]
    filter_form_class = CompanySearchForm


class CompanyChooser(ChooserViewSet):  # type: ignore[misc]
    """Lets forms of every plugin pick a company by name or code."""

    model = Company
    icon = "group"
    choose_one_text = _("Choose a company")
    choose_another_text = _("Choose another company")
    choose_view_class = CompanyChooseView
    choose_results_view_class = CompanyChooseResultsView
    ordering = "path"


company_chooser = CompanyChooser("qudao_company_chooser")


class _FoundByName:
    """A list too long to look through: what is chosen by name, the rest found by name (``pickers.js``)."""

    template_name = "qudao_partner_portal/admin/choices.html"
    single = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        return context | {"single": self.single}


class SelectByName(_FoundByName, forms.Select):
    """One of very many."""

    single = True


class SelectManyByName(_FoundByName, forms.SelectMultiple):
    """Some of very many."""
