"""What the search's small writes are given."""

from __future__ import annotations

from django import forms


class ClickForm(forms.Form):
    """A hit that was opened: which, of which question, and where it stood."""

    query_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = forms.SlugField(max_length=20)
    item = forms.CharField(max_length=64)
    position = forms.IntegerField(min_value=1, max_value=10_000)


class ForgetForm(forms.Form):
    """A recent search to forget; without a text, all of them. ``next`` is where the page goes on."""

    text = forms.CharField(max_length=200, required=False)
