"""The catalogue of the demo channel: lines, categories, types, products, pictures, data sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from oscar.core.loading import get_model
from PIL import Image
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_search import api as search

from .content.families import Item, Look, items
from .content.products import FAMILIES
from .content.terms import CATEGORIES, LINES, OPTIONS_ZH, TYPES, Attribute
from .documents import data_sheet
from .pictures import render
from .scale import Scale

FOLDER = "images/products/lanhe"
#: Discontinued products and what replaces them.
REPLACED = {
    "LH-T-28": "LH-T-38",
    "LH-PB-0606": "LH-PE-0606-40",
    "LH-TD-06": "LH-BL-06",
    "LH-BV2": "LH-BF2-63",
    "LH-XF15": "LH-XF18",
    "LH-PD12-36": "LH-PD24-30",
    "LH-FC35-25": "LH-FC35-4",
}
ANNOUNCED = ("LH-PD24-300", "LH-EM3R", "LH-ST-150")


def choose(scale: Scale) -> list[Item]:
    """The products of this scale, parents before their variants."""
    seen: dict[str, int] = {}
    chosen = []
    for family in FAMILIES:
        seen[family.category] = seen.get(family.category, 0) + 1
        if not scale.families_each or seen[family.category] <= scale.families_each:
            chosen.append(family)
    return list(items(chosen))


# --- Words ------------------------------------------------------------------------------------------------------------


def make_terms() -> None:
    """Product lines, categories and typed attributes, with their Chinese words."""
    line = apps.get_model("qudao_catalog", "ProductLine")
    for code, (name, name_zh) in LINES.items():
        line.objects.get_or_create(code=code, defaults={"name": name, "name_zh": name_zh})
    _make_categories()
    for name, attributes in TYPES.items():
        _make_type(name, attributes)


def _make_categories() -> None:
    category = get_model("catalogue", "Category")
    words = apps.get_model("qudao_catalog", "CategoryTranslation")
    for slug, (name, name_zh, children) in CATEGORIES.items():
        root = category.add_root(name=name, slug=slug, code=slug)
        words.objects.create(category=root, language="zh-hans", name=name_zh)
        for child_slug, (child, child_zh, about, about_zh) in children.items():
            made = category.objects.get(pk=root.pk).add_child(
                name=child, slug=child_slug, code=child_slug, description=about
            )
            words.objects.create(category=made, language="zh-hans", name=child_zh, description=about_zh)


def _make_type(name: str, attributes: Sequence[Attribute]) -> None:
    made = get_model("catalogue", "ProductClass").objects.create(name=name, track_stock=False)
    attribute = get_model("catalogue", "ProductAttribute")
    group = get_model("catalogue", "AttributeOptionGroup")
    profile = apps.get_model("qudao_catalog", "AttributeProfile")
    for position, each in enumerate(attributes, start=1):
        options = group.objects.get_or_create(name=each.code)[0] if each.kind == "option" else None
        row = attribute.objects.create(
            product_class=made, name=each.name, code=each.code, type=each.kind, option_group=options
        )
        profile.objects.create(
            attribute=row, name_zh=each.name_zh, unit=each.unit, is_facet=each.facet, position=position * 10
        )


def _translate_options() -> None:
    option = get_model("catalogue", "AttributeOption")
    words = apps.get_model("qudao_catalog", "OptionTranslation")
    words.objects.bulk_create(
        [
            words(option=row, language="zh-hans", name=OPTIONS_ZH[row.option])
            for row in option.objects.all()
            if row.option in OPTIONS_ZH
        ]
    )


# --- Products ---------------------------------------------------------------------------------------------------------


def make_products(system: core.Viewer, chosen: Sequence[Item]) -> dict[str, int]:
    """The products through the catalogue's own service; SKU → product id."""
    known = {item.sku for item in chosen}
    rows = [{**item.row, **_fate(item.sku, known)} for item in chosen]
    result = catalog.upsert_products(actor=system, rows=rows)
    if result.problems:
        raise core.Refusal("demo_invalid", "The demo's own products are refused.", problems=result.problems)
    _translate_options()
    ids = {row.sku: int(row.product_id or 0) for row in result.rows}
    search.update(kind="product", items=[str(pk) for pk in ids.values()])  # the options' words came in bulk
    return ids


def _fate(sku: str, known: set[str]) -> dict[str, Any]:
    if REPLACED.get(sku) in known:
        return {"status": "discontinued", "replacement": REPLACED[sku]}
    return {"status": "announced"} if sku in ANNOUNCED else {}


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


class Studio:
    """Draws pictures beside the work on the database; ``workers`` 0 draws here, when asked."""

    def __init__(self, looks: Sequence[Look], workers: int) -> None:
        self.looks = {look.name: look for look in looks}
        missing = [look for look in self.looks.values() if not default_storage.exists(_file(look))]
        wanted = [(look.drawing, look.options) for look in missing]
        self._pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if workers else None
        self._drawn: Iterator[bytes] = (
            self._pool.map(render, wanted, chunksize=4) if self._pool else map(render, wanted)
        )
        self._missing = missing

    def hang(self) -> None:
        """Store what was drawn; a picture that is there already stays."""
        for look, data in zip(self._missing, self._drawn, strict=True):
            default_storage.save(_file(look), ContentFile(data))
        if self._pool:
            self._pool.shutdown()


def _file(look: Look) -> str:
    return f"{FOLDER}/{look.name}.webp"


def hang_pictures(chosen: Sequence[Item], ids: dict[str, int]) -> None:
    """Each product's picture, in one statement (the catalogue's service takes one picture at a time)."""
    image = get_model("catalogue", "ProductImage")
    image.objects.bulk_create(
        [
            image(product_id=ids[item.sku], original=_file(item.look), caption=item.row["title"][:200])
            for item in chosen
        ],
        batch_size=500,
    )


def make_data_sheets(chosen: Sequence[Item], ids: dict[str, int]) -> None:
    """One data sheet per family, attached to all its products in one statement."""
    document = apps.get_model("wagtaildocs", "Document")
    link = apps.get_model("qudao_catalog", "ProductDocument")
    collection = apps.get_model("wagtailcore", "Collection").get_first_root_node()
    tops = [item for item in chosen if "parent" not in item.row]
    links = []
    for family in {id(item.family): item.family for item in tops}.values():
        own = [item for item in tops if item.family is family]
        made = document(title=_sheet_title(own[0]), collection=collection)
        made.file.save(
            f"{own[0].family.code.strip('-')}-data-sheet.pdf", ContentFile(_sheet(own)), save=False
        )
        made.file_size = made.file.size
        made.save()
        links += [link(product_id=ids[item.sku], document=made, kind="datasheet") for item in own]
    link.objects.bulk_create(links, batch_size=500)
    # Rows written at once tell nobody; whoever may see a product finds its data sheet from now on.
    portal.update_documents(document_ids={each.document_id for each in links})


def _sheet_title(item: Item) -> str:
    """In both languages: a document has one title, and its readers have two languages."""
    chinese = item.family.name_zh.partition("{")[0].strip(" ，、,")
    return f"{chinese} 规格书 / {_family_name(item)} – data sheet"


def _family_name(item: Item) -> str:
    return item.family.name.partition("{")[0].strip(" ,")


def _sheet(own: Sequence[Item]) -> bytes:
    first = own[0]
    names = {each.code: each for each in TYPES[first.family.type]}
    facts = [
        (f"{names[code].name}", f"{value} {names[code].unit}".replace("True", "yes").strip())
        for code, value in first.row["attributes"].items()
    ]
    facts += [
        ("Models", ", ".join(item.sku for item in own[:5])),
        ("Pack", f"{first.family.pack} per carton"),
    ]
    with default_storage.open(_file(first.look)) as file, Image.open(file) as picture:
        return data_sheet(
            title=_family_name(first),
            title_zh=str(first.row["title_zh-hans"]),
            about=first.family.about,
            about_zh=first.family.about_zh,
            facts=facts,
            picture=picture.convert("RGB"),
        )
