"""What refers to rows that are about to be removed, over all models of the site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import Model

CHUNK = 500


def find_referrers(
    model: type[Model], ids: Collection[int], own: Iterable[str] = (), moved: Iterable[str] = ()
) -> dict[int, str]:
    """Id → what refers to it first, as people call it.

    ``own``: relations (``Model.field``) whose rows are part of the thing and go with it. Rows of ``model`` itself that
    are among ``ids`` do not count, for they are removed, too; ``moved``: other relations to leave out.
    """
    left_out = {*own, *moved}
    found: dict[int, str] = {}
    for relation in _relations(model):
        if f"{relation.related_model.__name__}.{relation.field.name}" in left_out:
            continue
        for chunk in _chunks(sorted(set(ids) - found.keys())):
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": chunk})
            if relation.related_model is model:
                rows = rows.exclude(pk__in=list(ids))
            name = str(relation.related_model._meta.verbose_name_plural)
            for pk in rows.order_by().values_list(relation.field.attname, flat=True).distinct():
                found.setdefault(pk, name)
    return found


def _relations(model: type[Model]) -> Iterator[Any]:
    for each in model._meta.get_fields(include_hidden=True):
        if each.auto_created and not each.concrete and (each.one_to_many or each.one_to_one):
            yield each


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
