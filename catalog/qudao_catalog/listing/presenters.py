"""A list's filters, chips and sort orders as templates show them; every state is an address."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from qudao_core import api as core

from .. import conf, hooks
from ..products.queries import Terms
from .matching import FacetCount, Facets
from .rules import Listing

#: Parts of the address that a change of filters keeps.
KEPT = ("q", "sort", "view")


def sort_choices(listing: Listing) -> list[tuple[str, str]]:
    choices = [("sku", _("SKU")), ("name", _("Name")), ("new", _("Newest first"))]
    if listing.words:
        choices.insert(0, ("relevance", _("Best match")))
    if hooks.sells():
        choices += [("price", _("Your price, low to high")), ("-price", _("Your price, high to low"))]
    return choices


def facet_groups(
    facets: Facets, listing: Listing, known: Terms, query: QueryDict, language: str, currency: str
) -> list[dict[str, Any]]:
    """The filter panel: line, availability, own price, then attributes.

    A filter that cannot narrow is left out.
    """
    groups = [
        _line_group(facets, listing, known, language),
        _available_group(facets, listing),
        _price_group(facets, query, currency),
        *[_attribute_group(each, listing, query, language) for each in facets.attributes],
    ]
    return [group for group in groups if group]


def _line_group(facets: Facets, listing: Listing, known: Terms, language: str) -> dict[str, Any] | None:
    options = [
        {
            "value": known.lines[pk][0],
            "label": line_name(known, pk, language),
            "count": facets.lines.get(pk, 0),
            "selected": pk in listing.lines,
        }
        for pk in {*facets.lines, *listing.lines}
        if pk in known.lines
    ]
    options.sort(key=lambda option: str(option["label"]).casefold())
    return _group("line", _("Product line"), options)


def _available_group(facets: Facets, listing: Listing) -> dict[str, Any] | None:
    if facets.available is None:
        return None
    option = {
        "value": "1",
        "label": _("In stock"),
        "count": facets.available,
        "selected": listing.available,
    }
    return {"key": "available", "label": _("Availability"), "kind": "check", "options": [option]}


def _price_group(facets: Facets, query: QueryDict, currency: str) -> dict[str, Any] | None:
    if facets.price_span is None and not (query.get("price_min") or query.get("price_max")):
        return None
    low, high = facets.price_span or (None, None)
    return {
        "key": "price",
        "label": _("Your price (%(currency)s)") % {"currency": currency},
        "kind": "range",
        "min": _figure(low),
        "max": _figure(high),
        "min_value": query.get("price_min", ""),
        "max_value": query.get("price_max", ""),
    }


def _attribute_group(
    facet: FacetCount, listing: Listing, query: QueryDict, language: str
) -> dict[str, Any] | None:
    definition = facet.definition
    key = definition.key
    chosen = listing.attributes.get(definition.code)
    if definition.kind == "range":
        if facet.low is None and not chosen:
            return None
        return {
            "key": key,
            "label": definition.name(language),
            "kind": "range",
            "min": _figure(facet.low),
            "max": _figure(facet.high),
            "min_value": query.get(f"{key}_min", ""),
            "max_value": query.get(f"{key}_max", ""),
        }
    options = [
        {
            "value": option.value,
            "label": option.name(language),
            "count": facet.counts.get(option.key, 0),
            "selected": bool(chosen and option.key in chosen.keys),
        }
        for option in definition.options
        if facet.counts.get(option.key) or (chosen and option.key in chosen.keys)
    ]
    return _group(key, definition.name(language), options)


def _group(key: str, label: str, options: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A filter with its values in their own order; beyond the limit only chosen ones are kept."""
    if not options:
        return None
    limit = conf.facet_options()
    if len(options) > limit:
        options = options[:limit] + [option for option in options[limit:] if option["selected"]]
    return {"key": key, "label": label, "kind": "check", "options": options}


def chips(groups: list[dict[str, Any]], listing: Listing, query: QueryDict) -> list[dict[str, str]]:
    """Every filter in use as a chip whose address leaves it out."""
    found = [{"label": f"“{' '.join(listing.words)}”", "href": _without(query, "q")}] if listing.words else []
    for group in groups:
        if group["kind"] == "range":
            found += _range_chips(group, query)
            continue
        for option in group["options"]:
            if option["selected"]:
                href = _without(query, group["key"], option["value"])
                found.append({"label": core.with_label(group["label"], option["label"]), "href": href})
    return found


def _range_chips(group: dict[str, Any], query: QueryDict) -> list[dict[str, str]]:
    marks = (("min", "≥"), ("max", "≤"))
    return [
        {
            "label": f"{group['label']} {mark} {group[f'{bound}_value']}",
            "href": _without(query, f"{group['key']}_{bound}"),
        }
        for bound, mark in marks
        if group[f"{bound}_value"]
    ]


def _without(query: QueryDict, key: str, value: str | None = None) -> str:
    rest = query.copy()
    rest.pop("page", None)
    left = [each for each in rest.getlist(key) if value is not None and each != value]
    if left:
        rest.setlist(key, left)
    else:
        rest.pop(key, None)
    return f"?{rest.urlencode()}" if rest else "?"


def line_name(known: Terms, line_id: int | None, language: str) -> str:
    if line_id not in known.lines:
        return ""
    _code, name, name_zh = known.lines[line_id]
    return name_zh if name_zh and language.startswith("zh") else name


def _figure(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:f}" if not isinstance(value, float) else f"{value:g}"
    return number_format(text.rstrip("0").rstrip(".") if "." in text else text)
