"""URLs of carts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import rest, web

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("cart/", web.CartPage.as_view(), name="cart"),
    path("cart/lines/", web.CartLines.as_view(), name="cart-lines"),
    path("cart/lines/<int:line_id>/", web.CartLineChange.as_view(), name="cart-line"),
    path("cart/lines/<int:line_id>/remove/", web.CartLineRemove.as_view(), name="cart-line-remove"),
    path("cart/restore/", web.CartLineRestore.as_view(), name="cart-line-restore"),
    path("carts/", web.CartNew.as_view(), name="cart-new"),
    path("carts/<int:cart_id>/switch/", web.CartSwitch.as_view(), name="cart-switch"),
    path("carts/<int:cart_id>/rename/", web.CartRename.as_view(), name="cart-rename"),
    path("carts/<int:cart_id>/clear/", web.CartClear.as_view(), name="cart-clear"),
    path("carts/<int:cart_id>/delete/", web.CartDelete.as_view(), name="cart-delete"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("carts/", rest.CartList.as_view(), name="carts"),
    path("carts/<ref:cart>/", rest.CartItem.as_view(), name="cart"),
    path("carts/<ref:cart>/lines/", rest.CartLines.as_view(), name="cart-lines"),
    path("carts/<ref:cart>/lines/<int:line>/", rest.CartLineItem.as_view(), name="cart-line"),
    path("carts/<ref:cart>/prices/", rest.CartPrices.as_view(), name="cart-prices"),
    path("carts/<ref:cart>/checkout/", rest.CartCheckout.as_view(), name="cart-checkout"),
]
