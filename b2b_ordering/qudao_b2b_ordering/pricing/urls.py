from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import rest

web_urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("prices/", rest.PriceQuery.as_view(), name="prices"),
    path("prices/explain/", rest.PriceExplain.as_view(), name="price-explain"),
    path("price-lists/", rest.PriceListList.as_view(), name="price-lists"),
    path("price-lists/<slug:code>/", rest.PriceListDetail.as_view(), name="price-list"),
    path("price-lists/<slug:code>/copy/", rest.PriceListCopy.as_view(), name="price-list-copy"),
    path(
        "price-lists/<slug:code>/assignments/",
        rest.PriceListAssignments.as_view(),
        name="price-list-assignments",
    ),
    path("price-lists/<slug:code>/percents/", rest.PriceListPercents.as_view(), name="price-list-percents"),
    path("price-lists/<slug:code>/prices/", rest.PriceListPrices.as_view(), name="price-list-prices"),
    path(
        "price-lists/<slug:code>/prices/remove/",
        rest.PriceRowsRemoval.as_view(),
        name="price-list-prices-remove",
    ),
]
