"""Factories for tests of the catalogue and of every plugin above it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from oscar.core.loading import get_model

from .assortments.models import Assortment, AssortmentAudience, AssortmentItem
from .handbook import services
from .handbook.models import ChapterPage, HandbookPage, TopicPage
from .products.models import ProductLine, ProductProfile, ProductTranslation, TaxClass, Unit

_numbers = itertools.count(1)
_UNITS = {
    "pcs": ("piece", "pieces", "个", 0),
    "ctn": ("carton", "cartons", "箱", 0),
    "box": ("box", "boxes", "盒", 0),
    "m": ("metre", "metres", "米", 1),
    "kg": ("kilogram", "kilograms", "千克", 3),
    "roll": ("roll", "rolls", "卷", 0),
}


def make_unit(code: str = "pcs", **fields: Any) -> Unit:
    """The unit with this code, made when it is missing; ``pcs ctn box m kg roll`` get their names."""
    name, plural, name_zh, decimals = _UNITS.get(code, (code, "", "", 0))
    defaults = {"name": name, "name_plural": plural, "name_zh": name_zh, "decimals": decimals} | fields
    return Unit.objects.get_or_create(code=code, defaults=defaults)[0]


def make_line(code: str = "lighting", **fields: Any) -> ProductLine:
    """The product line with this code, made when it is missing."""
    return ProductLine.objects.get_or_create(code=code, defaults={"name": code.title()} | fields)[0]


def make_tax_class(code: str = "standard", rate: str = "0.13", **fields: Any) -> TaxClass:
    """The tax class with this code, made when it is missing."""
    defaults = {"name": code.title(), "rate": Decimal(rate)} | fields
    return TaxClass.objects.get_or_create(code=code, defaults=defaults)[0]


def make_category(name: str = "Lamps", *, parent: Any = None, name_zh: str = "", **fields: Any) -> Any:
    """The Oscar category ``name`` below ``parent`` (or at the root), made when it is missing."""
    category_model = get_model("catalogue", "Category")
    siblings = parent.get_children() if parent else category_model.get_root_nodes()
    found = siblings.filter(name=name).first()
    if found is None:
        fresh = category_model.objects.get(pk=parent.pk) if parent else None
        found = (
            fresh.add_child(name=name, **fields) if fresh else category_model.add_root(name=name, **fields)
        )
    if name_zh:
        found.translations.get_or_create(language="zh-hans", defaults={"name": name_zh})
    return found


def make_product(
    sku: str = "",
    *,
    title: str = "",
    title_zh: str = "",
    line: str | ProductLine | None = None,
    unit: str = "pcs",
    pack: int | str | Decimal | None = None,
    pack_unit: str = "ctn",
    whole_packs: bool = True,
    minimum: int | str | Decimal = 1,
    maximum: int | str | Decimal | None = None,
    tax: str = "standard",
    categories: Iterable[Any] = (),
    parent: Any = None,
    structure: str = "",
    is_public: bool = True,
    **profile: Any,
) -> Any:
    """An Oscar product with its profile; a variant when ``parent`` is given (which then becomes a parent).

    ``pack=12`` is sold in whole cartons of 12 (``whole_packs=False``: the pack is only a hint). Further
    fields go to the profile: ``status``, ``barcode``, ``external_key``, ``replacement`` …
    """
    product_model = get_model("catalogue", "Product")
    number = next(_numbers)
    sku = sku or f"P-{number:04d}"
    if parent is not None and parent.structure != product_model.PARENT:
        product_model.objects.filter(pk=parent.pk).update(structure=product_model.PARENT)
        parent.structure = product_model.PARENT
    product = product_model.objects.create(
        title=title or f"Product {sku}",
        upc=sku,
        parent=parent,
        structure=structure or (product_model.CHILD if parent else product_model.STANDALONE),
        product_class=None if parent else _product_class(),
        is_public=is_public,
    )
    product.categories.add(*categories)
    ProductProfile.objects.create(
        product=product,
        sku=sku,
        line=make_line(line) if isinstance(line, str) else line,
        unit=make_unit(unit),
        pack_unit=make_unit(pack_unit) if pack else None,
        pack_size=Decimal(pack or 1),
        sold_in_packs=bool(pack) and whole_packs,
        min_quantity=Decimal(minimum),
        max_quantity=None if maximum is None else Decimal(maximum),
        tax_class=make_tax_class(tax),
        **profile,
    )
    if title_zh:
        ProductTranslation.objects.create(product=product, language="zh-hans", title=title_zh)
    return product


def make_variant(parent: Any, sku: str = "", **fields: Any) -> Any:
    """A variant of ``parent``; unit, line and tax class are the parent's unless given."""
    profile = parent.profile
    inherited = {"line": profile.line, "unit": profile.unit.code, "tax": profile.tax_class.code}
    return make_product(sku, parent=parent, **(inherited | fields))


def make_type(name: str = "Lamps", **attributes: str) -> Any:
    """A product type with attributes by code: ``power="float"``, ``colour="option:white|black"``."""
    made = get_model("catalogue", "ProductClass").objects.get_or_create(
        name=name, defaults={"track_stock": False}
    )[0]
    for code, text in attributes.items():
        kind, _colon, options = text.partition(":")
        group = None
        if options:
            group = get_model("catalogue", "AttributeOptionGroup").objects.create(name=code)
            for option in options.split("|"):
                group.options.create(option=option)
        made.attributes.create(name=code.title(), code=code, type=kind, option_group=group)
    return made


def make_chapter(
    title: str = "Mounting",
    *,
    handbook: str | HandbookPage = "Handbook",
    audience: Iterable[str] = (),
) -> ChapterPage:
    """A published chapter of a handbook (made when it is missing) for ``audience``, else for members."""
    if isinstance(handbook, str):
        handbook = services.save_handbook(slug=slugify(handbook), title=handbook)
    return services.save_chapter(parent=handbook, slug=slugify(title), title=title, audience=audience)


def make_topic(title: str = "", *, chapter: str | ChapterPage = "Mounting", **fields: Any) -> TopicPage:
    """A published topic; ``fields`` are those of ``save_topic``: ``body``, ``products``, ``kind``, ``audience`` …"""
    title = title or f"Topic {next(_numbers)}"
    parent = make_chapter(chapter) if isinstance(chapter, str) else chapter
    return services.save_topic(parent=parent, slug=fields.pop("slug", slugify(title)), title=title, **fields)


def grant(
    audience_key: str | Iterable[str] = "members",
    *,
    products: Iterable[Any] = (),
    lines: Iterable[str | ProductLine] = (),
    categories: Iterable[Any] = (),
    everything: bool | None = None,
    effect: str = "grant",
    **fields: Any,
) -> Assortment:
    """An assortment for one audience key or several. With nothing named it covers every product."""
    number = next(_numbers)
    items = [{"product": each} for each in products]
    items += [{"line": make_line(each) if isinstance(each, str) else each} for each in lines]
    items += [{"category": each} for each in categories]
    assortment = Assortment.objects.create(
        code=fields.pop("code", f"assortment-{number}"),
        name=fields.pop("name", f"Assortment {number}"),
        effect=effect,
        all_products=not items if everything is None else everything,
        **fields,
    )
    for key in [audience_key] if isinstance(audience_key, str) else audience_key:
        AssortmentAudience.objects.create(assortment=assortment, audience_key=key)
    for item in items:
        AssortmentItem.objects.create(assortment=assortment, **item)
    return assortment


def deny(audience_key: str | Iterable[str] = "members", **what: Any) -> Assortment:
    """As :func:`grant`, but it denies."""
    return grant(audience_key, effect="deny", **what)


def _product_class() -> Any:
    model = get_model("catalogue", "ProductClass")
    return model.objects.get_or_create(name="Goods", defaults={"track_stock": False})[0]
