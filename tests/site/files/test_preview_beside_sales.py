"""A preview on SQLite keeps nobody waiting: it works on a copy."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from qudao_b2b_ordering.pricing.importer import PriceImporter
from qudao_b2b_ordering.pricing.models import PriceRow
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_product
from qudao_core.imports import services
from qudao_core.imports.running import apart
from qudao_partner_portal.companies.models import Company
from qudao_partner_portal.testing import make_back_office, make_company, viewer_of


def csv(products: int) -> bytes:
    return b"sku,price\n" + b"".join(b"LH-%d,%d.5\n" % (n, n + 1) for n in range(products))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_somebody_else_writes_while_a_preview_tries_its_rows(monkeypatch):
    make_price_list("base", seller=make_company("Maker"))
    for number in range(5):
        make_product(f"LH-{number}")
    viewer = viewer_of(make_back_office("Ida Import", is_superuser=True))
    waits: list[float] = []
    name = connection.settings_dict["NAME"]
    real = PriceImporter.write

    def write(self: Any, rows: Any) -> Any:
        result = real(self, rows)
        started = time.perf_counter()
        other = sqlite3.connect(name, timeout=0.05)
        other.execute("CREATE TABLE sold (n integer)")
        other.execute("DROP TABLE sold")
        other.commit()
        other.close()
        waits.append(time.perf_counter() - started)
        return result

    monkeypatch.setattr(PriceImporter, "write", write)
    file = ContentFile(csv(5))
    job = services.upload(
        viewer=viewer, kind="prices", file=file, name="p.csv", options={"price_list": "base"}, wait=True
    )
    assert (job.state, job.created_count) == ("checked", 5)
    assert len(waits) == 1
    assert not PriceRow.objects.exists()
    monkeypatch.undo()
    assert services.apply(viewer=viewer, job=job, wait=True).created_count == 5


@pytest.mark.django_db(transaction=True)
def test_the_real_database_is_back_after_a_failure():
    before = connection.settings_dict["NAME"]
    with pytest.raises(RuntimeError), apart(True):
        make_company("Gone")
        raise RuntimeError
    assert connection.settings_dict["NAME"] == before
    if connection.vendor == "sqlite":
        assert not Company.objects.exists()
