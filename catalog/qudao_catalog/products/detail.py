"""Everything a product's page and its API document show, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_core.headless.references import ReferenceKinds, resolve
from qudao_core.headless.rules import Reference
from qudao_partner_portal import api as portal

from ..categories.queries import category_tree
from ..categories.rules import CategoryNode
from ..compiled_queries import CompiledQueries
from ..product_facts import ProductFacts
from .models import ProductDocument, ProductTranslation
from .queries import (
    CHINESE,
    product_facts,
    product_not_found,
    read_facts,
    sku_of,
    text_in,
    visible_products,
    visible_profiles,
)

Product = get_model("catalogue", "Product")
ProductImage = get_model("catalogue", "ProductImage")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
#: Bounds of what one page shows.
MOST_VARIANTS, MOST_RELATED = 500, 12
_statements = CompiledQueries()


@dataclass(frozen=True, slots=True)
class AttributeFact:
    """One attribute of a product, ready to read. ``value`` and ``value_zh`` are texts.

    Flags are ``yes``/``no``.
    """

    code: str
    label: str
    label_zh: str
    value: str
    value_zh: str = ""
    unit: str = ""
    type: str = "text"

    def name(self, language: str) -> str:
        return self.label_zh if self.label_zh and language.startswith("zh") else self.label

    def text(self, language: str) -> str:
        return self.value_zh if self.value_zh and language.startswith("zh") else self.value


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """A file about the product. ``url`` is Wagtail's, which checks who asks."""

    id: int
    title: str
    url: str
    kind: str
    language: str
    size: int | None
    extension: str


@dataclass(frozen=True, slots=True)
class ProductDetail:
    """A product or a family of variants as one viewer may see it.

    ``facts`` is ``None`` for a family itself, which is not ordered. ``variants`` are the visible
    members of the family, the product itself among them; ``variant_attributes`` what tells them apart,
    by product id.
    """

    id: int
    sku: str
    title: str
    title_zh: str
    description: str
    description_zh: str
    facts: ProductFacts | None
    images: tuple[tuple[str, str], ...] = ()
    attributes: tuple[AttributeFact, ...] = ()
    documents: tuple[DocumentFact, ...] = ()
    categories: tuple[CategoryNode, ...] = ()
    variants: tuple[ProductFacts, ...] = ()
    variant_attributes: Mapping[int, tuple[AttributeFact, ...]] = field(default_factory=dict)
    related: tuple[ProductFacts, ...] = ()
    replacement: ProductFacts | None = None
    family_sku: str = ""

    def name(self, language: str) -> str:
        return self.title_zh if self.title_zh and language.startswith("zh") else self.title

    def text(self, language: str) -> str:
        return self.description_zh if self.description_zh and language.startswith("zh") else self.description

    @property
    def shown_facts(self) -> tuple[ProductFacts, ...]:
        """Every orderable product on the page, each once."""
        every = [self.facts, *self.variants, *self.related, self.replacement]
        return tuple({facts.id: facts for facts in every if facts}.values())


PRODUCT_NAMES = ReferenceKinds(
    lambda: product_not_found(""),
    {
        "sku": "profile__sku__iexact",
        "ext": "profile__external_key__iexact",
        "barcode": "profile__barcode__iexact",
    },
    ("id", "sku"),
)


def get_product(
    viewer: core.Viewer, key: str | Reference, versions: core.Versions | None = None
) -> ProductDetail:
    """The product or family with the SKU ``key`` (or named by a reference), with everything about it.

    A fixed number of statements, at most 14.

    :raises core.NotFound: unknown, or not for this viewer; both look the same.
    """
    versions = versions if versions is not None else core.Versions.read()
    reference = Reference("sku", key.strip()) if isinstance(key, str) else key
    rows = visible_products(viewer, versions).select_related("profile", "parent__profile")
    product = resolve(
        reference, rows, replace(PRODUCT_NAMES, missing=lambda: product_not_found(str(reference)))
    )
    family = product if product.structure == Product.PARENT else product.parent
    words = _translations([product.pk, *([family.pk] if family else [])])
    around = _around(viewer, product, family, versions)
    own = words.get(product.pk, ("", ""))
    above = words.get(family.pk, ("", "")) if family else ("", "")
    attributes = _attributes([product.pk, *[facts.id for facts in around["variants"]]], family)
    return ProductDetail(
        id=product.pk,
        sku=product.profile.sku,
        title=product.title or (family.title if family else ""),
        title_zh=own[0] or above[0],
        description=product.description or (family.description if family else ""),
        description_zh=own[1] or above[1],
        images=_images(product, family),
        attributes=attributes.get(product.pk, ())
        if product.structure != Product.PARENT
        else _common(attributes),
        documents=_documents(viewer, product, family),
        categories=_categories(family or product, versions),
        variant_attributes=_differing(attributes, [facts.id for facts in around["variants"]]),
        family_sku=sku_of(family) if family and family is not product else "",
        **around,
    )


def _around(viewer: core.Viewer, product: Any, family: Any, versions: core.Versions) -> dict[str, Any]:
    """The product's facts, its variants, related products and replacement; two statements."""
    related = _related_ids(family or product)
    replacement_id = product.profile.replacement_id
    ids = [product.pk, *related, *([replacement_id] if replacement_id else [])]
    if family is None:
        found = product_facts(viewer, ids, versions)
    else:
        wanted = Q(pk__in=ids) | Q(product__parent_id=family.pk)
        rows = visible_profiles(viewer, versions).filter(wanted)[: MOST_VARIANTS + MOST_RELATED + 2]
        found = {facts.id: facts for facts in read_facts(rows, versions)}
    variants = [facts for facts in found.values() if family is not None and facts.parent_id == family.pk]
    return {
        "facts": found.get(product.pk) if product.structure != Product.PARENT else None,
        "variants": tuple(variants[:MOST_VARIANTS]),
        "related": tuple(found[pk] for pk in related if pk in found),
        "replacement": found.get(replacement_id),
    }


def _related_ids(product: Any) -> list[int]:
    model = Product.recommended_products.through

    def rows(ids: Any) -> QuerySet[Any, tuple[Any, ...]]:
        found = model.objects.filter(primary_id__among=ids).order_by("-ranking", "pk")
        return found.values_list("recommendation_id")[:MOST_RELATED]

    return [pk for (pk,) in _statements.rows_of("related", [product.pk], rows)]


def _translations(ids: list[int]) -> dict[int, tuple[str, str]]:
    def rows(ids: Any) -> QuerySet[Any, tuple[Any, ...]]:
        found = ProductTranslation.objects.filter(product_id__among=ids, language=CHINESE)
        return found.order_by().values_list("product_id", "title", "description")

    return {pk: (title, text) for pk, title, text in _statements.rows_of("words", ids, rows)}


def _images(product: Any, family: Any) -> tuple[tuple[str, str], ...]:
    """(stored name, caption); a variant without pictures shows its family's."""

    def rows(ids: Any) -> QuerySet[Any, tuple[Any, ...]]:
        found = ProductImage.objects.filter(product_id__among=ids).order_by("display_order", "pk")
        return found.values_list("product_id", "original", "caption")

    ids = [product.pk, *([family.pk] if family else [])]
    found = _statements.rows_of("images", ids, rows)
    own = [row for row in found if row[0] == product.pk] or found
    return tuple((original, caption) for _pk, original, caption in own[:20])


#: Documents of a product stand by kind, as its choices do: data sheets first, then manuals, drawings, certificates.
_KINDS = {kind: place for place, kind in enumerate(ProductDocument.Kind.values)}


def _documents(viewer: core.Viewer, product: Any, family: Any) -> tuple[DocumentFact, ...]:
    """Those of the product and its family, without those that are meant for others."""
    ids = [product.pk, *([family.pk] if family else [])]
    rows = ProductDocument.objects.filter(product_id__in=ids).select_related("document__qudao_audience")
    unique = {
        row.document_id: row
        for row in sorted(
            rows.order_by("position", "pk")[:100], key=lambda row: _KINDS.get(row.kind, len(_KINDS))
        )
        if portal.is_for(viewer, getattr(row.document, "qudao_audience", None))
    }
    return tuple(
        DocumentFact(
            id=row.document_id,
            title=row.document.title,
            url=row.document.url,
            kind=row.kind,
            language=row.language,
            size=row.document.file_size,
            extension=row.document.file_extension,
        )
        for row in unique.values()
    )


def _categories(product: Any, versions: core.Versions) -> tuple[CategoryNode, ...]:
    model = Product.categories.through

    def rows(ids: Any) -> QuerySet[Any, tuple[Any, ...]]:
        return model.objects.filter(product_id__among=ids).order_by("category_id").values_list("category_id")

    tree = category_tree(versions)
    nodes = [tree.get(pk) for (pk,) in _statements.rows_of("categories", [product.pk], rows)]
    return tuple(node for node in nodes if node is not None)


def _attributes(product_ids: Iterable[int], family: Any) -> dict[int, tuple[AttributeFact, ...]]:
    """Attributes by product, the family's own among them. Two statements."""
    parent = family.pk if family else None
    ids = {*product_ids, *([parent] if parent else [])}
    return attributes_of({pk: parent if pk != parent else None for pk in sorted(ids)})


def attributes_of(parents: Mapping[int, int | None]) -> dict[int, tuple[AttributeFact, ...]]:
    """Attributes of products given as id → id of the family, in their order.

    Variants have their family's where they state none of their own. Two statements and those of options.
    """
    ids = sorted({*parents, *(pk for pk in parents.values() if pk)})
    rows = AttributeValue.objects.filter(product_id__in=ids).select_related(
        "attribute__profile", "value_option"
    )
    rows = rows.prefetch_related("value_multi_option__translations", "value_option__translations")
    rows = rows.annotate(text_zh=text_in(CHINESE))
    by_product: dict[int, dict[str, tuple[tuple[int, int], AttributeFact]]] = {}
    for row in rows:
        fact = _attribute_fact(row)
        if fact is not None:
            profile = getattr(row.attribute, "profile", None)
            place = (profile.position if profile else 100, row.attribute_id)
            by_product.setdefault(row.product_id, {})[fact.code] = (place, fact)
    merged = {pk: by_product.get(above or 0, {}) | by_product.get(pk, {}) for pk, above in parents.items()}
    return {
        pk: tuple(fact for _place, fact in sorted(facts.values(), key=lambda entry: entry[0]))
        for pk, facts in merged.items()
    }


def _attribute_fact(row: Any) -> AttributeFact | None:
    attribute = row.attribute
    profile = getattr(attribute, "profile", None)
    value, value_zh = _attribute_texts(row)
    if not value:
        return None
    return AttributeFact(
        code=attribute.code,
        label=attribute.name,
        label_zh=profile.name_zh if profile else "",
        value=value,
        value_zh=value_zh,
        unit=profile.unit if profile else "",
        type=attribute.type,
    )


def _attribute_texts(row: Any) -> tuple[str, str]:
    kind = row.attribute.type
    if kind == "option":
        options = [row.value_option] if row.value_option_id else []
    elif kind == "multi_option":
        options = list(row.value_multi_option.all())
    elif kind == "boolean":
        return ("", "") if row.value_boolean is None else ("Yes", "是") if row.value_boolean else ("No", "否")
    elif kind in ("file", "image", "entity"):
        return "", ""
    else:
        value = getattr(row, f"value_{kind}")
        return (
            ("", "")
            if value is None
            else (f"{value:g}" if kind == "float" else str(value), row.text_zh or "")
        )
    words = [{each.language: each.name for each in option.translations.all()} for option in options]
    return (
        ", ".join(option.option for option in options),
        "、".join(found.get(CHINESE) or option.option for option, found in zip(options, words, strict=True)),
    )


def _common(attributes: Mapping[int, tuple[AttributeFact, ...]]) -> tuple[AttributeFact, ...]:
    """What holds for a whole family: the facts that all its members share."""
    sets = [set(facts) for facts in attributes.values()]
    first = next(iter(attributes.values()), ())
    return tuple(fact for fact in first if all(fact in each for each in sets))


def _differing(
    attributes: Mapping[int, tuple[AttributeFact, ...]], ids: list[int]
) -> dict[int, tuple[AttributeFact, ...]]:
    """What tells the variants apart: the attributes in which at least two of them differ."""
    mine = {pk: attributes.get(pk, ()) for pk in ids}
    values: dict[str, set[str]] = {}
    for facts in mine.values():
        for fact in facts:
            values.setdefault(fact.code, set()).add(fact.value)
    stated = {
        code: sum(any(fact.code == code for fact in facts) for facts in mine.values()) for code in values
    }
    telling = {code for code, found in values.items() if len(found) > 1 or stated[code] < len(mine)}
    return {pk: tuple(fact for fact in facts if fact.code in telling) for pk, facts in mine.items()}
