"""The reader's punctuation where texts are put together: a label and its text, a list of names."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def with_label(label: object, text: object) -> str:
    """``Status: open``, in Chinese ``状态：进行中``."""
    return pgettext("label and text", "%(label)s: %(text)s") % {"label": label, "text": text}


def join_list(items: Iterable[object]) -> str:
    """``Buyer, Finance``, in Chinese ``采购员、财务``."""
    return pgettext("list", ", ").join(map(str, items))


def join_sentences(*texts: object) -> str:
    """Sentences one after the other, each once: what a refusal says is often what its first problem says too.

    >>> join_sentences("Out of stock.", "Out of stock.", None, "Order less."), join_sentences("缺货。", "请减少数量。")
    ('Out of stock. Order less.', '缺货。请减少数量。')
    """
    said = ""
    for text in texts:
        words = str(text).strip() if text else ""
        if words and words not in said:
            said += ("" if not said or said.endswith(("。", "！", "？", "；", "：")) else " ") + words
    return said
