"""What the catalogue adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSetGroup

from .assortments.admin import AssortmentViewSet
from .categories.admin import CategoryViewSet
from .handbook.admin import TranslationViewSet, header_buttons
from .handbook.blocks import product_choosers
from .product_admin.bulk_actions import ACTIONS
from .product_admin.products import ProductViewSet
from .product_admin.types import (
    LineViewSet,
    OptionSetViewSet,
    ProductTypeViewSet,
    TaxClassViewSet,
    UnitViewSet,
)


class CatalogueGroup(ModelViewSetGroup):
    menu_label = _("Catalogue")
    menu_icon = "tag"
    menu_order = 200
    items = (
        ProductViewSet,
        CategoryViewSet,
        ProductTypeViewSet,
        OptionSetViewSet,
        AssortmentViewSet,
        LineViewSet,
        UnitViewSet,
        TaxClassViewSet,
        TranslationViewSet,
    )


@hooks.register("register_admin_viewset")
def register_catalogue() -> CatalogueGroup:
    return CatalogueGroup()


@hooks.register("register_admin_viewset")
def register_product_chooser() -> Any:
    return product_choosers


for _action in ACTIONS:
    hooks.register("register_bulk_action", _action)


@hooks.register("register_page_header_buttons")
def say_that_the_original_changed(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> list[Any]:
    return header_buttons(page, user) if view_name == "edit" else []
