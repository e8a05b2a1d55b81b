"""Bodies of topics as programs write them: plain values in, Wagtail's stream data out, and plain text for the search.

A body is a list of pairs (name of the block, value). Values have the shapes of :mod:`.blocks`; products may be given by
SKU, pictures and documents as objects or ids, lists as plain lists, rows of tables as lists::

    [
        ("heading", "Before you start"),
        ("text", "<p>Switch off the mains.</p>"),
        ("table", {"columns": [("text", "Load"), ("number", "A")], "rows": [["Lamps", 10]]}),
        ("parameters", {"caption": "", "products": ["LH-D09"], "attributes": ["power"]}),
    ]
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from qudao_core import api as core
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.whitelist import Whitelister, allow_without_attributes, attribute_rule, check_url

from ..products.models import ProductProfile
from .choosers import ProductChooserBlock
from .models import TopicPage

Plain = Iterable[tuple[str, Any]]
_IDS = uuid.UUID("5d0f5f0e-6c1b-4f1e-9d5b-8f6f3a1c2b4d")
_KEY = re.compile(r' data-block-key="[^"]*"')
_BLOCK_END = re.compile(r"</(p|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)
#: What a value given as a single thing means.
SHORT = {
    "heading": "text",
    "downloads": "documents",
    "products": "products",
    "faq": "questions",
    "steps": "steps",
}


def stream() -> blocks.StreamBlock:
    """The block that every body is an instance of."""
    field = TopicPage._meta.get_field("body")
    assert isinstance(field, StreamField)
    return field.stream_block


def body_value(body: Plain) -> blocks.StreamValue:
    """Stream data of a body, checked as Wagtail's editor checks it.

    :raises core.Refusal: ``invalid_body``; the message names the block by its number.
    """
    block = stream()
    given = list(body)
    skus = _product_ids(given)
    raw = [_entry(block, number, name, value, skus) for number, (name, value) in enumerate(given, 1)]
    value = block.to_python(raw)
    try:
        return block.clean(value)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise _refusal(_first_number(error), core.join_sentences(*_messages(error))) from error


def raw_of(value: Any) -> list[dict[str, Any]]:
    """The stream data of a page's body: plain dictionaries, nothing loaded."""
    return stream().get_prep_value(value) if value else []


def same(one: Any, other: Any) -> bool:
    """Whether two bodies say the same; the ids of their blocks do not count."""
    return bool(_without_ids(raw_of(one)) == _without_ids(raw_of(other)))


def plain_text(raw: Any) -> str:
    """Every word of stream data in reading order, without markup; a line for each piece."""
    return "\n".join(text for text in (_clean(each) for each in _texts(raw)) if text)


def sanitised(html: str) -> str:
    """Rich text with what editors can write and nothing else, whoever wrote it.

    >>> sanitised("<p onclick='x()'>Hi <b>there</b><script>alert(1)</script> <a href='javascript:x()'>go</a></p>")
    '<p>Hi <b>there</b> <a>go</a></p>'
    >>> sanitised("Just words")
    '<p>Just words</p>'
    """
    kept = _Sanitiser().clean(_SCRIPTS.sub("", str(html or ""))).strip()
    return f"<p>{kept}</p>" if kept and not kept.startswith(("<p", "<ul", "<ol")) else kept


_SCRIPTS = re.compile(r"<(script|style)\b.*?(</\1>|$)", re.IGNORECASE | re.DOTALL)
_PLAIN = ("p", "b", "strong", "i", "em", "ul", "ol", "li", "br")


class _Sanitiser(Whitelister):  # type: ignore[misc]
    element_rules = {
        "[document]": allow_without_attributes,
        **dict.fromkeys(_PLAIN, allow_without_attributes),
        "a": attribute_rule({"href": check_url, "linktype": True, "id": True}),
    }


def _entry(
    block: blocks.StreamBlock, number: int, name: str, value: Any, skus: Mapping[str, int]
) -> dict[str, Any]:
    child = block.child_blocks.get(name)
    if child is None:
        raise _refusal(number, _("There is no block “%(name)s”.") % {"name": name})
    if name in SHORT and not isinstance(value, Mapping):
        value = {SHORT[name]: value}
    if name == "table" and "table" not in value:
        value = {"caption": value.get("caption", ""), "table": value}
    place = f"{number}"
    return {"type": name, "value": _raw(child, value, skus, place, number), "id": _id(place)}


def _raw(block: blocks.Block, value: Any, skus: Mapping[str, int], place: str, number: int) -> Any:
    if isinstance(block, blocks.StructBlock):
        return _struct(block, value, skus, place, number)
    if isinstance(block, blocks.ListBlock):
        items = [
            _raw(block.child_block, each, skus, f"{place}.{at}", number)
            for at, each in enumerate(value or ())
        ]
        return [{"type": "item", "value": item, "id": _id(f"{place}.{at}")} for at, item in enumerate(items)]
    if isinstance(block, ProductChooserBlock):
        return _product_id(value, skus, number)
    if isinstance(block, blocks.ChooserBlock):
        return getattr(value, "pk", value) or None
    if isinstance(block, blocks.RichTextBlock):
        return sanitised(value or "")
    if isinstance(block, TypedTableBlock):
        return _table(value)
    if isinstance(block, blocks.ChoiceBlock):
        return str(value)
    return "" if value is None else value


def _struct(
    block: blocks.StructBlock, value: Any, skus: Mapping[str, int], place: str, number: int
) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _refusal(number, _("Its value must be a mapping."))
    unknown = sorted(set(value) - set(block.child_blocks))
    if unknown:
        raise _refusal(number, _("It has no part “%(name)s”.") % {"name": unknown[0]})
    return {
        name: _raw(child, value.get(name, _default(child)), skus, f"{place}.{name}", number)
        for name, child in block.child_blocks.items()
    }


def _default(block: blocks.Block) -> Any:
    if isinstance(block, blocks.ListBlock | blocks.ChooserBlock | TypedTableBlock):
        return None
    return getattr(block.meta, "default", "") or ""


def _table(value: Any) -> dict[str, Any]:
    """Stream data of a table; columns may be (type, heading) and rows plain lists."""
    columns = [
        each if isinstance(each, Mapping) else {"type": each[0], "heading": each[1]}
        for each in (value or {}).get("columns", ())
    ]
    rows = [
        each["values"] if isinstance(each, Mapping) else list(each) for each in (value or {}).get("rows", ())
    ]
    return {
        "columns": [{"type": each["type"], "heading": str(each["heading"])} for each in columns],
        "rows": [{"values": [_cell(columns, at, cell) for at, cell in enumerate(row)]} for row in rows],
        "caption": "",
    }


def _cell(columns: Sequence[Mapping[str, Any]], at: int, value: Any) -> Any:
    kind = columns[at]["type"] if at < len(columns) else "text"
    if kind == "number":
        return None if value in (None, "") else str(value)
    return "" if value is None else str(value)


def _product_ids(body: Any) -> dict[str, int]:
    """Ids of the products named by SKU anywhere in a body; one statement, none when there are none."""
    wanted = {sku for name, value in body for sku in _skus(value)}
    if not wanted:
        return {}
    return dict(ProductProfile.objects.filter(sku__in=wanted).values_list("sku", "pk"))


def _skus(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from (
                (str(one) for one in each or () if isinstance(one, str))
                if name == "products"
                else _skus(each)
            )
    elif isinstance(value, list | tuple):
        for each in value:
            yield from [each] if isinstance(each, str) else _skus(each)


def _product_id(value: Any, skus: Mapping[str, int], number: int) -> int | None:
    if not isinstance(value, str):
        return getattr(value, "pk", value) or None
    if value not in skus:
        raise _refusal(number, _("There is no product “%(sku)s”.") % {"sku": value})
    return skus[value]


def _refusal(number: int, words: str) -> core.Refusal:
    message = _("Block %(number)d: %(words)s") % {"number": number, "words": words}
    return core.Refusal("invalid_body", message, field="body", params={"block": number}, status=400)


def _first_number(error: Any) -> int:
    return min(getattr(error, "block_errors", None) or {0: None}, default=0) + 1


def _messages(error: Any) -> Iterator[str]:
    """Every message inside a block's error, however deep it stands."""
    inner = getattr(error, "block_errors", None) or getattr(error, "cell_errors", None)
    if inner:
        for each in inner.values() if isinstance(inner, Mapping) else inner:
            yield from _messages(each) if each is not None else ()
    elif isinstance(error, Mapping):
        for each in error.values():
            yield from _messages(each)
    else:
        yield from getattr(error, "messages", [])


def _without_ids(raw: Any) -> Any:
    if isinstance(raw, Mapping):
        return {key: _without_ids(value) for key, value in raw.items() if key != "id"}
    if isinstance(raw, list):
        return [_without_ids(each) for each in raw]
    if isinstance(raw, Decimal):
        return str(raw)
    return _KEY.sub("", raw) if isinstance(raw, str) else raw


def _texts(raw: Any) -> Iterator[str]:
    """Texts of stream data. Ids, levels, codes and addresses are no words."""
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, Mapping):
        for key, value in raw.items():
            if key not in ("id", "type", "level", "attributes", "url"):
                yield from _texts(value)
    elif isinstance(raw, list):
        for each in raw:
            yield from _texts(each)


def _clean(html: str) -> str:
    return unescape(strip_tags(_BLOCK_END.sub("\n", html))).strip()


def _id(place: str) -> str:
    return str(uuid.uuid5(_IDS, place))
