"""Write products. One path for the API, imports, the admin and demo data: :func:`upsert_products`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from wagtail.documents import get_document_model

from .. import signals
from . import inputs
from .bulk import Batch, Work
from .history_words import field_label
from .models import ProductDocument, ProductProfile, ProductTranslation
from .reindexing import gathered, reindex
from .sets import hold_products

Product = get_model("catalogue", "Product")
ProductImage = get_model("catalogue", "ProductImage")
#: More rows than this are refused at once; importers send parts.
MOST_ROWS = 20_000
EVENT_SIZE = 500

MESSAGES = {
    "required": _("{field} is missing."),
    "unknown_field": _("There is no field “{field}”."),
    "invalid_sku": _(
        "“{value}” cannot be a SKU: backslashes, control characters and prefixes such as ext: or id: are not allowed."
    ),
    "not_a_text": _("{field} must be a text."),
    "too_long": _("{field} is {length} characters long; at most {longest} are allowed."),
    "not_a_number": _("{field}: “{value}” is not a number."),
    "ambiguous_number": _(
        "{field}: “{value}” could mean {one} or {other}. Use a decimal point and no other separator."
    ),
    "not_positive": _("{field}: “{value}” must be above zero and within a reasonable range."),
    "too_many_decimals": _("{field} may have {places} decimals."),
    "quantity_fractional": _("{field} may have {decimals} decimals, as many as the unit “{unit}”."),
    "quantity_too_large": _("{field}: the quantity is too large."),
    "not_a_flag": _("{field}: “{value}” must be yes or no."),
    "not_a_list": _("{field} must be a list."),
    "not_a_mapping": _("{field} must be an object."),
    "unknown_choice": _("{field}: “{value}” is not one of {known}."),
    "duplicate_row": _("This SKU is already in row {first}."),
    "unknown_product_type": _("There is no product type “{value}”."),
    "unknown_product_line": _("There is no product line “{value}”."),
    "unknown_unit": _("There is no unit “{value}”."),
    "unknown_pack_unit": _("There is no unit “{value}”."),
    "unknown_tax_class": _("There is no tax class “{value}”."),
    "unknown_category": _("There is no category “{value}”."),
    "unknown_product": _("{field}: there is no product “{value}”."),
    "unknown_attribute": _("This product type has no attribute “{value}”."),
    "invalid_attribute": _("{field}: “{value}” does not fit the type {type}."),
    "own_parent": _("A product cannot be its own parent."),
    "own_replacement": _("A product cannot replace itself."),
    "parent_is_variant": _("“{value}” is a variant itself and cannot have variants."),
    "no_orderable_quantity": _("No quantity can be ordered: the smallest, {lowest}, exceeds the maximum."),
    "external_key_taken": _("Another product has the external key “{value}”."),
    "barcode_taken": _("Product {sku} has the barcode “{value}” already; a barcode names one product."),
    "exists": _("A product with this SKU already exists."),
}


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: ``created``, ``changed``, ``unchanged`` or ``refused`` (then with problems)."""

    line: int
    sku: str
    outcome: str
    product_id: int | None = None
    problems: tuple[core.Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class UpsertResult:
    """What became of every row, in the order given.

    ``saved`` is false for a rehearsal or an all-or-nothing refusal.
    """

    rows: tuple[RowResult, ...]
    saved: bool = True
    new_options: tuple[str, ...] = ()

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def problems(self) -> tuple[core.Problem, ...]:
        return tuple(problem for row in self.rows for problem in row.problems)


def upsert_products(
    *, actor: Any, rows: Iterable[Mapping[str, Any]], partial: bool = False, rehearse: bool = False
) -> UpsertResult:
    """Create or change products by SKU; safe to repeat: rows that say what is already so touch nothing.

    Each row is a mapping of ``sku`` and fields of :data:`inputs.FIELDS`; absent fields stay as they
    are. A constant number of statements per thousand rows. With ``partial`` the good rows are saved
    although others are refused; without it one refused row keeps all from being saved. ``rehearse``
    only says what would happen.

    Side effects: the search knows them when this returns; audit entries, event ``catalogue.products_changed``, signal
    ``products_changed`` on commit.

    :raises core.Refusal: ``too_many_rows``, above 20,000.
    """
    clean = [inputs.clean_row(row) for row in rows]
    if len(clean) > MOST_ROWS:
        message = _("At most %(most)d products at once.") % {"most": MOST_ROWS}
        raise core.Refusal("too_many_rows", message, status=413)
    try:
        with transaction.atomic(), gathered():
            batch = Batch(clean)
            batch.check()
            batch.save()
            refused = any(work.issues for work in batch.works)
            if rehearse or (refused and not partial):
                raise _Undo
            _tell(actor, batch.works)
            saved = True
    except _Undo:
        saved = False
    names = tuple(name for _group, name in batch.attributes.new_options)
    return UpsertResult(tuple(_result(work, saved) for work in batch.works), saved, names)


class _Undo(Exception):
    """Everything has been tried on the real tables; nothing of it is to stay."""


def create_product(*, actor: Any, sku: str, **values: Any) -> Any:
    """A new product; ``values`` are fields of :data:`inputs.FIELDS`. Side effects as :func:`upsert_products`.

    :returns: the Oscar product.
    :raises core.Refusal: a value is wrong, or the SKU exists (``exists``).
    """
    with transaction.atomic():
        if ProductProfile.objects.filter(sku__iexact=sku.strip()).exists():
            raise core.Conflict("exists", MESSAGES["exists"], field="sku", params={"sku": sku})
        given = {name: value for name, value in values.items() if value is not None}
        return _one(actor, {"sku": sku, **given})


def update_product(*, actor: Any, sku: str, **values: Any) -> Any:
    """Change the given fields of a product. Side effects as :func:`upsert_products`.

    :raises core.NotFound: no product has this SKU.
    :raises core.Refusal: a value is wrong.
    """
    with transaction.atomic():
        if not ProductProfile.objects.filter(sku__iexact=sku.strip()).exists():
            raise core.NotFound("product_not_found", _("There is no product with this SKU."), field="sku")
        return _one(actor, {"sku": sku, **values})


def discontinue_product(*, actor: Any, sku: str, replacement: str = "") -> Any:
    """Take a product out of the range.

    It is still found and sold while stock lasts, and names its replacement.
    """
    return update_product(actor=actor, sku=sku, status="discontinued", replacement=replacement)


@transaction.atomic
def add_image(*, actor: Any, product: Any, file: Any, caption: str = "") -> Any:
    """Add a picture behind the others. ``file`` is a Django file. Side effects: audit entry.

    The picture's sizes
    are made when they are first asked for."""
    position = ProductImage.objects.filter(product=product).count()
    image = ProductImage.objects.create(
        product=product, original=file, caption=caption[:200], display_order=position
    )
    record_change(actor, product, {"note": f"image {image.original.name}"})
    return image


@transaction.atomic
def attach_document(
    *, actor: Any, product: Any, document_id: int, kind: str = "datasheet", language: str = ""
) -> ProductDocument:
    """Link a Wagtail document to a product; repeating it changes kind and language. Side effect: audit entry.

    :raises core.Refusal: ``unknown_document``.
    """
    document = get_document_model().objects.filter(pk=document_id).first()
    if document is None:
        raise core.Refusal("unknown_document", _("There is no such document."), field="new_document")
    row, created = ProductDocument.objects.update_or_create(
        product=product, document=document, defaults={"kind": kind, "language": language}
    )
    if created:
        record_change(actor, product, {"note": f"+ {document.title}"})
    return row


@transaction.atomic
def detach_document(*, actor: Any, product: Any, document_id: int) -> None:
    """Take a document off a product; the file stays in Wagtail. Side effect: audit entry."""
    row = (
        ProductDocument.objects.filter(product=product, document_id=document_id)
        .select_related("document")
        .first()
    )
    if row is not None:
        record_change(actor, product, {"note": f"− {row.document.title}"})
        row.delete()


@transaction.atomic
def set_translation(
    *, actor: Any, product: Any, language: str, title: str, description: str = ""
) -> ProductTranslation:
    """A product's words in one more language. Side effect: audit entry."""
    hold_products(Q(pk=product.pk))
    row, _created = ProductTranslation.objects.update_or_create(
        product=product, language=language, defaults={"title": title, "description": description}
    )
    record_change(actor, product, {"changes": {f"title_{language}": ["", title]}})
    return row


@transaction.atomic
def relate_products(*, actor: Any, product: Any, related: Iterable[Any]) -> None:
    """Set the products shown as related, in this order. Side effect: audit entry."""
    model = get_model("catalogue", "ProductRecommendation")
    model.objects.filter(primary=product).delete()
    rows = [
        model(primary=product, recommendation=each, ranking=max(0, 100 - position))
        for position, each in enumerate(related)
        if each.pk != product.pk
    ]
    model.objects.bulk_create(rows)
    record_change(actor, product, {"note": f"{len(rows)} related products"})


def require_editor(viewer: core.Viewer) -> None:
    """Let only back-office people write who may change products.

    :raises core.Forbidden: ``permission_required``.
    """
    if not viewer.may("catalogue.change_product"):
        raise core.Forbidden(
            "permission_required",
            _("Only back-office users with permission to change products can do this."),
            remedy=_("Ask an administrator for the permission."),
            params={"permission": "catalogue.change_product"},
        )


def _one(actor: Any, row: dict[str, Any]) -> Any:
    result = upsert_products(actor=actor, rows=[row])
    if result.problems:
        raise core.refusal_of(result.problems)
    return Product.objects.get(pk=result.rows[0].product_id)


def _result(work: Work, saved: bool) -> RowResult:
    if work.issues:
        problems = tuple(_problem(issue, work.number) for issue in work.issues)
        return RowResult(work.number, work.row.sku, "refused", None, problems)
    outcome = "created" if work.is_new else "changed" if work.changes else "unchanged"
    pk = work.product.pk if saved or not work.is_new else None
    return RowResult(work.number, work.row.sku, outcome, pk)


def _problem(issue: inputs.InputIssue, line: int) -> core.Problem:
    words = {name: _words(value) for name, value in issue.params.items()} | {
        "field": field_label(issue.field)
    }
    template = MESSAGES["required" if words.get("value") == "" else issue.code]
    return core.Problem(
        issue.code,
        format_lazy(template, **words),
        field=issue.field,
        line=line,
        params=issue.params,
    )


def _words(value: object) -> object:
    return core.join_list(value) if isinstance(value, list | tuple) else value


def _tell(actor: Any, works: list[Work]) -> None:
    changed = [work for work in works if not work.issues and (work.is_new or work.changes)]
    if not changed:
        return
    entries = [
        (
            work.profile,
            "qudao.product.created" if work.is_new else "qudao.product.changed",
            {"changes": work.changes} if not work.is_new else {},
        )
        for work in changed
    ]
    core.record_many(actor=actor, entries=entries)  # type: ignore[arg-type]
    ids = tuple(work.product.pk for work in changed)
    touch(ids)
    reindex([*ids, *(work.parent.pk for work in changed if work.parent and "parent" in work.changes)])
    core.emit_many(
        core.Event(
            "catalogue.products_changed", "catalogue", {"product_ids": list(ids[start : start + EVENT_SIZE])}
        )
        for start in range(0, len(ids), EVENT_SIZE)
    )
    transaction.on_commit(lambda: signals.products_changed.send(sender=ProductProfile, product_ids=ids))


def touch(product_ids: Iterable[int]) -> None:
    """Note that something about the products changed: words, pictures, attributes, relations, their variants."""
    ids = sorted(set(product_ids))
    for start in range(0, len(ids), 5000):
        chunk = ids[start : start + 5000]
        shown = Q(pk__in=chunk) | Q(product__parent_id__in=chunk)
        ProductProfile.objects.filter(shown).update(updated_at=timezone.now())


def record_change(actor: Any, product: Any, data: dict[str, Any]) -> None:
    """One entry in the product's history, its new version and the signal, for what is kept beside its row."""
    profile = ProductProfile.objects.filter(pk=product.pk).first()
    if profile is not None:
        touch((profile.pk,))
        core.record(actor=actor, instance=profile, action="qudao.product.changed", data=data)
    transaction.on_commit(
        lambda: signals.products_changed.send(sender=ProductProfile, product_ids=(product.pk,))
    )
