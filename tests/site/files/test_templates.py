"""The template of every kind, as it is downloaded, can be imported: in both languages, as XLSX and as CSV."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from qudao_b2b_ordering.testing import make_price_list, make_warehouse
from qudao_catalog.testing import make_category, make_line, make_product
from qudao_core.hooks import importers
from qudao_core.imports import services
from qudao_partner_portal.testing import make_back_office, make_company, make_tier, viewer_of
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db

KINDS = ("companies", "addresses", "products", "prices", "stock", "arrivals", "orders")
OPTIONS = {"prices": {"price_list": "base"}, "orders": {"seller": "M-1"}}


@pytest.fixture
def ida():
    return make_back_office("Ida Import", is_superuser=True)


@pytest.fixture
def _channel():
    maker = make_company("Maker", code="M-1", is_seller=True)
    make_company("Dealer", code="D-7", parent=maker)
    make_price_list("base", seller=maker, currency="EUR")
    make_warehouse("cd", seller=maker)
    make_line("cables")
    make_category("Lamps")
    make_tier("silver")
    make_product("C-1")


def test_these_are_all_kinds():
    assert {importer.kind for importer in importers} == set(KINDS)


@pytest.mark.usefixtures("_channel")
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_untouched_template_can_be_imported(ida, kind, language, form):
    client = APIClient()
    client.force_authenticate(ida)
    address = f"/api/v1/imports/kinds/{kind}/template/?as={form}"
    content = client.get(address, headers={"Accept-Language": language}).content
    job = services.import_now(
        viewer=viewer_of(ida, language=language),
        kind=kind,
        file=ContentFile(content),
        name=f"{kind}.{form}",
        options=OPTIONS.get(kind, {}),
    )
    assert (job.state, job.total, job.rejected_count) == ("done", 1, 0), job.preview["problems"]


def test_every_column_is_explained_in_the_readers_language(ida):
    client = APIClient()
    client.force_authenticate(ida)
    for language, title in (("en", "Unit price"), ("zh-hans", "单价")):
        address = "/api/v1/imports/kinds/prices/template/"
        book = openpyxl.load_workbook(
            io.BytesIO(client.get(address, headers={"Accept-Language": language}).content)
        )
        explained = [row[0].value for row in book.worksheets[1].iter_rows()]
        assert title in explained and len(explained) == len(importers.get("prices").columns) + 1


def test_the_first_page_offers_both_forms_of_every_kind(ida, client):
    client.force_login(ida)
    page = client.get(reverse("qudao_imports:choose")).content.decode()
    for kind in KINDS:
        address = reverse("qudao_imports:template", args=[kind])
        assert f'href="{address}"' in page and f'href="{address}?as=csv"' in page
        assert client.get(address).status_code == client.get(address, {"as": "csv"}).status_code == 200
