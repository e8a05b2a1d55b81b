"""URLs of quick order."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import rest, web

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("quick-order/", web.QuickOrderPage.as_view(), name="quick-order"),
    path("quick-order/add/", web.QuickOrderAdd.as_view(), name="quick-order-add"),
    path("quick-order/lines/", web.QuickOrderLines.as_view(), name="quick-order-lines"),
    path("quick-order/file/", web.QuickOrderFile.as_view(), name="quick-order-file"),
    path("own-numbers/", web.OwnNumbersPage.as_view(), name="own-numbers"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("quick-order/", rest.QuickOrder.as_view(), name="quick-order"),
    path("own-numbers/", rest.OwnNumbers.as_view(), name="own-numbers"),
]
