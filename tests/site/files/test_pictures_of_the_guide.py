"""The pictures of the guide, taken from the real page when QUDAO_TEST_PICTURES is set."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from qudao_b2b_ordering.pricing.models import PriceRow
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_product
from qudao_core.imports import services
from qudao_core.imports.models import ImportJob, SavedMapping
from qudao_partner_portal.testing import make_back_office, make_company, viewer_of

from . import made

PICTURES = Path(__file__).parents[3] / "docs" / "images"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "QUDAO_TEST_PICTURES" not in os.environ, reason="only when the pictures are made anew"
    ),
]


def opened(chromium: Any, live_server: Any, client: Any, language: str, size: str) -> Any:
    """A page of the person who is signed in with ``client``."""
    width, height = SIZES[size]
    context = chromium.new_context(viewport={"width": width, "height": height}, locale=language[:2])
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    cookies |= {"qudao_language": language, "django_language": language}
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    return page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page(language: str, chromium: Any, live_server: Any, client: Any) -> None:
    make_price_list("euro", seller=make_company("Maker"), currency="EUR")
    for sku in ("0100.10", "0100.20", "0200.10"):
        make_product(sku)
    ida = make_back_office("Ida Import", is_superuser=True, language=language)
    file = ContentFile(made.BUILDER)
    options = {"price_list": "euro"}
    job = services.upload(
        viewer=viewer_of(ida),
        kind="prices",
        file=file,
        name="Preisliste 2027.xlsx",
        options=options,
        ask=True,
    )
    client.force_login(ida)
    for size in SIZES:
        page = opened(chromium, live_server, client, language, size)
        page.goto(f"{live_server.url}/admin/imports/{job.pk}/mapping/")
        page.screenshot(path=PICTURES / f"import-mapping-{size}-{language}.png")
        page.locator("#mapping-preview").scroll_into_view_if_needed()
        page.screenshot(path=PICTURES / f"import-mapping-preview-{size}-{language}.png")
        if size == "desktop":
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                page.locator("select[name=c3]").select_option("min_quantity")
            page.wait_for_timeout(1000)
            assert "lfm" in page.locator("#mapping-preview").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
        page.context.close()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_templates_saved_mappings_and_the_undo(
    language: str, chromium: Any, live_server: Any, client: Any
) -> None:
    make_price_list("euro", seller=make_company("Maker"), currency="EUR")
    for sku in ("LH-D07-W", "LH-D12-W", "LH-P36-N"):
        make_product(sku)
    ida = make_back_office("Ida Import", is_superuser=True, language=language)
    viewer = viewer_of(ida, language=language)
    bring(viewer, "Prices 2026.csv", "SKU,Price\nLH-D07-W,17.80\nLH-D12-W,24.50\n")
    job = bring(viewer, "Prices 2027.csv", "SKU,Price\nLH-D07-W,18.60\nLH-D12-W,25.90\nLH-P36-N,96.00\n")
    for number, name in enumerate(("Preisliste Lieferant Nord", "供应商价目表")):
        kept = SavedMapping.objects.create(
            kind="prices", name=name, mapping={}, is_shared=not number, created_by=ida, shape=str(number)
        )
        ImportJob.objects.filter(pk=job.pk).update(saved_mapping=kept)
    client.force_login(ida)
    addresses = {
        "templates": reverse("qudao_imports:upload", args=["prices"]),
        "kept": reverse("qudao_imports:kept"),
        "undo": reverse("qudao_imports:undo", args=[job.pk]),
    }
    for size in SIZES:
        page = opened(chromium, live_server, client, language, size)
        for name, address in addresses.items():
            page.goto(f"{live_server.url}{address}")
            if size == "desktop" or name == "undo":
                page.screenshot(path=PICTURES / f"import-{name}-{size}-{language}.png")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), name
        page.context.close()
    PriceRow.objects.filter(product__profile__sku="LH-D12-W").update(unit_price=26)
    page = opened(chromium, live_server, client, language, "desktop")
    page.goto(f"{live_server.url}{addresses['undo']}")
    page.screenshot(path=PICTURES / f"import-undo-blocked-desktop-{language}.png")
    page.context.close()


def bring(viewer: Any, name: str, text: str) -> Any:
    file = ContentFile(text.encode())
    job = services.import_now(
        viewer=viewer, kind="prices", file=file, name=name, options={"price_list": "euro"}
    )
    assert job.state == "done", (job.message, job.preview)
    return job
