"""Addresses of the catalogue.

A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from .handbook import rest as handbook_api
from .handbook.web import ExportFile, ExportPage, HandbookList, PdfOf
from .listing.rest import CategoryList, LineList, ProductFacets, ProductList
from .listing.web import CataloguePage
from .pictures.web import picture
from .product_editing.rest import ProductBulk
from .products.rest import ProductItem
from .products.web import ProductPage

app_name = "catalog"

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue/", CataloguePage.as_view(), name="catalogue"),
    path("catalogue/<path:slug>/", CataloguePage.as_view(), name="category"),
    path("products/<path:sku>/", ProductPage.as_view(), name="product"),
    path("handbooks/", HandbookList.as_view(), name="handbooks"),
    path("handbook-pdf/<int:page_id>/<slug:scope>/", PdfOf.as_view(), name="handbook-pdf"),
    path("handbook-exports/<int:pk>/", ExportPage.as_view(), name="handbook-export"),
    path("handbook-exports/<int:pk>/file/", ExportFile.as_view(), name="handbook-export-file"),
    path("pictures/<int:width>/<path:name>.webp", picture, name="picture"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("products/", ProductList.as_view(), name="products"),
    path("products/bulk/", ProductBulk.as_view(), name="product-bulk"),
    path("products/facets/", ProductFacets.as_view(), name="product-facets"),
    path("products/<ref:reference>/", ProductItem.as_view(), name="product"),
    path("categories/", CategoryList.as_view(), name="categories"),
    path("product-lines/", LineList.as_view(), name="product-lines"),
    path("handbooks/", handbook_api.HandbookList.as_view(), name="handbooks"),
    path("handbooks/<int:pk>/", handbook_api.HandbookItem.as_view(), name="handbook"),
    path("handbook-topics/", handbook_api.TopicList.as_view(), name="handbook-topics"),
    path("handbook-topics/<int:pk>/", handbook_api.TopicItem.as_view(), name="handbook-topic"),
    path("handbook-preview/", handbook_api.PreviewItem.as_view(), name="handbook-preview"),
    path("handbook-exports/", handbook_api.ExportList.as_view(), name="handbook-exports"),
    path("handbook-exports/<int:pk>/", handbook_api.ExportItem.as_view(), name="handbook-export"),
    path(
        "handbook-exports/<int:pk>/file/", handbook_api.ExportContent.as_view(), name="handbook-export-file"
    ),
]

urlpatterns = web_urlpatterns
