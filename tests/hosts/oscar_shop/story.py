"""One real story of the stock shop: its own basket works as before, and a dealer orders at the dealer's own price.

Prints what it has seen; ends with an error when something is not as told.
"""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oscar_host.settings")
django.setup()

from decimal import Decimal  # noqa: E402 - after Django is set up, like all of these
from typing import Any  # noqa: E402

from django.contrib.auth import get_user_model  # noqa: E402
from django.test import Client  # noqa: E402
from oscar.core.loading import get_class, get_model  # noqa: E402
from oscar.test.factories import create_product  # noqa: E402
from qudao_b2b_ordering import testing as ordering  # noqa: E402
from qudao_catalog import testing as catalog  # noqa: E402
from qudao_partner_portal import testing as people  # noqa: E402


def main() -> None:
    shopper_buys()
    product = catalog.make_product("LED-7", title="Downlight 7 W", pack=12)
    maker = people.make_company("Maker", code="HQ")
    dealer = people.make_company("Chengdu Lamps", parent=maker, code="D-1")
    buyer = people.make_person(dealer, roles=["buyer"], name="Bai Buyer")
    stranger = get_user_model().objects.create_user("stranger", "stranger@shop.example", "a-long-password-1")
    prices = ordering.make_price_list("dealers", seller=maker, audience=f"company:{dealer.pk}")
    ordering.price(prices, product, "8.8000")
    ordering.stock(product, 100, ordering.make_warehouse("main", seller=maker))
    ordering.stock_policy(maker)
    catalog.grant(f"company:{dealer.pk}")
    people.make_address(dealer, is_default=True)
    dealer_orders(buyer)
    assert client_of(stranger).get("/dealers/products/LED-7/").status_code == 404
    assert get_model("order", "Order").objects.count() == 0
    print("story told: the shop sells as before, and Chengdu Lamps ordered 24 at 8.80")


def shopper_buys() -> None:
    """Oscar's own shop, untouched: a product with a stock record lands in Oscar's basket at the public price."""
    product = create_product(price=Decimal("19.90"), num_in_stock=5)
    basket = get_model("basket", "Basket").objects.create()
    basket.strategy = get_class("partner.strategy", "Selector")().strategy()
    basket.add_product(product, 2)
    assert basket.total_excl_tax == Decimal("39.80"), basket.total_excl_tax
    assert Client().get("/catalogue/").status_code == 200


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def dealer_orders(buyer: Any) -> None:
    client = client_of(buyer)
    page = client.get("/dealers/catalogue/").content.decode()
    assert "Downlight 7 W" in page and "8.80" in page, page[:3000]
    client.post("/dealers/cart/lines/", {"sku": "LED-7", "quantity": "2 ctn"})
    cart = client.get("/api/v1/carts/current/").json()
    answer = client.post(
        "/api/v1/orders/",
        json.dumps({"cart": cart["id"]}),
        content_type="application/json",
        headers={"Idempotency-Key": "story-1"},
    )
    assert answer.status_code == 201, answer.content
    order = answer.json()
    assert order["totals"]["net"] == "211.20" and order["currency"] == "CNY", order
    assert order["number"] in client.get(f"/dealers/orders/{order['number']}/").content.decode()


main()
