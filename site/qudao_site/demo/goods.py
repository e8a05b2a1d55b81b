"""The catalogue of the demo channel: lines, categories, types, products, pictures, data sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from oscar.core.loading import get_model
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_search import api as search

from .channel import Attribute, Catalogue, Channel
from .families import Family, Item
from .papers import new_document
from .scale import Scale


def choose(channel: Channel, scale: Scale) -> list[Item]:
    """The products of this scale, parents before their variants."""
    seen: dict[str, int] = {}
    chosen = []
    for family in channel.families:
        seen[family.category] = seen.get(family.category, 0) + 1
        if not scale.families_each or seen[family.category] <= scale.families_each:
            chosen.append(family)
    return channel.items(tuple(chosen))


# --- Words ------------------------------------------------------------------------------------------------------------


def make_terms(catalogue: Catalogue) -> None:
    """Product lines, categories and typed attributes, with their Chinese words."""
    line = apps.get_model("qudao_catalog", "ProductLine")
    for code, each in catalogue.lines.items():
        line.objects.get_or_create(code=code, defaults=each.model_dump())
    _make_categories(catalogue)
    for name, attributes in catalogue.types.items():
        _make_type(name, attributes)


def _make_categories(catalogue: Catalogue) -> None:
    category = get_model("catalogue", "Category")
    words = apps.get_model("qudao_catalog", "CategoryTranslation")
    for slug, root in catalogue.categories.items():
        top = category.add_root(name=root.name, slug=slug, code=slug, description=root.about)
        words.objects.create(category=top, language="zh-hans", name=root.name_zh, description=root.about_zh)
        for child_slug, child in root.children.items():
            made = category.objects.get(pk=top.pk).add_child(
                name=child.name, slug=child_slug, code=child_slug, description=child.about
            )
            words.objects.create(
                category=made, language="zh-hans", name=child.name_zh, description=child.about_zh
            )


def _make_type(name: str, attributes: Sequence[Attribute]) -> None:
    made = get_model("catalogue", "ProductClass").objects.create(name=name, track_stock=False)
    attribute = get_model("catalogue", "ProductAttribute")
    group = get_model("catalogue", "AttributeOptionGroup")
    profile = apps.get_model("qudao_catalog", "AttributeProfile")
    for position, each in enumerate(attributes, start=1):
        options = group.objects.get_or_create(name=each.name)[0] if each.kind == "option" else None
        row = attribute.objects.create(
            product_class=made, name=each.name, code=each.code, type=each.kind, option_group=options
        )
        profile.objects.create(
            attribute=row, name_zh=each.name_zh, unit=each.unit, is_facet=each.facet, position=position * 10
        )


def _translate_options(chinese: Mapping[str, str]) -> None:
    option = get_model("catalogue", "AttributeOption")
    words = apps.get_model("qudao_catalog", "OptionTranslation")
    words.objects.bulk_create(
        [
            words(option=row, language="zh-hans", name=chinese[row.option])
            for row in option.objects.all()
            if row.option in chinese
        ]
    )


# --- Products ---------------------------------------------------------------------------------------------------------


def make_products(system: core.Viewer, catalogue: Catalogue, chosen: Sequence[Item]) -> dict[str, int]:
    """The products through the catalogue's own service; SKU → product id."""
    known = {item.sku for item in chosen}
    rows = [{**item.row, **_fate(item.sku, known, catalogue)} for item in chosen]
    result = catalog.upsert_products(actor=system, rows=rows)
    if result.problems:
        raise core.Refusal("demo_invalid", "The demo's own products are refused.", problems=result.problems)
    _translate_options(catalogue.options_zh)
    ids = {row.sku: int(row.product_id or 0) for row in result.rows}
    search.update(kind="product", items=[str(pk) for pk in ids.values()])  # the options' words came in bulk
    return ids


def _fate(sku: str, known: set[str], catalogue: Catalogue) -> dict[str, Any]:
    if catalogue.replaced.get(sku) in known:
        return {"status": "discontinued", "replacement": catalogue.replaced[sku]}
    return {"status": "announced"} if sku in catalogue.announced else {}


def relate(system: core.Viewer, chosen: Sequence[Item], ids: dict[str, int]) -> None:
    """The next models of the same family are shown as related; one statement for all."""
    recommendation = get_model("catalogue", "ProductRecommendation")
    tops = [item for item in chosen if "parent" not in item.row]
    rows = []
    for family in {id(item.family): item.family for item in tops}.values():
        own = [ids[item.sku] for item in tops if item.family is family]
        rows += [
            recommendation(primary_id=one, recommendation_id=other, ranking=50 - place)
            for one in own
            for place, other in enumerate([each for each in own if each != one][:4])
        ]
    recommendation.objects.bulk_create(rows)


# --- Pictures and data sheets -----------------------------------------------------------------------------------------


def hang_pictures(channel: Channel, chosen: Sequence[Item], ids: Mapping[str, int]) -> int:
    """Each product's picture, in one statement (the catalogue's service takes one picture at a time)."""
    image = get_model("catalogue", "ProductImage")
    stored = {
        name: _store(channel, name) for name in sorted({item.picture for item in chosen if item.picture})
    }
    image.objects.bulk_create(
        [
            image(product_id=ids[item.sku], original=stored[item.picture], caption=item.row["title"][:200])
            for item in chosen
            if item.picture
        ],
        batch_size=500,
    )
    return len(stored)


def _store(channel: Channel, name: str) -> str:
    """The picture's name in the storage; one that is there already stays."""
    stored = f"images/products/{channel.directory.name}/{name}.webp"
    if not default_storage.exists(stored):
        default_storage.save(stored, ContentFile(channel.file("pictures", f"{name}.webp").read_bytes()))
    return stored


def make_data_sheets(channel: Channel, chosen: Sequence[Item], ids: Mapping[str, int]) -> None:
    """One data sheet per family, attached to all its products in one statement."""
    link = apps.get_model("qudao_catalog", "ProductDocument")
    tops: dict[int, list[Item]] = {}
    for item in chosen:
        if item.family.data_sheet and "parent" not in item.row:
            tops.setdefault(id(item.family), []).append(item)
    links = []
    for own in tops.values():
        family = own[0].family
        made = new_document(sheet_title(family), channel.file("data-sheets", family.data_sheet))
        links += [link(product_id=ids[item.sku], document=made, kind="datasheet") for item in own]
    link.objects.bulk_create(links, batch_size=500)
    # Rows written at once tell nobody; whoever may see a product finds its data sheet from now on.
    portal.update_documents(document_ids={each.document_id for each in links})


def sheet_title(family: Family) -> str:
    """In both languages: a document has one title, and its readers have two languages."""
    chinese = family.name_zh.partition("{")[0].strip(" ，、,")
    return f"{chinese} 规格书 / {family.name.partition('{')[0].strip(' ,')} – data sheet"
