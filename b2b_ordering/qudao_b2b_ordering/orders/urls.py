"""Addresses of orders."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from .web import board, detail, goods, lists

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("orders/", lists.OrdersPage.as_view(), name="orders"),
    path("orders/<str:number>/", detail.OrderPage.as_view(), name="order"),
    path("orders/<str:number>/act/", detail.OrderAct.as_view(), name="order-act"),
    path("orders/<str:number>/reorder/", detail.OrderReorder.as_view(), name="order-reorder"),
    path("orders/<str:number>/change/", detail.OrderRevise.as_view(), name="order-revise"),
    path(
        "orders/<str:number>/confirmation.pdf", detail.OrderConfirmation.as_view(), name="order-confirmation"
    ),
    path("orders/<str:number>/ship/", goods.ShipPage.as_view(), name="order-ship"),
    path(
        "orders/<str:number>/shipments/<str:shipment>/receipt/", goods.ReceiptPage.as_view(), name="receipt"
    ),
    path(
        "orders/<str:number>/shipments/<str:shipment>/delivery-note.pdf",
        detail.DeliveryNote.as_view(),
        name="delivery-note",
    ),
    path("sales/", board.BoardPage.as_view(), name="board"),
    path("sales/orders/", lists.SalesOrdersPage.as_view(), name="sales-orders"),
]
api_urlpatterns: list[URLPattern | URLResolver] = []
