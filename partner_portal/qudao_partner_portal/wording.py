"""The reader's punctuation where texts are put together: a label and its text, a list of names."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def labelled(label: object, text: object) -> str:
    """``Status: open``, in Chinese ``状态：进行中``."""
    return pgettext("label and text", "%(label)s: %(text)s") % {"label": label, "text": text}


def listed(items: Iterable[object]) -> str:
    """``Buyer, Finance``, in Chinese ``采购员、财务``."""
    return pgettext("list", ", ").join(map(str, items))
