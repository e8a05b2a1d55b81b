"""What the catalogue adds to Wagtail's admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSetGroup

from .assortments.admin import AssortmentViewSet
from .products.admin import (
    AttributeViewSet,
    CategoryWordsViewSet,
    LineViewSet,
    OptionWordsViewSet,
    ProductViewSet,
    TaxClassViewSet,
    UnitViewSet,
)


class CatalogueGroup(ModelViewSetGroup):
    menu_label = _("Catalogue")
    menu_icon = "tag"
    menu_order = 200
    items = (
        ProductViewSet,
        AssortmentViewSet,
        LineViewSet,
        CategoryWordsViewSet,
        AttributeViewSet,
        OptionWordsViewSet,
        UnitViewSet,
        TaxClassViewSet,
    )


@hooks.register("register_admin_viewset")
def register_catalogue() -> CatalogueGroup:
    return CatalogueGroup()
