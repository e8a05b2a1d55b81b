"""What the back office edits: one of each kind that nothing depends on, so that it can be changed and deleted."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from qudao_b2b_ordering import testing as ordering
from qudao_catalog import api as catalog
from qudao_catalog import testing as products
from qudao_catalog.models import ProductProfile
from qudao_partner_portal import testing as portal
from qudao_partner_portal.imports import services as imports
from qudao_partner_portal.imports.mapping.services import keep_mapping
from qudao_search.words.services import save_synonyms

from tests.b2b_ordering.channel import Channel
from tests.e2e.hands_controls import FAR_AHEAD

#: A file whose header says nothing to the importer of prices, and how it is read.
UNKNOWN = b"Artikel;VK\nN-001;3\n"
MAPPING = {
    "header": 1,
    "delimiter": ";",
    "sources": [{"field": "product", "columns": [1]}, {"field": "unit_price", "columns": [2]}],
}


def furnish(channel: Channel, topic: Any) -> dict[str, str]:
    """Fill what the back office edits; label of a page → its address, where it is not that of the newest row."""
    _catalogue(channel)
    _stock(channel)
    portal.make_company("Spare Company", code="S-1", tier="spare")
    portal.make_tier("unused")
    portal.make_territory("CN-71", "Taiwan", "台湾省")
    portal.make_document("Data sheet")
    save_synonyms(words=["lamp"], finds=["light"], note="Old name")
    rails = catalog.translate_topic(topic=topic, language="zh-hans", title="轨道")
    catalog.save_topic(parent=topic.get_parent().specific, slug="rails", title="Rails, revised")
    return _imports(channel) | {
        "handbook-translations:follow": f"/admin/handbook-translations/follow/{rails.pk}/",
        "pages:topic": f"/admin/pages/{topic.pk}/edit/",
        "pages:translation": f"/admin/pages/{rails.pk}/edit/",
    }


def _catalogue(channel: Channel) -> None:
    """A product with all it can have, then rows that no product uses."""
    kind = products.make_type("Spare", power="float", colour="option:white|black", note="text")
    product = channel.product(
        "Z-100",
        line="spare-parts",
        pack=12,
        categories=[products.make_category("Spare parts")],
        is_public=False,
    )
    product.product_class = kind
    product.save()
    products.make_product("Z-200", categories=[products.make_category("Spare parts")], is_public=False)
    products.make_category("Empty")
    products.make_line("unused")
    products.make_unit("roll")
    products.make_tax_class("reduced", "0.09")
    products.make_type("Unused", note="option:one|two")


def _stock(channel: Channel) -> None:
    product = ProductProfile.objects.get(sku="N-001").product
    ordering.make_arrival(product, 40, FAR_AHEAD, channel.warehouse, external_key="A-1")
    ordering.stock_terms(product, backorder=True, backorder_limit=50)
    ordering.stock_policy(channel.maker, "tier:spare", "banded")
    ordering.make_warehouse("spare", seller=channel.maker)
    ordering.make_price_list("unused", seller=channel.maker)


def _imports(channel: Channel) -> dict[str, str]:
    """A file that waits for its mapping, one that was checked, one that was imported."""
    who = channel.viewer("root")

    def bring(kind: str, content: bytes, **given: Any) -> Any:
        file = ContentFile(content)
        return imports.upload(viewer=who, kind=kind, file=file, name=f"{kind}.csv", **given)

    prices = {"price_list": channel.price_list.code}
    waiting = bring("prices", UNKNOWN, options=prices, ask=True)
    mapped = bring("prices", UNKNOWN, options=prices, mapping=MAPPING)
    kept = keep_mapping(viewer=who, kind="prices", shape=mapped.shape, mapping=MAPPING, name="Maker's list")
    done = imports.apply(viewer=who, job=bring("prices", b"product,unit_price\nN-002,7\n", options=prices))
    return {
        "imports:mapping": f"/admin/imports/{waiting.pk}/mapping/",
        "imports:job": f"/admin/imports/{mapped.pk}/",
        "imports:undo": f"/admin/imports/{done.pk}/undo/",
        "imports:kept_mapping": f"/admin/imports/mappings/{kept.pk}/",
        "imports:upload": "/admin/imports/new/products/",
    }
