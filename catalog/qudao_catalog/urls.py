"""Addresses of the catalogue.

A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from .categories.rest import CategoryList, LineList
from .listing.web import CataloguePage
from .pictures.web import picture
from .products.rest import ProductBulk, ProductFacets, ProductItem, ProductList
from .products.web import ProductPage

app_name = "catalog"

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue/", CataloguePage.as_view(), name="catalogue"),
    path("catalogue/<path:slug>/", CataloguePage.as_view(), name="category"),
    path("products/<path:sku>/", ProductPage.as_view(), name="product"),
    path("pictures/<int:width>/<path:name>.webp", picture, name="picture"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("products/", ProductList.as_view(), name="products"),
    path("products/bulk/", ProductBulk.as_view(), name="product-bulk"),
    path("products/facets/", ProductFacets.as_view(), name="product-facets"),
    path("products/<ref:reference>/", ProductItem.as_view(), name="product"),
    path("categories/", CategoryList.as_view(), name="categories"),
    path("product-lines/", LineList.as_view(), name="product-lines"),
]

urlpatterns = web_urlpatterns
