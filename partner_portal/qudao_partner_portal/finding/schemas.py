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
    id = serializers.CharField(help_text=_("The thing's key within its kind."))
    position = serializers.IntegerField(help_text=_("From 1, over all pages."))
    title = serializers.CharField()
    title_highlight = PieceOutput(many=True)
    excerpt = PieceOutput(many=True)
    summary = serializers.CharField()
    url = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField(), help_text=_("Where it stands."))
    code = serializers.CharField(help_text=_("Its part number, if it has one."))
    dated_at = serializers.DateTimeField(allow_null=True)
    item = serializers.DictField(
        help_text=_(
            "What the thing's own endpoint gives in lists: for a product its document with the offer."
        )
    )


class SearchOutput(serializers.Serializer):  # type: ignore[type-arg]
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    kinds = ChoiceOutput(many=True)
    facets = FilterOutput(many=True)
    hits = HitOutput(many=True)
    corrected = serializers.CharField(help_text=_("What was searched for instead; empty: what was asked."))
    did_you_mean = serializers.ListField(child=serializers.CharField())
    partial = serializers.BooleanField(
        help_text=_("No result contains all of the words; these contain some of them.")
    )
    engine = serializers.CharField()
    degraded = serializers.BooleanField(help_text=_("The cluster is away; the embedded index answered."))
    query_id = serializers.IntegerField(allow_null=True, help_text=_("Names the question for clicks."))


class SuggestionOutput(serializers.Serializer):  # type: ignore[type-arg]
    text = serializers.CharField()
    highlight = PieceOutput(many=True)
    kind = serializers.CharField(help_text=_("Empty: a question to ask."))
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
        required=False, max_length=200, help_text=_("Only this one; left out: all of them.")
    )


class ClickInput(serializers.Serializer):  # type: ignore[type-arg]
    query_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = serializers.SlugField(max_length=20)
    id = serializers.CharField(max_length=64, help_text=_("The result's id."))
    position = serializers.IntegerField(min_value=1, max_value=10_000)
