"""Build the demo channel from nothing: one transaction, the same for the same seed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from qudao_core import api as core
from qudao_search import api as search

from . import exams, flows, goods, handbook, history, order_simulation, pages, papers, people, trade
from .bulk import indexed_at_the_end
from .channel import Channel, chosen
from .clock import clock_at
from .families import Item
from .scale import FULL, Scale

Say = Callable[[str], None]


def exists(channel: Channel) -> bool:
    """Whether the channel was built before."""
    company = apps.get_model("qudao_partner_portal", "Company")
    return bool(company.objects.filter(code=channel.maker).exists())


def build(
    *,
    channel: Channel | None = None,
    scale: Scale = FULL,
    seed: int = 20261122,
    now: datetime | None = None,
    say: Say = print,
) -> None:
    """Build everything. Nothing is sent to anybody: what happened in the demo's past is past.

    Pictures, related products and data sheets are linked by bulk statements of their own; everything else goes
    through the services that pages, API and imports use. ``now`` (aware) is the demo's present.
    """
    with transaction.atomic(), indexed_at_the_end():
        Builder(channel or chosen(), scale, seed, now or timezone.now(), say).build()


class Builder:
    """The steps, in their order; each says how long it took."""

    def __init__(self, channel: Channel, scale: Scale, seed: int, now: datetime, say: Say) -> None:
        self.channel, self.scale, self.seed, self.now, self.say = channel, scale, seed, now, say
        self.chosen: list[Item] = goods.choose(channel, scale)
        self.sold = [item for item in self.chosen if not item.is_parent]
        self.system = core.system_viewer("en")
        self.today = timezone.localdate(now)

    @property
    def author(self) -> Any:
        """Who writes the texts."""
        return self.users[self.channel.people.editor]

    def build(self) -> None:
        began = self.now - timedelta(days=745)
        with clock_at(began):
            self.step("Companies and people", self.build_people)
            self.step("Products", self.build_products)
            self.step("Prices, ranges and stock", self.build_trade)
            self.step("Orders from the old system", self.build_past)
        self.step("Orders since then", self.build_year)
        self.step("Pictures and data sheets", self.build_pictures)
        self.step("Handbook and documents", self.build_handbook)
        self.step("Pages", self.build_pages)
        self.step("Question banks and exams", self.build_exams)
        self.step("Words of the search", self.build_words)
        self.finish()

    def step(self, name: str, work: Callable[[], str]) -> None:
        started = time.perf_counter()
        what = work()
        self.say(f"  {name}: {what} ({time.perf_counter() - started:.1f} s)")

    def build_people(self) -> str:
        self.companies = people.make_companies(self.system, self.channel, self.scale)
        self.users = people.make_people(self.system, self.channel, self.companies, self.seed)
        return f"{len(self.companies)} companies, {len(self.users)} people"

    def build_products(self) -> str:
        goods.make_terms(self.channel.catalogue)
        self.ids = goods.make_products(self.system, self.channel.catalogue, self.chosen)
        goods.relate(self.system, self.chosen, self.ids)
        tops = sum("parent" not in item.row for item in self.chosen)
        return f"{tops} products, {len(self.sold)} articles"

    def build_trade(self) -> str:
        wanted = self.channel.trade
        trade.make_assortments(self.system, wanted)
        trade.make_prices(self.system, self.companies, wanted, self.chosen, self.today)
        trade.make_warehouses(self.system, self.companies, wanted)
        trade.fill_warehouses(self.system, self.companies, wanted, self.sold)
        flows.make_flows(self.system, self.companies, wanted)
        return f"{apps.get_model('qudao_b2b_ordering', 'PriceRow').objects.count()} prices"

    def build_past(self) -> str:
        self.actors = history.make_actors(self.channel, self.companies)
        basket = history.Basket(self.sold, set())
        prices = {item.sku: item.price for item in self.sold}
        made = history.import_past(self.system, self.scale, self.actors, basket, prices, self.now, self.seed)
        return f"{made} orders"

    def build_year(self) -> str:
        counted_at = self.now - timedelta(days=12)
        with clock_at(counted_at):
            late = trade.make_terms_of_stock(self.system, self.channel.trade, self.sold, self.ids)
        everything = history.Basket(self.sold, set())
        plans = history.plans(self.scale, self.actors, everything, self.now, self.seed)
        old = [plan for plan in plans if plan.at < counted_at]
        for plan in old:
            order_simulation.walk(plan, self.actors)
        with clock_at(counted_at):
            common = (self.system, self.companies, self.channel.trade, self.channel.maker, self.sold)
            out = trade.count_warehouses(*common, late, self.seed)
            trade.announce_arrivals(*common, out, self.today)
        recent = [plan for plan in plans if plan.at >= counted_at]
        made = sum(order_simulation.walk_if_possible(plan, self.actors) for plan in recent)
        return f"{len(old) + made} orders"

    def build_pictures(self) -> str:
        stored = goods.hang_pictures(self.channel, self.chosen, self.ids)
        with clock_at(self.now):
            goods.make_data_sheets(self.channel, self.chosen, self.ids)
        return f"{stored} pictures"

    def build_handbook(self) -> str:
        """The handbook's pages, and documents with text inside."""
        with clock_at(self.now - handbook.FIRST):
            made = papers.make_papers(self.system, self.channel)
        editor = handbook.Editor(self.channel, self.author, self.chosen, made, self.now)
        return f"{editor.write(handbook.choose_topics(self.channel, self.scale))} topics"

    def build_pages(self) -> str:
        """Terms and contacts, beside the handbook."""
        with clock_at(self.now - handbook.FIRST):
            return f"{pages.make_pages(self.author, self.channel)} texts"

    def build_exams(self) -> str:
        """Banks and exams in each language, and what some people made of them."""
        with clock_at(self.now - exams.FIRST):
            banks = exams.make_banks(self.author, self.channel)
            made = exams.make_exams(self.author, self.channel, banks)
        sat = exams.sit_exams(self.users, self.channel, made, self.now)
        return f"{len(banks)} banks, {len(made)} exams, {sat} attempts"

    def build_words(self) -> str:
        """What editors keep as synonyms."""
        same, one_way = self.channel.synonyms.same, self.channel.synonyms.one_way
        for words in same:
            search.save_synonyms(words=words, user=self.author)
        for words, finds in one_way:
            search.save_synonyms(words=words, finds=finds, user=self.author)
        return f"{len(same) + len(one_way)} sets of synonyms"

    def finish(self) -> None:
        """Both sites' host names, and no mail about the past. Documents are still read: they belong to today."""
        site = apps.get_model("wagtailcore", "Site")
        first, address = site.objects.get(is_default_site=True), urlsplit(settings.WAGTAILADMIN_BASE_URL)
        first.hostname, first.port = (
            address.hostname,
            address.port or (443 if address.scheme == "https" else 80),
        )
        first.save()
        if second := self.channel.main.second_site:
            site.objects.get_or_create(
                hostname=second.host,
                port=80,
                defaults={"site_name": second.name, "root_page": first.root_page},
            )
        delivery = apps.get_model("qudao_core", "Delivery")
        past = delivery.objects.filter(state="waiting").exclude(handler="documents")
        past.update(state="done", done_at=self.now)
