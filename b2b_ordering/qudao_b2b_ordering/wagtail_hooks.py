"""What ordering adds to Wagtail's admin, gathered from its subjects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSetGroup

from .flow import admin as flow
from .orders import admin as orders
from .pricing import admin as pricing
from .stock import admin as stock


class PricesAndStock(ModelViewSetGroup):
    menu_label = _("Prices and stock")
    menu_icon = "tag"
    menu_order = 210
    items = (
        pricing.PriceListViewSet,
        stock.LevelViewSet,
        stock.ArrivalViewSet,
        stock.MovementViewSet,
        stock.WarehouseViewSet,
        stock.PolicyViewSet,
        stock.TermsViewSet,
    )


@hooks.register("register_admin_viewset")
def register_prices_and_stock() -> PricesAndStock:
    return PricesAndStock()


class Orders(ModelViewSetGroup):
    menu_label = _("Orders")
    menu_icon = "doc-full"
    menu_order = 205
    items = (orders.OrderViewSet, flow.FlowViewSet)


@hooks.register("register_admin_viewset")
def register_orders() -> Orders:
    return Orders()
