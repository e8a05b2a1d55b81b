"""The small demo channel, built once for this module: it runs through the services, so it tests them too."""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from qudao_b2b_ordering.orders.models import Order
from qudao_b2b_ordering.pricing.models import PriceList
from qudao_b2b_ordering.stock.models import Arrival, StockLevel, StockPolicy
from qudao_catalog import api as catalog
from qudao_catalog.products.models import ProductDocument, ProductProfile
from qudao_core import api as core
from qudao_core.events.models import Delivery
from qudao_partner_portal.companies.models import Company
from qudao_site.models import User

from .conftest import NOW

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("channel")]


def viewer(email):
    return core.viewer_for(User.objects.get(email=email))


def test_a_second_run_does_nothing():
    before = Order.objects.count()
    out = io.StringIO()
    call_command("demo_data", stdout=out)
    assert "nothing to do" in out.getvalue()
    assert Order.objects.count() == before


def test_the_people_can_sign_in_and_are_named(client):
    out = io.StringIO()
    call_command("demo_people", stdout=out)
    assert "buyer@example.com" in out.getvalue()
    assert "light-the-channel" in out.getvalue()
    answer = client.post("/accounts/login/", {"login": "buyer@example.com", "password": "light-the-channel"})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_companies_stand_in_their_tree_and_the_distributor_sells():
    dealer = viewer("buyer@example.com")
    distributor = Company.objects.get(code="D-SW")
    assert dealer.company_code == "S-CD1"
    assert dealer.seller_id == distributor.pk
    assert viewer("distributor@example.com").seller_id == Company.objects.get(code="LH").pk


def test_every_article_has_a_picture_a_price_and_stock():
    articles = ProductProfile.objects.exclude(product__structure="parent")
    assert articles.count() > 100
    assert not articles.filter(product__images=None).exists()
    assert StockLevel.objects.values("product").distinct().count() == articles.count()
    base = PriceList.objects.get(code="base")
    assert base.rows.values("product").distinct().count() == articles.count()
    assert ProductDocument.objects.exists()


def test_ranges_prices_and_stock_are_shown_to_the_right_people():
    visible = set(catalog.visible_profiles(viewer("buyer@example.com")).values_list("line__code", flat=True))
    assert "coastal" not in visible
    assert {"home-lighting", "wiring", "cable"} <= visible
    kinds = set(PriceList.objects.values_list("kind", flat=True))
    assert kinds == {"rows", "derived"}
    assert set(PriceList.objects.values_list("currency", flat=True)) >= {"CNY", "EUR"}
    assert set(StockPolicy.objects.values_list("mode", flat=True)) == {"exact", "banded", "hidden"}
    assert Arrival.objects.filter(expected_on__gt=NOW.date()).exists()


def test_orders_are_in_every_state_with_plausible_histories():
    states = set(Order.objects.values_list("status", flat=True))
    assert states == {"open", "returned", "rejected", "cancelled", "complete"}
    steps = set(Order.objects.filter(status="open").values_list("step", flat=True))
    assert {"sales-approval", "shipment"} <= steps
    for order in Order.objects.exclude(source="import").prefetch_related("transitions"):
        times = [transition.at for transition in order.transitions.all()]
        assert times == sorted(times)
        assert order.submitted_at <= times[0]
        assert times[-1] <= NOW
    oldest = Order.objects.exclude(source="import").earliest("submitted_at").submitted_at
    assert NOW - oldest > timedelta(days=100)


def test_nobody_gets_mail_about_the_past():
    assert not Delivery.objects.filter(state="waiting").exclude(handler="documents").exists()


def test_the_second_brand_has_its_site():
    from wagtail.models import Site  # noqa: PLC0415 - one test looks at sites

    assert Site.objects.get(hostname="anshe.localhost").site_name == "Anshe Living"


def test_links_to_live_pages_lead_to_this_server():
    from wagtail.models import Site  # noqa: PLC0415 - two tests look at sites

    root = Site.objects.get(is_default_site=True).root_page
    assert root.full_url.startswith(f"{settings.WAGTAILADMIN_BASE_URL}/")
