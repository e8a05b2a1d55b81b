"""URLs of orders."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import rest as rest
from . import rest as rest_papers
from .web import checkout, fulfilment, orders

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("checkout/", checkout.CheckoutPage.as_view(), name="checkout"),
    path("orders/", orders.OrdersPage.as_view(), name="orders"),
    path("orders/<str:number>/", orders.OrderPage.as_view(), name="order"),
    path("orders/<str:number>/act/", orders.OrderAct.as_view(), name="order-act"),
    path("orders/<str:number>/reorder/", orders.OrderReorder.as_view(), name="order-reorder"),
    path("orders/<str:number>/change/", orders.OrderRevise.as_view(), name="order-revise"),
    path("orders/<str:number>/change/stop/", orders.OrderStopRevising.as_view(), name="order-stop-revising"),
    path(
        "orders/<str:number>/confirmation.pdf", orders.OrderConfirmation.as_view(), name="order-confirmation"
    ),
    path("orders/<str:number>/ship/", fulfilment.ShipPage.as_view(), name="order-ship"),
    path(
        "orders/<str:number>/shipments/<str:shipment>/receipt/",
        fulfilment.ReceiptPage.as_view(),
        name="receipt",
    ),
    path(
        "orders/<str:number>/shipments/<str:shipment>/delivery-note.pdf",
        orders.DeliveryNote.as_view(),
        name="delivery-note",
    ),
    path("order-exports/<int:pk>/", orders.OrderExportPage.as_view(), name="order-export"),
    path("order-exports/<int:pk>/file/", orders.OrderExportFile.as_view(), name="order-export-file"),
    path("sales/", orders.BoardPage.as_view(), name="board"),
    path("sales/orders/", orders.SalesOrdersPage.as_view(), name="sales-orders"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("orders/", rest.OrderList.as_view(), name="orders"),
    path("orders/actions/", rest.OrderActionMany.as_view(), name="order-actions"),
    path("orders/board/", rest.OrderBoard.as_view(), name="order-board"),
    path("orders/waiting/", rest.OrderWaiting.as_view(), name="orders-waiting"),
    path("orders/<ref:number>/", rest.OrderItem.as_view(), name="order"),
    path("orders/<ref:number>/actions/<str:action>/", rest.OrderActions.as_view(), name="order-action"),
    path("orders/<ref:number>/shipments/", rest.OrderShipments.as_view(), name="order-shipments"),
    path("orders/<ref:number>/receipts/", rest.OrderReceipts.as_view(), name="order-receipts"),
    path("orders/<ref:number>/transitions/", rest.OrderTransitions.as_view(), name="order-transitions"),
    path("orders/<ref:number>/reorder/", rest.OrderReorder.as_view(), name="order-reorder"),
    path("orders/<ref:number>/revision/", rest.OrderRevision.as_view(), name="order-revision"),
    path(
        "orders/<ref:number>/confirmation.pdf",
        rest_papers.OrderConfirmation.as_view(),
        name="order-confirmation",
    ),
    path(
        "orders/<ref:number>/shipments/<ref:shipment>/delivery-note.pdf",
        rest_papers.DeliveryNote.as_view(),
        name="delivery-note",
    ),
    path("order-exports/<int:pk>/", rest_papers.OrderExportItem.as_view(), name="order-export"),
    path("order-exports/<int:pk>/file/", rest_papers.OrderExportContent.as_view(), name="order-export-file"),
]
