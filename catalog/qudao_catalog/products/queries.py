"""Products as a viewer may see them, their facts for lists and orders, and their names in the back office."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple, TypeVar

from django.db.models import (
    CharField,
    Exists,
    F,
    FilteredRelation,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf, Replace, Upper
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_core.headless.references import ambiguous
from qudao_search import api as search

from ..assortments.queries import visibility, visibility_rule
from ..compiled_queries import CompiledQueries
from ..measures import ANY_UNIT, UnitFacts, UnitName
from ..product_facts import ProductFacts
from ..product_references import CodeMatches, Codes, case_variants, read_code
from .models import AttributeText, ProductLine, ProductProfile, ProductTranslation, TaxClass, Unit

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
_statements = CompiledQueries(size=200)


@dataclass(frozen=True, slots=True)
class Terms:
    """Units, lines and tax classes by id; few, so they are kept instead of joined. ``names`` are those of the units."""

    units: dict[int, UnitFacts]
    names: dict[int, UnitName]
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
    units = {unit.pk: unit.facts for unit in Unit.objects.all()}
    return Terms(
        units=units,
        names={pk: unit.label("en") for pk, unit in units.items()},
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
    sight = visibility_rule(viewer, versions)
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
) -> CodeMatches[ProductFacts]:
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
        return CodeMatches()
    rows = visible_profiles(viewer, versions).alias(
        upper_sku=Upper("sku"), upper_key=Upper("external_key"), upper_barcode=Upper("barcode")
    )
    return wanted.match(read_facts(rows.filter(condition), versions))


class ProductNames(NamedTuple):
    """What a product is called."""

    id: int
    sku: str
    external_key: str
    barcode: str


_NAMES = ("sku", "external_key", "barcode")
#: What people leave out of a code or write otherwise.
_SEPARATORS = "-./_ "


def names_matching(
    viewer: core.Viewer, texts: Iterable[str], versions: core.Versions | None = None
) -> list[ProductNames]:
    """Products of the viewer that have one of ``texts`` as SKU, external key or barcode, letter case ignored.

    One statement for any number of texts, most of which may be no code at all: for texts that are searched for codes.
    """
    wanted = sorted({variant for text in texts for variant in case_variants(text)})
    return _having(viewer, wanted, {name: Upper(name) for name in _NAMES}, versions)


def names_alike(
    viewer: core.Viewer, keys: Iterable[str], versions: core.Versions | None = None
) -> list[ProductNames]:
    """As :func:`names_matching`, for ``keys`` in capitals without separators and leading zeros; reads every product."""
    return _having(viewer, sorted(set(keys)), {name: _without_separators(name) for name in _NAMES}, versions)


def _without_separators(name: str) -> Func:
    plain: Any = Upper(name)
    for separator in _SEPARATORS:
        plain = Replace(plain, Value(separator), Value(""))
    return Func(plain, Value("0"), function="LTRIM", output_field=CharField())


def _having(
    viewer: core.Viewer, texts: Sequence[str], columns: dict[str, Any], versions: core.Versions | None
) -> list[ProductNames]:
    if not texts:
        return []
    rows = visible_profiles(viewer, versions).alias(
        **{f"plain_{name}": made for name, made in columns.items()}
    )
    condition = reduce(or_, [Q(**{f"plain_{name}__among_texts": texts}) for name in columns])
    return [ProductNames(*row) for row in rows.filter(condition).order_by().values_list("pk", *_NAMES)]


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
_NO_NAME = _NO_UNIT.label("en")


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
        known.names[unit_id],
        unit.name_zh,
        unit.decimals,
        known.names.get(pack_unit_id, _NO_NAME),
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
    "names_alike",
    "names_matching",
    "ProductNames",
    "product_facts",
    "product_not_found",
    "read_facts",
    "terms",
    "visible_products",
    "visible_profiles",
]


def lock_products(condition: Q) -> None:
    """Lock products, in the order of their keys: whoever changes what is said of a product holds its profile first."""
    rows = ProductProfile.objects.alias(key=Upper("sku")).filter(condition)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


#: Of a longer text the rest is not compared word by word: SQLite reads conditions only so deep.
MOST_WORDS = 40


def title_lookups(product: str = "product", language: str = "") -> tuple[str, ...]:
    """What to prefetch so that :func:`title_of` costs no statement per row; nothing for readers of the source language.

    ``product``: the way to it from the row, empty for products themselves.
    """
    if not (language or get_language() or "").startswith("zh"):
        return ()
    way = f"{product}__" if product else ""
    return f"{way}translations", f"{way}parent__translations"


def title_of(product: Any, language: str = "") -> str:
    """The product's name for the reader: its own or its parent's, in Chinese where there is one and they read it."""
    language = language or get_language() or ""
    family = (product, product.parent) if product.parent_id else (product,)
    if language.startswith("zh"):
        for each in family:
            if found := next((row.title for row in each.translations.all() if row.language == CHINESE), ""):
                return str(found)
    return next((str(each.title) for each in family if each.title), "")


def sku_of(product: Any) -> str:
    """The product's SKU; empty for one of Oscar's that is not part of the channel, as a family may be."""
    profile = getattr(product, "profile", None)
    return str(profile.sku) if profile is not None else ""


def title_matches(text: str, product: str = "product") -> Q:
    """Rows whose product a box of the back office finds by ``text``.

    What the search finds by it, read as everywhere (word order, units, synonyms, pinyin, other script); and what has
    each of the words in its name or SKU, for the search knows neither what is not public nor the middle of a word.
    """
    named = [_has(word, product) for word in text.split()[:MOST_WORDS]]
    found = [int(item) for item in search.everything_of("product", text) if item.isdecimal()]
    return reduce(and_, named, Q()) | Q(**{f"{product}__in": found}) if found else reduce(and_, named, Q())


class SearchesProducts:
    """A view of the back office whose search field finds rows by their product; further fields in ``search_fields``."""

    #: The way from a row to its product.
    product_path = "product"
    is_searchable = True

    def search_queryset(self, queryset: Any) -> Any:
        view: Any = self
        if not view.is_searching:
            return queryset
        wanted = title_matches(view.search_query, self.product_path)
        for name in view.search_fields or ():
            wanted |= Q(**{f"{name}__icontains": view.search_query})
        return queryset.filter(wanted)


def _has(word: str, product: str) -> Q:
    translated = ProductTranslation.objects.filter(title__icontains=word).order_by().values("product_id")
    return (
        Q(**{f"{product}__profile__sku__icontains": word})
        | Q(**{f"{product}__title__icontains": word})
        | Q(**{f"{product}__parent__title__icontains": word})
        | Q(**{f"{product}__in": translated})
        | Q(**{f"{product}__parent__in": translated})
    )
