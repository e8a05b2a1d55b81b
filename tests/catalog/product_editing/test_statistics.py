"""The first import of many products: the planner knows them before the transaction ends."""

import pytest
from django.db import connection
from qudao_catalog.product_editing import bulk, services
from qudao_partner_portal.testing import make_back_office

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [bulk.MANY - 1, bulk.MANY])
def test_statistics_are_gathered_inside_a_large_import(count):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans without statistics of a running transaction")
    before = estimate()
    rows = [{"sku": f"P-{number}", "title": f"Lamp {number}"} for number in range(count)]
    services.upsert_products(actor=make_back_office("Ed", is_superuser=True), rows=rows)
    assert estimate() == (count if count >= bulk.MANY else before)


def estimate() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'qudao_catalog_productprofile'")
        return int(cursor.fetchone()[0])
