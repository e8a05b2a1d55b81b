"""Names in the OpenAPI document that generated clients turn into functions and types. Plain Python."""

from __future__ import annotations

import re

_VERBS = {"GET": "get", "POST": "create", "PUT": "set", "PATCH": "update", "DELETE": "delete"}
_IRREGULAR = {"people": "person", "addresses": "address", "news": "news"}
#: Endings of our serializer classes that say where a class is used, not what it describes.
_ENDINGS = re.compile(r"(?<=.)(Output|Schema)$")


def operation_id(method: str, path: str, *, is_list: bool) -> str:
    """A verb and what it is done to, as a function would be called.

    >>> operation_id("GET", "/api/v1/orders/{number}/shipments/", is_list=True)
    'list_order_shipments'
    >>> operation_id("PATCH", "/api/v1/companies/{reference}/", is_list=False)
    'update_company'
    """
    parts = [part for part in path.split("/") if part][2:]
    words = []
    for part, after in zip(parts, [*parts[1:], ""], strict=True):
        if not part.startswith("{"):
            word = part.replace("-", "_").replace(".", "_")
            words.append(_singular(word) if after.startswith("{") else word)
    if method == "POST" and words:
        words[-1] = _singular(words[-1])
    return "_".join(["list" if is_list else _VERBS[method], *words])


def _singular(word: str) -> str:
    head, mark, last = word.rpartition("_")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith("ies"):
        last = f"{last[:-3]}y"
    elif last.endswith("s") and not last.endswith("ss"):
        last = last[:-1]
    return f"{head}{mark}{last}"


def schema_name(class_name: str) -> str:
    """What a serializer class is called in the document.

    >>> schema_name("OrderSchema"), schema_name("AddressInputSchema"), schema_name("ProductOutput")
    ('Order', 'AddressInput', 'Product')
    """
    return _ENDINGS.sub("", class_name)


def summary_of(text: str) -> str:
    """The first sentence of a docstring, without its full stop."""
    paragraph = " ".join(text.partition("\n\n")[0].split())
    found = re.match(r".*?[.!?](?=\s|$)", paragraph)
    return (found[0] if found else paragraph).rstrip(".").replace("``", "").replace("`", "")
