"""The shapes of the search endpoints, for reading input and for the API reference."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class PieceOutput(serializers.Serializer):  # type: ignore[type-arg]
    text = serializers.CharField()
    marked = serializers.BooleanField(help_text=_("Whether this is what was searched for."))


class ChoiceOutput(serializers.Serializer):  # type: ignore[type-arg]
    value = serializers.CharField()
    name = serializers.CharField(help_text=_("In the caller's language."))
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


class FilterOutput(serializers.Serializer):  # type: ignore[type-arg]
    key = serializers.CharField()
    parameter = serializers.CharField(help_text=_("Name of the filter in the address."))
    name = serializers.CharField()
    values = ChoiceOutput(many=True)


class HitOutput(serializers.Serializer):  # type: ignore[type-arg]
    kind = serializers.CharField()
    id = serializers.CharField(help_text=_("The item's key within its kind."))
    position = serializers.IntegerField(help_text=_("From 1, over all pages."))
    title = serializers.CharField()
    title_highlight = PieceOutput(many=True)
    excerpt = PieceOutput(many=True)
    summary = serializers.CharField()
    url = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField(), help_text=_("Its position."))
    code = serializers.CharField(help_text=_("Its part number, if it has one."))
    dated_at = serializers.DateTimeField(allow_null=True)
    item = serializers.DictField(
        help_text=_("The same as in the item's own list endpoint; for a product, its data with the offer.")
    )


class SearchOutput(serializers.Serializer):  # type: ignore[type-arg]
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    kinds = ChoiceOutput(many=True)
    facets = FilterOutput(many=True)
    hits = HitOutput(many=True)
    corrected = serializers.CharField(
        help_text=_("What was actually searched for; empty: the query as entered.")
    )
    did_you_mean = serializers.ListField(child=serializers.CharField())
    partial = serializers.BooleanField(
        help_text=_("No result contains all of the words; these contain some of them.")
    )
    engine = serializers.CharField()
    degraded = serializers.BooleanField(
        help_text=_("The search cluster is unavailable; the embedded engine answered.")
    )
    query_id = serializers.IntegerField(
        allow_null=True, help_text=_("Identifies the search when clicks are reported.")
    )


class SuggestionOutput(serializers.Serializer):  # type: ignore[type-arg]
    text = serializers.CharField()
    highlight = PieceOutput(many=True)
    kind = serializers.CharField(help_text=_("Empty: a query to run."))
    url = serializers.CharField()
    code = serializers.CharField()


class SuggestionsOutput(serializers.Serializer):  # type: ignore[type-arg]
    results = SuggestionOutput(many=True)


class SuggestionsInput(serializers.Serializer):  # type: ignore[type-arg]
    q = serializers.CharField(required=False, max_length=200, default="", allow_blank=True)


class RecentOutput(serializers.Serializer):  # type: ignore[type-arg]
    results = serializers.ListField(child=serializers.CharField())


class ForgetInput(serializers.Serializer):  # type: ignore[type-arg]
    text = serializers.CharField(
        required=False, max_length=200, help_text=_("Only this one; if omitted, all of them.")
    )


class ClickInput(serializers.Serializer):  # type: ignore[type-arg]
    query_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = serializers.SlugField(max_length=20)
    id = serializers.CharField(max_length=64, help_text=_("The result's id."))
    position = serializers.IntegerField(min_value=1, max_value=10_000)
