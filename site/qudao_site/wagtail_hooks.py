"""Links from the back office to the one part of Oscar's dashboard that is open: product editing."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


class ProductsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalogue.view_product")


@hooks.register("register_admin_menu_item")
def products() -> MenuItem:
    return ProductsMenuItem(
        _("Product editing"), reverse("dashboard:catalogue-product-list"), icon_name="tag", order=310
    )
