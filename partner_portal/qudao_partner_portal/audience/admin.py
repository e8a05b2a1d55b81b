"""The audience picker of Wagtail's admin: type a name, get the key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from qudao_core.requests import get_viewer
from qudao_core.wording import join_list
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .fields import AudienceKeysList
from .queries import audience_labels, audience_names, audience_offers, unknown_keys
from .reach import audience_reach, reach_in_words, reached_companies, reached_people

MAX_KEYS = 500
SHOWN_KEYS = 3
#: Names that whoever asks whom an audience reaches is shown.
SHOWN_MEMBERS = 20


class _Picker:
    """Keys shown by name, found by name, with a count of whom they reach; without JavaScript a field for keys."""

    template_name = "qudao_partner_portal/admin/audience_picker.html"
    single = False
    of_people = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        keys = str(context["widget"]["value"] or "").split()
        named = audience_names(keys, get_language() or "en")
        search_url = reverse("qudao_audience_keys")
        return context | {
            "search_url": f"{search_url}?people=1" if self.of_people else search_url,
            "reach_url": reverse("qudao_audience_reach"),
            "labels": [(key, label, exists) for key, (label, exists) in named.items()],
            "single": self.single,
        }


class AudienceKeyWidget(_Picker, forms.TextInput):
    """Chooses one audience."""

    single = True


class AudienceKeysWidget(_Picker, forms.Textarea):
    """Chooses any number of audiences; the field holds one key on each line."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 4, **(attrs or {})})

    def format_value(self, value: Any) -> str:
        return "\n".join(value) if isinstance(value, list | tuple) else (value or "")


class PeopleKeysWidget(AudienceKeysWidget):
    """The same for what people read: roles may be chosen, too."""

    of_people = True


class AudienceColumn(Column):
    """Audiences of the rows of a list by name: one statement for each kind of key on the page, not per row.

    ``keys`` gives a row's keys; the first three are shown.
    """

    def __init__(self, name: str, *, keys: Callable[[Any], Sequence[str]], **options: Any) -> None:
        super().__init__(name, **options)
        self.keys = keys

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"value": self._shown(self.keys(instance), self._names(parent_context["table"]))}

    def get_value(self, instance: Any) -> str:
        return ""

    def _names(self, table: Any) -> dict[str, str]:
        names: dict[str, str] | None = getattr(table, "audience_names", None)
        if names is None:
            names = audience_labels(
                {key for row in table.data for key in self.keys(row)}, get_language() or "en"
            )
            table.audience_names = names
        return names

    def _shown(self, keys: Sequence[str], names: dict[str, str]) -> str:
        more = f" +{len(keys) - SHOWN_KEYS}" if len(keys) > SHOWN_KEYS else ""
        return join_list(names[key] for key in keys[:SHOWN_KEYS]) + more


class AudienceTitleColumn(AudienceColumn, TitleColumn):
    """The same as the column that leads to the row."""


class AudienceKeyField(forms.CharField):
    """One audience key that exists."""

    widget = AudienceKeyWidget

    def clean(self, value: Any) -> str:
        key: str = super().clean(value)
        _refuse_unknown([key] if key else [])
        return key


class AudienceKeysField(forms.CharField):
    """Audience keys that exist, as a list without repetition, in the order given."""

    widget = AudienceKeysWidget
    #: Whether roles may be named: for what people read.
    of_people = False

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        keys = list(dict.fromkeys(super().clean(value).split()))
        if len(keys) > MAX_KEYS:
            raise ValidationError(_("At most %(max)s audiences.") % {"max": MAX_KEYS}, code="too_many")
        _refuse_unknown(keys, of_people=self.of_people)
        return keys


class PeopleKeysField(AudienceKeysField):
    """The same for pages and documents, which may also be meant for roles."""

    widget = PeopleKeysWidget
    of_people = True


@require_admin_access
def search(request: HttpRequest) -> JsonResponse:
    """Keys and names that match ``q``, for the picker; with ``people`` also roles."""
    offers = audience_offers(
        request.GET.get("q", "")[:80], get_language() or "en", of_people="people" in request.GET
    )
    rows = [{"key": each.key, "label": each.label, "group": each.group, "name": each.name} for each in offers]
    return JsonResponse({"results": rows})


@require_admin_access
def reach(request: HttpRequest) -> JsonResponse:
    """How many people and companies the audiences ``key`` reach, in words and figures, and what they are called."""
    keys = _asked(request)
    found = audience_reach(keys)
    named = audience_names(keys, get_language() or "en")
    some = found.people or found.companies
    return JsonResponse(
        {
            "companies": found.companies,
            "people": found.people,
            "text": reach_in_words(found),
            "labels": {key: label for key, (label, _exists) in named.items()},
            "gone": [key for key, (_label, exists) in named.items() if not exists],
            "members_url": f"{reverse('qudao_audience_members')}?{urlencode({'key': keys}, True)}"
            if some
            else "",
            "members_text": str(_("Show the first %(count)d") % {"count": SHOWN_MEMBERS}),
        }
    )


@method_decorator(require_admin_access, name="dispatch")
class Members(WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """Whom audiences reach, by name: the first people, or the first companies for those who see no people."""

    page_title = _("Audience")
    header_icon = "group"
    template_name = "qudao_partner_portal/admin/audience_members.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = _asked(self.request)
        viewer = get_viewer(self.request)
        own: dict[str, Any] = {
            "names": list(audience_labels(keys, get_language() or "en").values()),
            "text": reach_in_words(audience_reach(keys)),
            "limit": SHOWN_MEMBERS,
            "companies": reached_companies(keys, SHOWN_MEMBERS),
        }
        if viewer.may("qudao_partner_portal.view_membership"):
            own["people"] = reached_people(keys, SHOWN_MEMBERS)
        return super().get_context_data(**kwargs) | own  # type: ignore[no-any-return]


def _asked(request: HttpRequest) -> list[str]:
    return list(dict.fromkeys(key[:80] for key in request.GET.getlist("key")[:MAX_KEYS]))


def script() -> str:
    """The pickers, for every page of the admin: forms also open in dialogs."""
    return format_html('<script defer src="{}"></script>', static("qudao_partner_portal/pickers.js"))


def _refuse_unknown(keys: list[str], *, of_people: bool = False) -> None:
    unknown = unknown_keys(keys, of_people=of_people)
    if unknown:
        names = join_list(unknown[:10])
        raise ValidationError(_("There is no audience %(keys)s.") % {"keys": names}, code="unknown_audience")


register_form_field_override(AudienceKeysList, override={"form_class": PeopleKeysField})
