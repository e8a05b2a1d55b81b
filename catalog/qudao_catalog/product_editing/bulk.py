"""Many products at once: everything read in a few statements, checked in memory, and written in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.text import slugify
from oscar.core.loading import get_model

from .. import conf, product_facts
from ..bulk_rows import BATCH, analyze_tables, chunks, upsert
from ..measures import ANY_UNIT, UnitFacts, quantity_fault
from ..product_references import case_variants
from ..products import rules
from ..products.models import ProductLine, ProductProfile, ProductTranslation, TaxClass, TypeTranslation, Unit
from ..products.queries import lock_products
from .attributes import AttributeWriter
from .inputs import CleanRow, InputIssue

Category = get_model("catalogue", "Category")
ProductCategory = get_model("catalogue", "ProductCategory")
Product = get_model("catalogue", "Product")


def category_key(name: str) -> str:
    """``Lighting>LED lamps``, ``lighting / led lamps`` and ``Lighting > LED lamps`` are the same."""
    return "/".join(part.strip() for part in name.replace(">", "/").split("/")).casefold()


def category_codes() -> dict[str, int]:
    """What a category may be called: code, id with a mark, slug path, name path; all in one table."""
    found: dict[str, int] = {}
    slugs: dict[str, str] = {}
    names: dict[str, str] = {}
    for row in Category.objects.order_by("path"):
        above = row.path[: -row.steplen]
        slugs[row.path] = f"{slugs.get(above, '')}/{row.slug}".strip("/")
        names[row.path] = f"{names.get(above, '')} > {row.name}".removeprefix(" > ")
        for name in (f"id:{row.pk}", slugs[row.path], names[row.path], row.code or ""):
            if name:
                found.setdefault(category_key(name), row.pk)
    return found


def example_category() -> str:
    """The path of names of some category, as deep as they go; empty when there is none."""
    found = Category.objects.order_by("-depth", "path").first()
    if found is None:
        return ""
    return " > ".join([*(each.name for each in found.get_ancestors()), found.name])


def save_categories(works: list[Work], codes: dict[str, int]) -> None:
    """File products as their rows say; one read, one delete and one insert for all of them."""
    wanted = {
        work.product.pk: {codes[category_key(code)] for code in work.values["categories"]}
        for work in works
        if "categories" in work.values and work.product.structure != Product.CHILD
    }
    by_product = {work.product.pk: work for work in works}
    now: dict[int, set[int]] = {pk: set() for pk in wanted}
    for part in chunks(sorted(wanted)):
        rows = ProductCategory.objects.filter(product_id__in=part).values_list("product_id", "category_id")
        for product_id, category_id in rows:
            now[product_id].add(category_id)
    for pk, categories in wanted.items():
        if categories != now[pk]:
            by_product[pk].change("categories", sorted(now[pk]), sorted(categories))
    gone = Q()
    for pk, categories in wanted.items():
        if now[pk] - categories:
            gone |= Q(product_id=pk, category_id__in=now[pk] - categories)
    if gone:
        ProductCategory.objects.filter(gone).delete()
    added = [
        ProductCategory(product_id=pk, category_id=category)
        for pk, categories in wanted.items()
        for category in sorted(categories - now[pk])
    ]
    ProductCategory.objects.bulk_create(added, batch_size=BATCH)


def save_translations(works: list[Work]) -> None:
    wanted: dict[tuple[int, str], dict[str, str]] = {}
    owners: dict[int, Work] = {}
    for work in works:
        owners[work.product.pk] = work
        for name, field_name in (("titles", "title"), ("descriptions", "description")):
            for language, text in work.values.get(name, {}).items():
                wanted.setdefault((work.product.pk, language), {})[field_name] = text
    if not wanted:
        return
    now = _translations_of({pk for pk, _language in wanted})
    rows = []
    for (pk, language), words in wanted.items():
        row = now.get((pk, language)) or ProductTranslation(product_id=pk, language=language)
        if not all(getattr(row, name) == text for name, text in words.items()):
            for name, text in words.items():
                owners[pk].change(f"{name}_{language}", getattr(row, name), text)
                setattr(row, name, text)
            row.sort_key = rules.sort_key(row.title)
            rows.append(row)
    upsert(
        ProductTranslation, rows, ["product", "language"], ["title", "description", "sort_key"], insert=True
    )


def _translations_of(product_ids: set[int]) -> dict[tuple[int, str], ProductTranslation]:
    found = {}
    for part in chunks(sorted(product_ids)):
        rows = ProductTranslation.objects.filter(product_id__in=part)
        found |= {(row.product_id, row.language): row for row in rows}
    return found


def check_barcodes(works: Iterable[Work]) -> None:
    """Refuse rows whose new barcode another product has, or gets by an earlier row; a row may pass its own on.

    A family and its variants may share one, because the family is never ordered. Barcodes that stood twice before
    stay until somebody changes them.
    """
    rows = [work for work in works if work.profile is not None and work.product is not None]
    fresh = [work for work in rows if work.profile and work.profile.barcode and _is_new(work)]
    if not fresh:
        return
    kept = {work.profile.pk for work in rows if work.profile and "barcode" in work.values}
    taken = _stored({work.profile.barcode.upper() for work in fresh if work.profile}, kept)
    for work in rows:
        if work.profile and work.profile.barcode and not _is_new(work):
            taken.setdefault(work.profile.barcode.upper(), []).append(_owner(work))
    for work in fresh:
        assert work.profile is not None
        own = _owner(work)
        owners = taken.setdefault(work.profile.barcode.upper(), [])
        other = next((each for each in owners if not _same(own, each)), None)
        if other is not None:
            work.refuse("barcode_taken", "barcode", value=work.profile.barcode, sku=other[0])
        else:
            owners.append(own)


#: SKU, product and its family, as objects or ids.
Owner = tuple[str, Any, Any]


def _is_new(work: Work) -> bool:
    return "barcode" in work.changes or (work.is_new and "barcode" in work.values)


def _owner(work: Work) -> Owner:
    return (work.row.sku, work.product.pk or id(work.product), _key(work.parent))


def _key(product: Any) -> Any:
    return None if product is None else product.pk or id(product)


def _same(one: Owner, other: Owner) -> bool:
    """The same product, or a family and its variant."""
    return one[1] == other[1] or one[1] == other[2] or one[2] == other[1]


def _stored(barcodes: set[str], changed: set[int]) -> dict[str, list[Owner]]:
    """Who has these barcodes, but for products whose barcode the same call sets."""
    found: dict[str, list[Owner]] = {}
    for part in chunks(sorted(barcodes)):
        rows = ProductProfile.objects.alias(key=Upper("barcode")).filter(key__in=part).order_by("pk")
        for pk, sku, barcode, parent in rows.values_list("pk", "sku", "barcode", "product__parent_id"):
            if pk not in changed:
                found.setdefault(barcode.upper(), []).append((sku, pk, parent))
    return found


ProductClass = get_model("catalogue", "ProductClass")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
#: From so many new products on, what the planner knew of the tables is worth nothing.
MANY = 200
#: Input name → attribute of the profile, for what is copied as it is.
PLAIN = {
    "external_key": "external_key",
    "barcode": "barcode",
    "status": "status",
    "pack_size": "pack_size",
    "sold_in_packs": "sold_in_packs",
    "min_quantity": "min_quantity",
    "max_quantity": "max_quantity",
    "weight_kg": "weight_kg",
    "origin": "origin",
}
REFERENCES = {"line": "line_id", "unit": "unit_id", "pack_unit": "pack_unit_id", "tax_class": "tax_class_id"}
#: What a new product has when nothing says otherwise; both rows are there after the migrations.
NEEDED = {"unit": "pcs", "tax_class": "standard"}
INHERITED = {**REFERENCES, "pack_size": "pack_size", "sold_in_packs": "sold_in_packs"}


@dataclass(slots=True)
class Work:
    """One row on its way: what it is now, what it becomes, what is wrong with it.

    ``is_new``: it has no profile yet, so the channel does not know it (Oscar may).
    """

    number: int
    row: CleanRow
    issues: list[InputIssue] = field(default_factory=list)
    product: Any = None
    parent: Any = None
    profile: ProductProfile | None = None
    is_new: bool = False
    changes: dict[str, list[str]] = field(default_factory=dict)
    product_touched: bool = False
    profile_touched: bool = False

    @property
    def values(self) -> dict[str, Any]:
        return self.row.values

    @property
    def key(self) -> str:
        return self.row.sku.upper()

    def key_of(self, name: str) -> str:
        """The SKU this row gives for ``parent`` or ``replacement``, in capitals."""
        return str(self.values.get(name) or "").upper()

    def refuse(self, code: str, field_name: str, **params: object) -> None:
        self.issues.append(InputIssue(code, field_name, params))

    def change(self, name: str, before: object, after: object) -> None:
        self.changes[name] = [_shown(before), _shown(after)]


class Batch:
    """The rows of one call, with everything they refer to."""

    def __init__(self, rows: Sequence[CleanRow]) -> None:
        self.works = [Work(number, row, list(row.issues)) for number, row in enumerate(rows, start=1)]
        self.by_key: dict[str, Work] = {}
        self._load_references()
        self._load_existing()
        self._find_duplicates()
        self.attributes = AttributeWriter(self.works)

    # --- reading ---

    def _load_references(self) -> None:
        units = list(Unit.objects.all())
        self.units = {unit.pk: unit.facts for unit in units}
        self.codes: dict[str, dict[str, int]] = {
            "line": _by_code(ProductLine),
            "unit": {unit.code.casefold(): unit.pk for unit in units},
            "tax_class": _by_code(TaxClass),
        }
        self.codes["pack_unit"] = self.codes["unit"]
        self.types = self._types()
        wanted = any("categories" in work.values for work in self.works)
        self.categories = category_codes() if wanted else {}

    def _types(self) -> dict[str, Any]:
        """Product types by their name in any language; the source's name comes first."""
        types = {each.pk: each for each in ProductClass.objects.all()}
        found = {each.name.casefold(): each for each in types.values()}
        wanted = any("product_type" in work.values for work in self.works)
        words = TypeTranslation.objects.order_by("pk") if wanted else ()
        for row in words:
            found.setdefault(row.name.casefold(), types[row.product_type_id])
        return found

    def _load_existing(self) -> None:
        names = {
            str(name or "")
            for work in self.works
            for name in (work.row.sku, work.values.get("parent"), work.values.get("replacement"))
        }
        keys = set().union(*map(case_variants, names))
        self.profiles: dict[str, ProductProfile] = {}
        self.unknown: dict[str, Any] = {}
        changed = {
            str(name or "") for work in self.works for name in (work.row.sku, work.values.get("parent"))
        }
        held = set().union(*map(case_variants, changed)) - {""}
        for part in chunks(sorted(held)):
            lock_products(Q(key__in=part))
        for part in chunks(sorted(keys - {""})):
            rows = ProductProfile.objects.alias(key=Upper("sku")).filter(key__in=part)
            self.profiles |= {row.sku.upper(): row for row in rows.select_related("product__parent")}
            bare = Product.objects.alias(key=Upper("upc")).filter(key__in=part, profile=None)
            self.unknown |= {row.upc.upper(): row for row in bare.select_related("parent")}
        self.external = self._external_keys()

    def _external_keys(self) -> dict[str, int]:
        keys = {work.values.get("external_key", "") for work in self.works} - {""}
        found: dict[str, int] = {}
        for part in chunks(sorted(keys)):
            rows = ProductProfile.objects.filter(external_key__in=part)
            found |= dict(rows.values_list("external_key", "pk"))
        return found

    def _find_duplicates(self) -> None:
        for work in self.works:
            first = self.by_key.setdefault(work.key, work)
            if work.key and first is not work:
                work.refuse("duplicate_row", "sku", first=first.number)

    # --- deciding ---

    def check(self) -> None:
        """Fill in what each row becomes; nothing is written. Parents come before their variants."""
        for work in sorted(self.works, key=lambda work: bool(work.key_of("parent"))):
            if work.row.sku:
                self._settle_product(work)
                self._settle_profile(work)
                self._settle_links(work)
        self.attributes.check([work for work in self.works if work.product is not None])
        self._check_external_keys()
        check_barcodes(self.works)
        for work in self.works:
            for name in ("parent", "replacement"):
                inside = self.by_key.get(work.key_of(name))
                if inside and inside.issues and inside.is_new and inside is not work:
                    work.refuse("unknown_product", name, value=work.values[name])

    def _settle_product(self, work: Work) -> None:
        work.profile = self.profiles.get(work.key)
        work.is_new = work.profile is None
        bare = self.unknown.get(work.key) or Product(upc=work.row.sku)
        work.product = work.profile.product if work.profile else bare
        self._settle_parent(work)
        if not work.product.pk and not work.values.get("title") and work.parent is None:
            work.refuse("required", "title")
        for name in ("title", "description", "is_public"):
            if name in work.values and getattr(work.product, name) != work.values[name]:
                work.change(name, getattr(work.product, name), work.values[name])
                setattr(work.product, name, work.values[name])
                work.product_touched = True
        if not work.product.slug:
            work.product.slug = slugify(work.product.title)[:255] or slugify(work.row.sku) or "product"
        self._settle_type(work)

    def _settle_parent(self, work: Work) -> None:
        key = work.key_of("parent")
        inside, known = self.by_key.get(key), self.profiles.get(key)
        if not key:
            work.parent = work.product.parent
        elif key == work.key:
            work.refuse("own_parent", "parent")
        elif (inside is None or inside.product is None) and known is None:
            work.refuse("unknown_product", "parent", value=work.values["parent"])
        else:
            work.parent = inside.product if inside and inside.product else known.product  # type: ignore[union-attr]
            if work.parent.structure == Product.CHILD or (inside and inside.key_of("parent")):
                work.refuse("parent_is_variant", "parent", value=work.values["parent"])

    def _settle_type(self, work: Work) -> None:
        default = conf.default_product_type()
        name = work.values.get("product_type") or ("" if work.product.pk else default)
        if not name or work.parent is not None:
            return
        found = self.types.get(name.casefold())
        if found is None and name == default:
            found = ProductClass.objects.create(name=name, track_stock=False)
            self.types[name.casefold()] = found
        if found is None:
            work.refuse("unknown_product_type", "product_type", value=name)
        elif work.product.product_class_id != found.pk:
            work.change("product_type", "", name)
            work.product.product_class_id = found.pk
            work.product_touched = True

    def _settle_profile(self, work: Work) -> None:
        profile = work.profile or ProductProfile(sku=work.row.sku)
        values = dict(work.values)
        if work.is_new:
            self._fill_in(work, profile, values)
        for name, attribute in PLAIN.items():
            if name in values and getattr(profile, attribute) != values[name]:
                work.change(name, getattr(profile, attribute), values[name])
                setattr(profile, attribute, values[name])
                work.profile_touched = True
        for name, attribute in REFERENCES.items():
            if name in values:
                self._settle_reference(work, profile, name, attribute, values[name])
        work.profile = profile
        _check_fractions(work, profile, self.units.get(profile.unit_id or 0, ANY_UNIT))
        _check_quantities(work, profile)

    def _fill_in(self, work: Work, profile: ProductProfile, values: dict[str, Any]) -> None:
        """A new variant starts with its parent's line, unit, pack and tax class."""
        key = work.key_of("parent")
        source = self.by_key[key].profile if key in self.by_key else self.profiles.get(key)
        for name, attribute in INHERITED.items():
            if source is not None and name not in values:
                setattr(profile, attribute, getattr(source, attribute))
        for name, code in NEEDED.items():
            if name not in values and getattr(profile, REFERENCES[name]) is None:
                values[name] = code

    def _settle_reference(
        self, work: Work, profile: ProductProfile, name: str, attribute: str, code: str
    ) -> None:
        if not code and name in NEEDED:
            work.refuse("required", name)
            return
        pk = self.codes[name].get(code.casefold()) if code else None
        if code and pk is None:
            work.refuse(
                "unknown_product_line" if name == "line" else f"unknown_{name}",
                name,
                value=code,
                known=sorted(self.codes[name])[:20],
            )
        elif getattr(profile, attribute) != pk:
            names = {value: key for key, value in self.codes[name].items()}
            work.change(name, names.get(getattr(profile, attribute), ""), code)
            setattr(profile, attribute, pk)
            work.profile_touched = True

    def _settle_links(self, work: Work) -> None:
        key = work.key_of("replacement")
        if key and key == work.key:
            work.refuse("own_replacement", "replacement")
        elif key and key not in self.profiles and key not in self.by_key:
            work.refuse("unknown_product", "replacement", value=work.values["replacement"])
        for code in work.values.get("categories", ()):
            if category_key(code) not in self.categories:
                work.refuse("unknown_category", "categories", value=code)

    def _check_external_keys(self) -> None:
        seen: dict[str, Work] = {}
        for work in self.works:
            key = work.values.get("external_key", "")
            if not key:
                continue
            taken = self.external.get(key)
            own = work.profile.pk if work.profile and not work.is_new else None
            if (taken is not None and taken != own) or seen.setdefault(key, work) is not work:
                work.refuse("external_key_taken", "external_key", value=key)

    # --- writing ---

    def save(self) -> None:
        """Write the rows that have no issues. Inside a transaction of the caller."""
        good = [work for work in self.works if not work.issues]
        self._make_parents(good)
        self._save_products([work for work in good if work.parent is None])
        self._save_products([work for work in good if work.parent is not None])
        self._save_profiles(good)
        self._save_replacements(good)
        save_translations(good)
        save_categories(good, self.categories)
        self.attributes.save(good)
        if sum(work.is_new for work in good) >= MANY:
            analyze_tables(Product, ProductProfile, ProductTranslation, ProductCategory, AttributeValue)

    def _make_parents(self, works: list[Work]) -> None:
        """Whoever gets a variant is a parent from now on, and is itself no longer ordered."""
        parents = {id(work.parent): work.parent for work in works if work.parent is not None}
        turned = [each for each in parents.values() if each.structure != Product.PARENT]
        for parent in turned:
            parent.structure = Product.PARENT
        Product.objects.filter(pk__in=[each.pk for each in turned if each.pk]).update(
            structure=Product.PARENT
        )

    def _save_products(self, works: list[Work]) -> None:
        for work in works:
            if work.parent is not None and work.product.parent_id != work.parent.pk:
                work.change("parent", "", work.values.get("parent", ""))
                work.product.parent, work.product.structure = work.parent, Product.CHILD
                work.product.product_class = None
                work.product_touched = True
        Product.objects.bulk_create([work.product for work in works if not work.product.pk], batch_size=BATCH)
        touched = [work.product for work in works if work.product_touched and work.product.date_created]
        upsert(Product, [each for each in touched if each.pk], ["id"], _PRODUCT_FIELDS)

    def _save_profiles(self, works: list[Work]) -> None:
        fresh, touched = [], []
        for work in works:
            if work.profile is None:
                continue
            if work.is_new:
                work.profile.product = work.product
                fresh.append(work.profile)
            elif work.profile_touched:
                touched.append(work.profile)
        ProductProfile.objects.bulk_create(fresh, batch_size=BATCH)
        upsert(ProductProfile, touched, ["product"], [*PLAIN.values(), *REFERENCES.values(), "updated_at"])

    def _save_replacements(self, works: list[Work]) -> None:
        touched = []
        for work in works:
            if "replacement" not in work.values or work.profile is None:
                continue
            key = work.values["replacement"].upper()
            inside, known = self.by_key.get(key), self.profiles.get(key)
            pk = inside.product.pk if inside and inside.product else known.pk if known else None
            if work.profile.replacement_id != pk:
                work.change("replacement", work.profile.replacement_id or "", work.values["replacement"])
                work.profile.replacement_id = pk
                touched.append(work.profile)
        ProductProfile.objects.bulk_update(touched, ["replacement"], batch_size=500)


_PRODUCT_FIELDS = [
    "title",
    "description",
    "is_public",
    "structure",
    "parent",
    "product_class",
    "date_updated",
]


def _check_fractions(work: Work, profile: ProductProfile, unit: UnitFacts) -> None:
    """Minimum, maximum and pack are quantities of the product's unit, whichever of them is new."""
    for name in ("pack_size", "min_quantity", "max_quantity"):
        value = getattr(profile, name)
        if value is None or not (work.is_new or {name, "unit"} & work.values.keys()):
            continue
        code = quantity_fault(value, unit)
        if code:
            work.refuse(code, name, decimals=unit.decimals, unit=unit.code)


def _check_quantities(work: Work, profile: ProductProfile) -> None:
    facts = product_facts.ProductFacts(
        0,
        profile.sku,
        "",
        pack_size=profile.pack_size,
        sold_in_packs=profile.sold_in_packs,
        min_quantity=profile.min_quantity,
        max_quantity=profile.max_quantity,
        unit_decimals=3,
    )
    highest, lowest = rules.highest_quantity(facts), rules.lowest_quantity(facts)
    if highest is not None and highest < lowest:
        work.refuse("no_orderable_quantity", "max_quantity", lowest=str(lowest))


def _by_code(model: Any) -> dict[str, int]:
    return {code.casefold(): pk for code, pk in model.objects.values_list("code", "pk")}


def _shown(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return ", ".join(str(each) for each in value)
    return str(value)[:200]
