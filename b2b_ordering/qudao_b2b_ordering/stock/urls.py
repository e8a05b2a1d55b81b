from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import rest

web_urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("stock/", rest.StockQuery.as_view(), name="stock"),
    path("stock/levels/", rest.Levels.as_view(), name="stock-levels"),
    path("stock/terms/<str:product>/", rest.TermsDetail.as_view(), name="stock-terms"),
    path("stock/policies/", rest.Policies.as_view(), name="stock-policies"),
    path("stock/policies/<str:audience_key>/", rest.PolicyDetail.as_view(), name="stock-policy"),
    path("arrivals/", rest.Arrivals.as_view(), name="arrivals"),
    path("arrivals/<ref:reference>/receive/", rest.ArrivalReceive.as_view(), name="arrival-receive"),
    path("warehouses/", rest.Warehouses.as_view(), name="warehouses"),
    path("warehouses/<slug:code>/", rest.WarehouseDetail.as_view(), name="warehouse"),
]
