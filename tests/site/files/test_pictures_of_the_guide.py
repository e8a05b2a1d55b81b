"""The pictures of the guide, taken from the real page when QUDAO_TEST_PICTURES is set."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_product
from qudao_partner_portal.imports import services
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
    cookies = [
        {"name": name, "value": morsel.value, "url": live_server.url}
        for name, morsel in client.cookies.items()
    ]
    cookies.append({"name": "django_language", "value": language, "url": live_server.url})
    for size, (width, height) in SIZES.items():
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=language[:2])
        context.add_cookies(cookies)
        page = context.new_page()
        page.set_default_timeout(120_000)
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
        context.close()
