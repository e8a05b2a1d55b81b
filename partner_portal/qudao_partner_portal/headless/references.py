"""Own keys beside ids: ``/orders/42`` or ``/orders/ext:SO-1001``, so that an ERP never stores our ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from ..errors import NotFound
from . import rules

EXTERNAL = {"ext": "external_key"}


class ReferenceConverter:
    """``<ref:company>`` in a path: digits, or a kind of key, a colon and the key."""

    regex = r"[0-9]{1,19}|[a-z]{2,12}:[^/]{1,200}"

    def to_python(self, value: str) -> rules.Reference:
        reference = rules.parse_reference(value)
        if reference is None:
            raise ValueError(value)
        return reference

    def to_url(self, value: rules.Reference | int | str) -> str:
        return (
            f"{value.kind}:{value.value}"
            if isinstance(value, rules.Reference) and value.kind != "id"
            else str(value.value if isinstance(value, rules.Reference) else value)
        )


register_converter(ReferenceConverter, "ref")


def reference_filter(reference: rules.Reference, keys: Mapping[str, str] = EXTERNAL) -> dict[str, Any]:
    """The filter of a queryset that finds what `reference` names; `keys` maps kinds of key to fields.

    >>> reference_filter(rules.Reference("ext", "SO-1"))
    {'external_key': 'SO-1'}

    :raises NotFound: the thing has no such kind of key.
    """
    if reference.kind == "id":
        return {"pk": int(reference.value)}
    if reference.kind not in keys:
        raise NotFound(
            "not_found", _("There is no such key. Use an id or one of: %s.") % ", ".join(sorted(keys))
        )
    return {keys[reference.kind]: reference.value}
