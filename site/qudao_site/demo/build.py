"""Build the demo channel from nothing: one transaction, the same for the same seed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from qudao_core import api as core
from qudao_search import api as search

from . import flows, goods, handbook, history, pages, papers, people, trade, walking
from .clock import clock_at
from .content.channel import MAKER
from .content.synonyms import ONE_WAY, SAME
from .scale import FULL, Scale

Say = Callable[[str], None]
#: The site whose host name dresses every page in the second brand, and its name.
SECOND_SITE = ("anshe.localhost", "Anshe Living")


def exists() -> bool:
    """Whether the channel was built before."""
    company = apps.get_model("qudao_partner_portal", "Company")
    return bool(company.objects.filter(code=MAKER).exists())


def build(
    *, scale: Scale = FULL, seed: int = 20261122, now: datetime | None = None, say: Say = print
) -> None:
    """Build everything. Nothing is sent to anybody: what happened in the demo's past is past.

    Pictures, related products and data sheets are linked by bulk statements of their own; everything else goes
    through the services that pages, API and imports use. ``now`` (aware) is the demo's present.
    """
    now = now or timezone.now()
    chosen = goods.choose(scale)
    studio = goods.Studio([item.look for item in chosen], scale.workers)
    with transaction.atomic():
        Builder(scale, seed, now, chosen, studio, say).build()


class Builder:
    """The steps, in their order; each says how long it took."""

    def __init__(
        self, scale: Scale, seed: int, now: datetime, chosen: list[goods.Item], studio: goods.Studio, say: Say
    ) -> None:
        self.scale, self.seed, self.now = scale, seed, now
        self.chosen, self.studio, self.say = chosen, studio, say
        self.sold = [item for item in chosen if not item.is_parent]
        self.system = core.system_viewer("en")
        self.today = timezone.localdate(now)

    def build(self) -> None:
        began = self.now - timedelta(days=745)
        with clock_at(began):
            self.step("Companies and people", self.build_people)
            self.step("Products", self.build_products)
            self.step("Prices, ranges and stock", self.build_trade)
            self.step("Orders from the old system", self.build_past)
        self.step("Orders of the last year", self.build_year)
        self.step("Pictures and data sheets", self.build_pictures)
        self.step("Handbook and documents", self.build_handbook)
        self.step("Pages", self.build_pages)
        self.step("Words of the search", self.build_words)
        self.finish()

    def step(self, name: str, work: Callable[[], str]) -> None:
        started = time.perf_counter()
        what = work()
        self.say(f"  {name}: {what} ({time.perf_counter() - started:.1f} s)")

    def build_people(self) -> str:
        self.companies = people.make_companies(self.system, self.scale)
        self.users = people.make_people(self.system, self.companies, self.seed)
        return f"{len(self.companies)} companies, {len(self.users)} people"

    def build_products(self) -> str:
        goods.make_terms()
        self.ids = goods.make_products(self.system, self.chosen)
        goods.relate(self.system, self.chosen, self.ids)
        tops = sum("parent" not in item.row for item in self.chosen)
        return f"{tops} products, {len(self.sold)} articles"

    def build_trade(self) -> str:
        trade.make_assortments(self.system)
        trade.make_prices(self.system, self.companies, self.chosen, self.today)
        trade.make_warehouses(self.system, self.companies)
        trade.fill_warehouses(self.system, self.companies, self.sold)
        flows.make_flows(self.system, self.companies)
        return f"{apps.get_model('qudao_b2b_ordering', 'PriceRow').objects.count()} prices"

    def build_past(self) -> str:
        self.cast = history.make_cast(self.companies, self.users)
        basket = history.Basket(self.sold, set())
        prices = {item.sku: item.price for item in self.sold}
        made = history.import_past(self.system, self.scale, self.cast, basket, prices, self.now, self.seed)
        return f"{made} orders"

    def build_year(self) -> str:
        counted_at = self.now - timedelta(days=12)
        with clock_at(counted_at):
            late = trade.make_terms_of_stock(self.system, self.sold, self.ids)
        everything = history.Basket(self.sold, set())
        plans = history.plans(self.scale, self.cast, everything, self.now, self.seed)
        old = [plan for plan in plans if plan.at < counted_at]
        for plan in old:
            walking.walk(plan, self.cast)
        with clock_at(counted_at):
            out = trade.count_warehouses(self.system, self.companies, self.sold, late, self.seed)
            trade.announce_arrivals(self.system, self.companies, self.sold, out, self.today)
        recent = [plan for plan in plans if plan.at >= counted_at]
        made = sum(walking.walk_if_possible(plan, self.cast) for plan in recent)
        return f"{len(old) + made} orders"

    def build_pictures(self) -> str:
        self.studio.hang()
        goods.hang_pictures(self.chosen, self.ids)
        with clock_at(self.now):
            goods.make_data_sheets(self.chosen, self.ids)
        return f"{len(self.studio.looks)} pictures"

    def build_handbook(self) -> str:
        """The handbook's pages, and documents with text inside."""
        author = self.users["editor@example.com"]
        with clock_at(self.now - handbook.FIRST):
            made = papers.make_papers(self.system)
        editor = handbook.Editor(author, self.chosen, made, self.now)
        return f"{editor.write(handbook.choose_topics(self.scale))} topics"

    def build_pages(self) -> str:
        """Terms and contacts, beside the handbook."""
        with clock_at(self.now - handbook.FIRST):
            return f"{pages.make_pages(self.users['editor@example.com'])} texts"

    def build_words(self) -> str:
        """What editors keep as synonyms."""
        author = self.users["editor@example.com"]
        for words in SAME:
            search.save_synonyms(words=words, user=author)
        for words, finds in ONE_WAY:
            search.save_synonyms(words=words, finds=finds, user=author)
        return f"{len(SAME) + len(ONE_WAY)} sets of synonyms"

    def finish(self) -> None:
        """Both sites' host names, and no mail about the past. Documents are still read: they belong to today."""
        site = apps.get_model("wagtailcore", "Site")
        host, name = SECOND_SITE
        first, address = site.objects.get(is_default_site=True), urlsplit(settings.WAGTAILADMIN_BASE_URL)
        first.hostname, first.port = (
            address.hostname,
            address.port or (443 if address.scheme == "https" else 80),
        )
        first.save()
        root = first.root_page
        site.objects.get_or_create(hostname=host, port=80, defaults={"site_name": name, "root_page": root})
        delivery = apps.get_model("qudao_partner_portal", "Delivery")
        past = delivery.objects.filter(state="waiting").exclude(handler="documents")
        past.update(state="done", done_at=self.now)
