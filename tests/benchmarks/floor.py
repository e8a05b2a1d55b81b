"""The floor that list pages are measured against: a Django without middleware, one view, one SQL statement.

It returns as many rows, with as many columns, from the same database as the page under test, as JSON. Nothing that
checks who is asking, no language, no price rule: what no real page can be faster than.
"""

import json
import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path
from environs import Env

_database = Env().dj_db_url("DATABASE_URL")
if _database["ENGINE"].endswith("postgresql"):
    _database["CONN_MAX_AGE"] = 60

settings.configure(
    SECRET_KEY="floor-" + "0123456789" * 5,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    DATABASES={"default": _database},
    USE_TZ=True,
)
django.setup()

from django.db import connection  # noqa: E402 - needs the settings above

STATEMENT = """
    SELECT p.id, p.upc, p.title, t.title, f.pack_size, f.min_quantity, u.name, r.min_quantity, r.unit_price,
           s.on_hand, s.allocated, i.original
    FROM (SELECT id, upc, title FROM catalogue_product ORDER BY id LIMIT %s) p
    JOIN qudao_catalog_productprofile f ON f.product_id = p.id
    JOIN qudao_catalog_unit u ON u.id = f.unit_id
    LEFT JOIN qudao_catalog_producttranslation t ON t.product_id = p.id AND t.language = 'zh-hans'
    JOIN qudao_b2b_ordering_pricerow r ON r.product_id = p.id AND r.price_list_id = %s AND r.min_quantity = 1
    JOIN qudao_b2b_ordering_stocklevel s ON s.product_id = p.id
    JOIN catalogue_productimage i ON i.product_id = p.id
    ORDER BY p.id
"""
PRICE_LIST = int(os.environ.get("FLOOR_PRICE_LIST", "1"))


def rows(request: HttpRequest) -> HttpResponse:
    """`?n=24`: so many rows as a JSON array of arrays."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [int(request.GET.get("n", "24")), PRICE_LIST])
        found = cursor.fetchall()
    return HttpResponse(json.dumps(found, default=str), content_type="application/json")


urlpatterns = [path("", rows)]
application = WSGIHandler()
