"""Write product types with their attributes, and the option sets that attributes choose from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core

from .models import AttributeProfile, OptionTranslation, TypeTranslation

ProductClass = get_model("catalogue", "ProductClass")
ProductAttribute = get_model("catalogue", "ProductAttribute")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
AttributeOption = get_model("catalogue", "AttributeOption")
AttributeOptionGroup = get_model("catalogue", "AttributeOptionGroup")
Product = get_model("catalogue", "Product")
CHOOSING = ("option", "multi_option")
_CODE = re.compile(r"[a-zA-Z_][0-9a-zA-Z_]*")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute as it is to be; ``id`` of one there is."""

    name: str
    code: str
    type: str = "text"
    id: int | None = None
    name_zh: str = ""
    unit: str = ""
    is_facet: bool = False
    option_set: Any = None


@dataclass(frozen=True, slots=True)
class Option:
    """A value of an option set, with its words by language."""

    name: str
    id: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def save_type(
    *,
    actor: Any,
    name: str,
    attributes: Sequence[Attribute],
    product_type: Any = None,
    removed: Collection[int] = (),
    words: Mapping[str, str] | None = None,
) -> Any:
    """Create or change a product type with its attributes in this order; those not named stay behind the others.

    ``words``: language → name. Side effect: an audit entry.

    :raises core.Refusal: ``name_taken``, ``code_invalid``, ``duplicate_code``, ``option_set_required``,
        ``attribute_in_use`` for one that products have values of. Problems carry the ``line`` of the attribute.
    """
    name = name.strip()
    same = ProductClass.objects.filter(name__iexact=name).exclude(
        pk=product_type.pk if product_type else None
    )
    if same.exists():
        raise core.Conflict("name_taken", _("Another product type has this name."), field="name")
    row = product_type or ProductClass(track_stock=False)
    is_new, before = row.pk is None, row.name
    known = {} if is_new else {each.pk: each for each in row.attributes.select_related("profile")}
    _check_attributes(attributes, known, removed)
    _refuse_used([known[pk] for pk in removed if pk in known])
    if is_new or before != name:
        row.name = name
        row.save()
    changes: dict[str, list[str]] = {} if before == name or is_new else {"name": [before, name]}
    _save_type_words(row, words or {}, changes)
    for pk in removed:
        if pk in known:
            changes[known[pk].code] = [known[pk].name, ""]
            known[pk].delete()
    for each in attributes:
        if each.id in known and known[each.id].code != each.code:  # two may exchange their codes
            ProductAttribute.objects.filter(pk=each.id).update(code=f"-{each.id}")
    for position, wanted in enumerate(attributes):
        _save_attribute(row, wanted, known.get(wanted.id or 0), position, changes)
    if is_new or changes:
        action = "qudao.product_type.created" if is_new else "qudao.product_type.changed"
        core.record(actor=actor, instance=row, action=action, data={"changes": changes})
    return row


def type_labels(language: str) -> dict[str, str]:
    """Name of every product type → what readers of the language call it, sorted by name. Two statements."""
    words = dict(TypeTranslation.objects.filter(language=language).values_list("product_type_id", "name"))
    rows = ProductClass.objects.order_by("name").values_list("pk", "name")
    return {name: words.get(pk) or name for pk, name in rows}


def _save_type_words(row: Any, words: Mapping[str, str], changes: dict[str, list[str]]) -> None:
    for language, text in words.items():
        now = TypeTranslation.objects.filter(product_type=row, language=language).first()
        before, text = (now.name if now else ""), text.strip()
        if before == text:
            continue
        changes[f"name ({language})"] = [before, text]
        if text:
            name = {"name": text}
            TypeTranslation.objects.update_or_create(product_type=row, language=language, defaults=name)
        else:
            TypeTranslation.objects.filter(product_type=row, language=language).delete()


def _check_attributes(
    attributes: Sequence[Attribute], known: Mapping[int, Any], removed: Collection[int]
) -> None:
    problems, gone = [], {each.id for each in attributes} | set(removed)
    seen = {row.code for pk, row in known.items() if pk not in gone}
    for line, each in enumerate(attributes, start=1):
        if not _CODE.fullmatch(each.code) or iskeyword(each.code):
            message = _("Only letters, digits and underscores, beginning with a letter.")
            problems.append(core.Problem("code_invalid", message, field="code", line=line))
        if each.code in seen:
            message = _("Two attributes of the type have this code.")
            problems.append(core.Problem("duplicate_code", message, field="code", line=line))
        seen.add(each.code)
        if each.type in CHOOSING and each.option_set is None:
            message = _("Choose the option set that its values come from.")
            problems.append(core.Problem("option_set_required", message, field="option_set", line=line))
        row = known.get(each.id or 0)
        if row is not None and _is_other(row, each) and _is_used(row):
            message = _("Products have values of it: its type and option set cannot be changed.")
            problems.append(core.Problem("attribute_in_use", message, field="type", line=line))
    if problems:
        raise core.Refusal("rows_invalid", _("Some attributes cannot be saved."), problems=problems)


def _is_other(row: Any, wanted: Attribute) -> bool:
    wanted_set = wanted.option_set.pk if wanted.option_set is not None and wanted.type in CHOOSING else None
    return row.type != wanted.type or row.option_group_id != wanted_set


def _is_used(row: Any) -> bool:
    return bool(AttributeValue.objects.filter(attribute=row).exists())


def _refuse_used(rows: Sequence[Any]) -> None:
    used = [row.name for row in rows if _is_used(row)]
    if used:
        raise core.Conflict(
            "attribute_in_use",
            _("Products have values of: %(names)s. They cannot be removed.")
            % {"names": core.join_list(used)},
            remedy=_("Clear the attribute in the products first."),
        )


def _save_attribute(
    product_type: Any, wanted: Attribute, row: Any, position: int, changes: dict[str, list[str]]
) -> None:
    option_set = wanted.option_set if wanted.type in CHOOSING else None
    own = {"name": wanted.name, "code": wanted.code, "type": wanted.type, "option_group": option_set}
    shown = {
        "name_zh": wanted.name_zh,
        "unit": wanted.unit,
        "is_facet": wanted.is_facet,
        "position": position,
    }
    if row is None:
        row = ProductAttribute(product_class=product_type)
    before = row.name if row.pk else ""
    profile = AttributeProfile.objects.filter(pk=row.pk).first() if row.pk else None
    same = row.pk and all(getattr(row, name) == value for name, value in own.items())
    same_look = profile and all(getattr(profile, name) == value for name, value in shown.items())
    if not same:
        for name, value in own.items():
            setattr(row, name, value)
        row.save()
    if not same_look:
        profile = profile or AttributeProfile(attribute=row)
        for name, value in shown.items():
            setattr(profile, name, value)
        profile.save()
    if not same or not same_look:
        changes[wanted.code] = [before, wanted.name]


@transaction.atomic
def delete_type(*, actor: Any, product_type: Any) -> None:
    """Delete a product type that no product has. Side effect: an audit entry.

    :raises core.Conflict: ``product_type_in_use``.
    """
    count = Product.objects.filter(product_class=product_type).count()
    if count:
        raise core.Conflict(
            "product_type_in_use",
            _("“%(name)s” cannot be deleted: %(count)d products are of this type.")
            % {"name": product_type.name, "count": count},
            remedy=_("Give them another type first."),
        )
    data = {"note": product_type.name}
    core.record(actor=actor, instance=product_type, action="qudao.product_type.deleted", data=data)
    product_type.delete()


@transaction.atomic
def save_option_set(
    *, actor: Any, name: str, options: Sequence[Option], option_set: Any = None, removed: Collection[int] = ()
) -> Any:
    """Create or change an option set with its values and their words. Side effect: an audit entry.

    :raises core.Refusal: ``duplicate_option``; ``option_in_use`` for a value that products have.
    """
    row = option_set or AttributeOptionGroup()
    is_new = row.pk is None
    known = {} if is_new else {each.pk: each for each in row.options.all()}
    _check_options(options, known, removed)
    changes: dict[str, list[str]] = {}
    if is_new or row.name != name.strip():
        changes |= {} if is_new else {"name": [row.name, name.strip()]}
        row.name = name.strip()
        row.save()
    for pk in removed:
        if pk in known:
            changes[known[pk].option] = [known[pk].option, ""]
            known.pop(pk).delete()
    for each in options:
        if each.id in known and known[each.id].option != each.name:  # two may exchange their names
            AttributeOption.objects.filter(pk=each.id).update(option=f"\x1f{each.id}")
    written = {(word.option_id, word.language): word for word in _words_of(known)}
    for each in options:
        _save_option(row, each, known.get(each.id or 0), written, changes)
    if is_new or changes:
        action = "qudao.option_set.created" if is_new else "qudao.option_set.changed"
        core.record(actor=actor, instance=row, action=action, data={"changes": changes})
    return row


def _check_options(options: Sequence[Option], known: Mapping[int, Any], removed: Collection[int]) -> None:
    problems, gone = [], {each.id for each in options} | set(removed)
    seen = {row.option.casefold() for pk, row in known.items() if pk not in gone}
    for line, each in enumerate(options, start=1):
        if each.name.casefold() in seen:
            message = _("Two values have this name.")
            problems.append(core.Problem("duplicate_option", message, field="name", line=line))
        seen.add(each.name.casefold())
    if problems:
        raise core.Refusal("rows_invalid", _("Some values cannot be saved."), problems=problems)
    used = [known[pk].option for pk in removed if pk in known and _has_products(pk)]
    if used:
        raise core.Conflict(
            "option_in_use",
            _("Products have the values: %(names)s. They cannot be removed.")
            % {"names": core.join_list(used)},
            remedy=_("Choose another value in the products first."),
        )


def _has_products(option_id: int) -> bool:
    single = AttributeValue.objects.filter(value_option=option_id)
    return bool(single.exists() or AttributeValue.objects.filter(value_multi_option=option_id).exists())


def _words_of(option_ids: Collection[int]) -> Iterable[OptionTranslation]:
    return OptionTranslation.objects.filter(option__in=list(option_ids)) if option_ids else ()


def _save_option(
    option_set: Any,
    wanted: Option,
    row: Any,
    written: Mapping[tuple[int, str], OptionTranslation],
    changes: dict[str, list[str]],
) -> None:
    before = row.option if row is not None else ""
    if row is None:
        row = AttributeOption(group=option_set)
    if before != wanted.name:
        row.option = wanted.name
        row.save()
        changes[wanted.name] = [before, wanted.name]
    for language, text in wanted.words.items():
        now = written.get((row.pk, language))
        if (now.name if now else "") == text:
            continue
        changes[f"{wanted.name} ({language})"] = [now.name if now else "", text]
        if not text and now:
            now.delete()
        elif text:
            words = {"name": text}
            OptionTranslation.objects.update_or_create(option=row, language=language, defaults=words)


@transaction.atomic
def delete_option_set(*, actor: Any, option_set: Any) -> None:
    """Delete an option set that no attribute chooses from. Side effect: an audit entry.

    :raises core.Conflict: ``option_set_in_use``.
    """
    names = list(option_set.product_attributes.values_list("name", flat=True))
    if names:
        raise core.Conflict(
            "option_set_in_use",
            _("“%(name)s” cannot be deleted: these attributes choose from it: %(attributes)s.")
            % {"name": option_set.name, "attributes": core.join_list(names)},
            remedy=_("Give the attributes another option set first."),
        )
    data = {"note": option_set.name}
    core.record(actor=actor, instance=option_set, action="qudao.option_set.deleted", data=data)
    option_set.delete()
