"""Products as a viewer may know them. What the viewer may not see is not found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeVar

from django.db.models import (
    CharField,
    Exists,
    F,
    FilteredRelation,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf, Upper
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_core.headless.references import ambiguous

from ..assortments.queries import visibility, visible_sight
from ..measures import ANY_UNIT, UnitFacts
from ..prepared import Prepared
from .models import AttributeText, ProductLine, ProductProfile, TaxClass, Unit
from .naming import Codes, Found, read_code
from .rules import ProductFacts

#: Raised by every change of units, product lines and tax classes.
TERMS = "product_terms"
#: More codes than this are refused at once: no list of a person or a file's chunk is longer.
MOST_CODES = 10_000
CHINESE = "zh-hans"
Product = get_model("catalogue", "Product")
ProductImage = get_model("catalogue", "ProductImage")
#: What can be ordered: not the family, but its variants.
ORDERABLE = (Product.STANDALONE, Product.CHILD)

M = TypeVar("M", bound=Model)
_kept: core.VersionedCache[Terms] = core.VersionedCache(size=2)
_statements = Prepared(size=200)


@dataclass(frozen=True, slots=True)
class Terms:
    """Units, lines and tax classes by id; few, so they are kept instead of joined."""

    units: dict[int, UnitFacts]
    lines: dict[int, tuple[str, str, str]]
    taxes: dict[int, tuple[str, Any]]


def text_in(language: str) -> Subquery:
    """For rows of attribute values: what the attribute says in this language, beside the source's."""
    own = AttributeText.objects.filter(
        product=OuterRef("product"), attribute=OuterRef("attribute"), language=language
    )
    return Subquery(own.values("text")[:1])


def terms(versions: core.Versions | None = None) -> Terms:
    """Units, product lines and tax classes; kept until one of them changes."""
    versions = versions if versions is not None else core.Versions.read()
    return _kept.get("terms", versions.of(TERMS), _read_terms)


def _read_terms() -> Terms:
    lines = ProductLine.objects.values_list("pk", "code", "name", "name_zh")
    taxes = TaxClass.objects.values_list("pk", "code", "rate")
    return Terms(
        units={unit.pk: unit.facts for unit in Unit.objects.all()},
        lines={pk: (code, name, name_zh) for pk, code, name, name_zh in lines},
        taxes=dict((pk, (code, rate)) for pk, code, rate in taxes),
    )


def visible_profiles(viewer: core.Viewer, versions: core.Versions | None = None) -> QuerySet[ProductProfile]:
    """Profiles of what the viewer may see and could order: standalone products and variants.

    ``pk`` = product id.
    """
    rows = ProductProfile.objects.order_by("sku")
    seen = visibility(viewer, product="product__", profile="", versions=versions)
    return rows.none() if seen is None else rows.filter(seen, product__structure__in=ORDERABLE)


def visible_products(viewer: core.Viewer, versions: core.Versions | None = None) -> QuerySet[Any]:
    """Oscar products the viewer may see: granted, not denied, public, with a profile.

    A parent of variants is seen when one of its variants is. For rows that can be ordered use
    :func:`visible_profiles`.
    """
    seen = visibility(viewer, product="", profile="profile__", versions=versions)
    if seen is None:
        return Product.objects.none()
    alone = seen & Q(structure__in=ORDERABLE, profile__isnull=False)
    variants = Product.objects.filter(alone, parent_id=OuterRef("pk"), structure=Product.CHILD)
    family = Q(Exists(variants.order_by()), structure=Product.PARENT, is_public=True, profile__isnull=False)
    return Product.objects.filter(alone | family)


def product_facts(
    viewer: core.Viewer, ids: Iterable[int], versions: core.Versions | None = None
) -> dict[int, ProductFacts]:
    """Facts of those of the products that the viewer may see and that can be ordered; one statement.

    :param versions: fact versions the caller has read already; saves a statement.
    """
    versions = versions if versions is not None else core.Versions.read()
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    sight = visible_sight(viewer, versions)
    if sight.nothing:
        return {}
    rows = _statements.rows_of(
        sight, wanted, lambda among: _fact_rows(visible_profiles(viewer, versions).filter(pk__among=among))
    )
    return {facts.id: facts for facts in facts_of_rows(rows, versions)}


def facts_in_order(ids: Sequence[int], versions: core.Versions | None = None) -> list[ProductFacts]:
    """Facts of products whose ids were read through the viewer, in this order; one statement."""
    rows = _statements.rows_of(
        "any", ids, lambda among: _fact_rows(ProductProfile.objects.filter(pk__among=among))
    )
    found = {facts.id: facts for facts in facts_of_rows(rows, versions)}
    return [found[pk] for pk in ids if pk in found]


def _fact_rows(profiles: QuerySet[ProductProfile]) -> QuerySet[ProductProfile, tuple[Any, ...]]:
    return profiles.annotate(**fact_annotations()).values_list(*COLUMNS)


def facts_by_code(
    viewer: core.Viewer, codes: Iterable[int | str], versions: core.Versions | None = None
) -> Found[ProductFacts]:
    """Products by what people call them: SKU, else external key, else barcode; or ``ext:``, ``barcode:``, ``id:``.

    Upper and lower case are the same.

    Keys of the answer are the codes as they were given. A barcode that several products share names
    none of them; it stands in ``ambiguous``.

    :raises core.Refusal: ``too_many_codes``, above 10,000.
    """
    versions = versions if versions is not None else core.Versions.read()
    wanted = Codes.of(codes)
    if len(wanted.read) > MOST_CODES:
        raise core.Refusal(
            "too_many_codes", _("At most %(most)d products at once.") % {"most": MOST_CODES}, status=400
        )
    condition = _named(wanted)
    if condition is None:
        return Found()
    rows = visible_profiles(viewer, versions).alias(
        upper_sku=Upper("sku"), upper_key=Upper("external_key"), upper_barcode=Upper("barcode")
    )
    return wanted.match(read_facts(rows.filter(condition), versions))


def _named(wanted: Codes) -> Q | None:
    columns = {"sku": "upper_sku", "ext": "upper_key", "barcode": "upper_barcode"}
    parts = [Q(**{f"{columns[kind]}__in": sorted(names)}) for kind, names in wanted.wanted.items() if names]
    parts += [Q(pk__in=sorted(wanted.ids))] if wanted.ids else []
    return reduce(Q.__or__, parts) if parts else None


def read_facts(
    profiles: QuerySet[ProductProfile], versions: core.Versions | None = None
) -> list[ProductFacts]:
    """The facts of the profiles in a queryset (which may be sliced), in its order; one statement."""
    if "fact_title" not in profiles.query.annotations:
        profiles = profiles.annotate(**fact_annotations())
    return facts_of_rows(profiles.values_list(*COLUMNS), versions)


def facts_of_rows(
    rows: Iterable[tuple[Any, ...]], versions: core.Versions | None = None
) -> list[ProductFacts]:
    """Facts of rows that were read as ``.annotate(**fact_annotations()).values_list(*COLUMNS)``."""
    found = list(rows)
    try:
        known = terms(versions)
        return [_facts(row, known) for row in found]
    except KeyError:  # a unit, line or tax class younger than the versions this request has read
        fresh = _read_terms()
        return [_facts(row, fresh) for row in found]


def fact_annotations() -> dict[str, Any]:
    """Words and main picture of a profile, its parent's where it has none of its own."""
    return {
        "zh": FilteredRelation("product__translations", condition=Q(product__translations__language=CHINESE)),
        "parent_zh": FilteredRelation(
            "product__parent__translations", condition=Q(product__parent__translations__language=CHINESE)
        ),
        "fact_title": Coalesce(
            NullIf(F("product__title"), Value("")), F("product__parent__title"), Value("")
        ),
        "fact_title_zh": Coalesce(F("zh__title"), F("parent_zh__title"), Value("")),
        "fact_picture": Coalesce(_picture("product_id"), _picture("product__parent_id"), Value("")),
    }


def _picture(reference: str) -> Subquery:
    rows = ProductImage.objects.filter(product_id=OuterRef(reference)).order_by("display_order", "pk")
    return Subquery(rows.values("original")[:1], output_field=CharField())


COLUMNS = (
    "product_id",
    "sku",
    "fact_title",
    "fact_title_zh",
    "line_id",
    "unit_id",
    "pack_unit_id",
    "pack_size",
    "sold_in_packs",
    "min_quantity",
    "max_quantity",
    "tax_class_id",
    "status",
    "replacement_id",
    "barcode",
    "external_key",
    "product__parent_id",
    "fact_picture",
)
_NO_UNIT = UnitFacts()
_ENGLISH = "en"


def _facts(row: tuple[Any, ...], known: Terms) -> ProductFacts:
    pk, sku, title, title_zh, line_id, unit_id, pack_unit_id, pack_size = row[:8]
    in_packs, low, high, tax_id, status, replacement_id, barcode, external_key, parent_id, picture = row[8:]
    unit, pack_unit = known.units[unit_id], known.units.get(pack_unit_id, _NO_UNIT)
    tax_code, tax_rate = known.taxes[tax_id]
    return ProductFacts(
        pk,
        sku,
        title,
        title_zh,
        line_id,
        known.lines[line_id][0] if line_id else "",
        unit.label(_ENGLISH),
        unit.name_zh,
        unit.decimals,
        pack_unit.label(_ENGLISH),
        pack_unit.name_zh,
        pack_size,
        in_packs,
        low,
        high,
        tax_rate,
        status,
        replacement_id,
        barcode,
        external_key,
        parent_id,
        picture,
        unit.code,
        pack_unit.code,
        tax_code,
    )


#: SQLite takes some 32,000 parameters in a statement.
_MOST_IDS = 20_000
_UNIT_FIELDS = ("unit__code", "unit__name", "unit__name_plural", "unit__name_zh", "unit__decimals")


def units_of(ids: Iterable[int]) -> dict[int, UnitFacts]:
    """Product id → its unit, for those of ``ids`` that are products of the channel; for sellers' own writes.

    One statement per 20,000 ids.
    """
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), _MOST_IDS):
        rows = ProductProfile.objects.filter(pk__in=wanted[start : start + _MOST_IDS]).order_by()
        for pk, code, *facts in rows.values_list("pk", *_UNIT_FIELDS):
            found[pk] = UnitFacts(code, *facts) if code else ANY_UNIT
    return found


def units_by_code(versions: core.Versions | None = None) -> dict[str, UnitFacts]:
    """Unit code → unit. Orders keep codes, so that they stay what they were."""
    return {unit.code: unit for unit in terms(versions).units.values()}


def facts_for_staff(ids: Iterable[int]) -> dict[int, ProductFacts]:
    """Facts regardless of assortments, for imports and jobs that act for nobody.

    Never for a page or the API.
    """
    rows = ProductProfile.objects.filter(pk__among=sorted(set(ids)), product__structure__in=ORDERABLE)
    return {facts.id: facts for facts in read_facts(rows)}


def facts_of(viewer: core.Viewer, code: int | str, versions: core.Versions | None = None) -> ProductFacts:
    """One orderable product by its SKU, or by ``ext:``, ``barcode:`` or ``id:`` and that name.

    :raises core.NotFound: unknown, or not for this viewer; both look the same.
    :raises core.Refusal: ``ambiguous_reference``.
    """
    known = facts_by_code(viewer, [code], versions)
    found, reference = known.get(code), read_code(code)
    if code in known.ambiguous and reference is not None and reference.kind:
        raise ambiguous(str(code), [f"sku:{sku}" for sku in known.ambiguous[code]], field="product")
    if found is None or reference is None:
        raise product_not_found(str(code))
    if not reference.kind and found.sku.upper() != reference.value.upper():
        raise product_not_found(str(code))
    return found


def example_sku() -> str:
    """The SKU of some product that can be ordered, for examples; empty when there is none."""
    rows = ProductProfile.objects.exclude(product__structure="parent").order_by("pk")
    return rows.values_list("sku", flat=True).first() or ""


def known_skus(texts: Collection[str]) -> set[str]:
    """Those of ``texts`` that are SKUs here, of any product: for recognising a column of a file."""
    profiles = ProductProfile.objects.filter(sku__in=texts)
    return set(profiles.values_list("sku", flat=True))


def product_not_found(sku: str) -> core.NotFound:
    """What is raised for an unknown product and for one the viewer may not see: they look the same."""
    return core.NotFound(
        "product_not_found",
        _("There is no product “%(sku)s” in your catalogue.") % {"sku": sku[:64]},
        field="sku",
        params={"sku": sku[:64]},
    )


__all__ = [
    "MOST_CODES",
    "ORDERABLE",
    "COLUMNS",
    "TERMS",
    "Terms",
    "fact_annotations",
    "facts_by_code",
    "facts_in_order",
    "facts_of_rows",
    "facts_for_staff",
    "facts_of",
    "known_skus",
    "product_facts",
    "product_not_found",
    "read_facts",
    "terms",
    "visible_products",
    "visible_profiles",
]
