"""The demo's goods, handbook and documents, built once by the demo's own builder: what dealers look through."""

from __future__ import annotations

from datetime import UTC, datetime

from django.apps import apps
from django.db import transaction
from qudao_catalog.products.models import ProductProfile
from qudao_core import api as core
from qudao_partner_portal.documents.services import read_document
from qudao_site.demo import trade
from qudao_site.demo.build import Builder
from qudao_site.demo.channel import SHIPPED, load
from qudao_site.demo.clock import clock_at
from qudao_site.demo.scale import Scale
from qudao_site.models import User
from wagtail.documents import get_document_model

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
#: Everything there is to find; no orders, no prices, no pictures.
SCALE = Scale("relevance", families_each=0, firms=20, complete=0, past=0, each_state=0)
#: Who asks: a dealer's buyer; and the distributor, who may read about project prices.
PEOPLE = {"dealer": "buyer@example.com", "distributor": "distributor@example.com"}


class Channel:
    """What can be found, by the names that judgements use: ``known`` name → family, ``names`` (kind, item) → name."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.names: dict[tuple[str, str], str] = {}
        self._products()
        self._topics()
        self._documents()

    def viewer(self, who: str, language: str) -> core.Viewer:
        """One of :data:`PEOPLE`, reading in ``language``."""
        return core.viewer_for(User.objects.get(email=PEOPLE[who]), language=language)

    def name(self, kind: str, item: str) -> str:
        return self.names.get((kind, item), f"{kind}:{item}")

    def _products(self) -> None:
        rows = ProductProfile.objects.exclude(product__structure="parent")
        for pk, sku, family in rows.values_list("pk", "sku", "product__parent__profile__sku"):
            self._add("product", str(pk), sku, family or sku)

    def _topics(self) -> None:
        for pk, slug in apps.get_model("qudao_catalog", "TopicPage").objects.values_list("pk", "slug"):
            self._add("topic", str(pk), f"topic:{slug}", f"topic:{slug}")

    def _documents(self) -> None:
        for pk, title in get_document_model().objects.values_list("pk", "title"):
            self._add("document", str(pk), f"document:{title}", f"document:{title}")

    def _add(self, kind: str, item: str, name: str, family: str) -> None:
        self.known[name] = family
        self.names[kind, item] = name


def build() -> Channel:
    """Build it in the database at hand, files read as well."""
    with transaction.atomic():
        _build()
    for pk in get_document_model().objects.values_list("pk", flat=True):
        read_document(document_id=pk)
    return Channel()


def _build() -> None:
    builder = Builder(load(SHIPPED), SCALE, 1, NOW, say=lambda line: None)
    with clock_at(NOW):
        builder.build_people()
        builder.build_products()
        trade.make_assortments(builder.system, builder.channel.trade)
    builder.build_handbook()
    builder.build_words()
