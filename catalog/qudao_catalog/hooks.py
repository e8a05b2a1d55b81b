"""Where ordering and others have a say in the catalogue, and the values they answer with.

The catalogue stands below ordering and works without it: with no offer provider, no price and no stock
is shown.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django import forms
from qudao_core import api as core
from qudao_core.hooks import Registry

from .product_facts import ProductFacts
from .product_index import NO_PRICE, Bitmap, OwnPrices, ProductIndex


@dataclass(frozen=True, slots=True)
class Break:
    """The net price of one unit from ``min_quantity`` units up."""

    min_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class StockView:
    """Stock as one audience may see it.

    ``mode`` is ``exact``, ``banded`` or ``hidden``; ``quantity`` is set in ``exact`` only; ``band`` is
    ``in``, ``low``, ``out``, ``plenty`` or ``unlimited``, and ``None`` when hidden. ``arrivals``:
    (date, quantity or ``None`` where figures are not shown), earliest first. ``backorder``: may be
    ordered beyond the stock.
    """

    mode: str
    quantity: Decimal | None = None
    band: str | None = None
    arrivals: tuple[tuple[date, Decimal | None], ...] = ()
    backorder: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a viewer pays for a product now, what there is of it, and what keeps it from being ordered.

    ``unit_price`` is net, 4 places, in ``currency``, for the smallest quantity that may be ordered;
    ``None`` is "on request" and ``price_note`` says why (``on_request``, ``below_first_break``).
    ``from_quantity`` is where the shown price begins. ``in_cart`` is in the product's units.
    ``last_price`` is what the company last paid for one unit, ``last_ordered_on`` and ``last_order`` when and in which
    order. ``problems`` are ready for the reader.
    """

    product_id: int
    unit_price: Decimal | None = None
    currency: str = ""
    from_quantity: Decimal = Decimal(1)
    breaks: tuple[Break, ...] = ()
    price_note: str | None = None
    last_price: Decimal | None = None
    last_ordered_on: date | None = None
    last_order: str = ""
    stock: StockView | None = None
    in_cart: Decimal = Decimal(0)
    orderable: bool = False
    problems: tuple[core.Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the product page: ``template`` is rendered with the page's context and ``context``."""

    key: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


class OfferProvider(Protocol):
    """Prices and stock for lists.

    Each method costs a constant number of statements, whatever the number of products. What is said about the whole
    catalogue is kept by the provider under the versions of its data and the serial number of ``index``.
    """

    def offers(
        self,
        viewer: core.Viewer,
        product_ids: Sequence[int],
        *,
        facts: Mapping[int, ProductFacts],
        versions: core.Versions | None = None,
    ) -> dict[int, Offer]:
        """One offer per product.

        ``facts`` of every one of them, and the fact versions, have been read already.
        """
        ...

    def data_names(self, viewer: core.Viewer, versions: core.Versions) -> Collection[str]:
        """Names of the data versions (``core.data_versions``) that prices and availability depend on."""
        ...

    def own_prices(
        self, viewer: core.Viewer, index: ProductIndex, versions: core.Versions, data: core.Versions
    ) -> OwnPrices:
        """The viewer's own price of the smallest quantity of every product, or of the first break above it."""
        ...

    def available(
        self, viewer: core.Viewer, index: ProductIndex, versions: core.Versions, data: core.Versions
    ) -> Bitmap | None:
        """What is in stock or made to order; ``None`` when the viewer may not see any stock."""
        ...

    def panels(self, viewer: core.Viewer, product: ProductFacts, offer: Offer | None) -> Iterable[Panel]:
        """Parts of the product page, such as the price panel with "why this price" and the quantity field."""
        ...


class NoOffers:
    """What the catalogue works with when no plugin sells: everything is shown and nothing has a price."""

    def offers(
        self,
        viewer: core.Viewer,
        product_ids: Sequence[int],
        *,
        facts: Mapping[int, ProductFacts],
        versions: core.Versions | None = None,
    ) -> dict[int, Offer]:
        return {}

    def data_names(self, viewer: core.Viewer, versions: core.Versions) -> Collection[str]:
        return ()

    def own_prices(
        self, viewer: core.Viewer, index: ProductIndex, versions: core.Versions, data: core.Versions
    ) -> OwnPrices:
        return OwnPrices(index, array("q", [NO_PRICE]) * index.size)

    def available(
        self, viewer: core.Viewer, index: ProductIndex, versions: core.Versions, data: core.Versions
    ) -> Bitmap | None:
        return None

    def panels(self, viewer: core.Viewer, product: ProductFacts, offer: Offer | None) -> Iterable[Panel]:
        return ()


@dataclass(frozen=True, slots=True)
class ProductLink:
    """Something about a product or a topic in another plugin: a handbook page, a course.

    ``kind`` groups them on the page.
    """

    kind: str
    label: str
    url: str
    icon: str = "file-text"


class EditorPart(Protocol):
    """A part of the product editor that another plugin fills, such as prices and stock."""

    def fields(self, viewer: core.Viewer, product_id: int | None) -> Mapping[str, forms.Field]:
        """What the viewer may change here, by name; the ``initial`` of a field is what is stored.

        ``product_id`` is ``None`` while the product is being entered.
        """
        ...

    def panel(
        self, viewer: core.Viewer, product_id: int | None, fields: Mapping[str, forms.BoundField]
    ) -> Panel | None:
        """What the part shows, with its own fields in it; ``None`` when there is nothing to see for the viewer."""
        ...

    def hold(self, product_id: int, names: Collection[str]) -> None:
        """Lock what these fields stand for: it is compared with what the editor saw, and then saved."""
        ...

    def save(self, viewer: core.Viewer, product_id: int, values: Mapping[str, Any]) -> None:
        """Save the fields that were changed, in the transaction that saves the product.

        :raises core.Refusal: a rule says no; ``field`` is the name of the field.
        """
        ...


@dataclass(frozen=True, slots=True)
class EditorLink:
    """Something about a product that is edited on another screen; ``language`` is the name of its language."""

    title: str
    url: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a product may lack, as the back office's list filters by it: a price.

    ``without`` narrows a queryset of product profiles to those that lack it.
    """

    label: Any
    without: Callable[[Any], Any]


#: What else uses a category, which then cannot be deleted: what it is called (plural), and how many there are.
category_uses: Registry[Callable[[Any], tuple[Any, int]]] = Registry("category_uses")
#: What is edited about a product elsewhere in the back office, such as topics of a handbook.
editor_links: Registry[Callable[[int], Iterable[EditorLink]]] = Registry("editor_links")
#: What products may lack, beside what the catalogue knows itself (pictures, Chinese names, categories).
editor_gaps: Registry[Gap] = Registry("editor_gaps")
#: Parts of the product editor, beside what the catalogue edits itself.
editor_parts: Registry[EditorPart] = Registry("editor_parts")
#: Who sells. Register exactly one; the first by order is asked.
offers: Registry[OfferProvider] = Registry("offers")
#: What else there is about a product; called once per product page.
product_links: Registry[Callable[[core.Viewer, int], Iterable[ProductLink]]] = Registry("product_links")
#: What else there is about a topic of the handbook; called once per topic page with the id of the page.
topic_links: Registry[Callable[[core.Viewer, int], Iterable[ProductLink]]] = Registry("topic_links")

_nobody = NoOffers()


def offer_provider() -> OfferProvider:
    """The registered provider, or one that offers nothing."""
    return next(iter(offers), _nobody)


def sells() -> bool:
    """Whether prices and stock exist on this site at all."""
    return len(offers) > 0
