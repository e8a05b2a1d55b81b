"""A dealer of the Wagtail site finds a product at the own price and orders it.

Prints what it has seen; ends with an error when something is not as told.
"""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.dev")
django.setup()

from crawl import every_page  # noqa: E402
from django.test import Client  # noqa: E402 - after Django is set up, like all of these
from qudao_b2b_ordering import testing as ordering  # noqa: E402
from qudao_catalog import testing as catalog  # noqa: E402
from qudao_partner_portal import testing as people  # noqa: E402


def main() -> None:
    product = catalog.make_product("LED-7", title="Downlight 7 W", pack=12)
    maker = people.make_company("Maker", code="HQ")
    dealer = people.make_company("Chengdu Lamps", parent=maker, code="D-1")
    buyer = people.make_person(dealer, roles=["admin"], name="Bai Buyer")
    prices = ordering.make_price_list("dealers", seller=maker, audience=f"company:{dealer.pk}")
    ordering.price(prices, product, "8.8000")
    ordering.stock(product, 100, ordering.make_warehouse("main", seller=maker))
    ordering.stock_policy(maker)
    catalog.grant(f"company:{dealer.pk}")
    people.make_address(dealer, is_default=True)
    client = Client()
    client.force_login(buyer)
    client.post("/channel/cart/lines/", {"sku": "LED-7", "quantity": "2 ctn"})
    seen = every_page(client, "/channel/")
    assert {"/channel/catalogue/", "/channel/products/LED-7/", "/channel/cart/"} <= seen, seen
    answer = client.post(
        "/api/v1/orders/",
        json.dumps({"cart": client.get("/api/v1/carts/current/").json()["id"]}),
        content_type="application/json",
        headers={"Idempotency-Key": "story-1"},
    )
    assert answer.status_code == 201 and answer.json()["totals"]["net"] == "211.20", answer.content
    print("story told: Chengdu Lamps ordered 24 at 8.80 and found every page")


main()
