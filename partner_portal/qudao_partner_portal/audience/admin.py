"""Choosing audience keys in Wagtail's admin: type a name, get the key."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access

from .queries import audience_choices, audience_labels, unknown_keys

MAX_KEYS = 500


class AudienceKeyWidget(forms.TextInput):
    """A text field that offers keys by name while one types; without JavaScript the key is typed."""

    template_name = "qudao_partner_portal/admin/audience_key.html"

    class Media:
        js = ["qudao_partner_portal/audience-key.js"]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["search_url"] = reverse_lazy("qudao_audience_keys")
        context["labels"] = _labels([value]) if value else []
        return context


class AudienceKeysWidget(forms.Textarea):
    """Many keys, one on each line, with a search field that adds to them."""

    template_name = "qudao_partner_portal/admin/audience_keys.html"

    class Media:
        js = ["qudao_partner_portal/audience-key.js"]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {"rows": 4, **(attrs or {})})
        context["search_url"] = reverse_lazy("qudao_audience_keys")
        context["labels"] = _labels(self.format_value(value).split())
        return context

    def format_value(self, value: Any) -> str:
        return "\n".join(value) if isinstance(value, list | tuple) else (value or "")


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

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        keys = list(dict.fromkeys(super().clean(value).split()))
        if len(keys) > MAX_KEYS:
            raise ValidationError(_("At most %(max)s audiences.") % {"max": MAX_KEYS}, code="too_many")
        _refuse_unknown(keys)
        return keys


@require_admin_access
def search(request: HttpRequest) -> JsonResponse:
    """Keys and names that match ``q``, for the widgets."""
    found = audience_choices(request.GET.get("q", "")[:80], get_language() or "en")
    return JsonResponse({"results": [{"key": key, "label": label} for key, label in found]})


def _labels(keys: list[str]) -> list[tuple[str, str]]:
    return list(audience_labels(keys, get_language() or "en").items())


def _refuse_unknown(keys: list[str]) -> None:
    unknown = unknown_keys(keys)
    if unknown:
        names = ", ".join(unknown[:10])
        raise ValidationError(_("There is no audience %(keys)s.") % {"keys": names}, code="unknown_audience")
