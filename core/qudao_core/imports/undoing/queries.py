"""What refers to rows that are about to be removed, over all models of the site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from ...errors import Conflict, Refusal
from ...viewer import Viewer
from ..importer import make_importer
from ..models import ImportedPart, ImportJob
from .rules import (
    KEPT_OBSTACLES,
    SHOWN,
    Change,
    Image,
    Obstacle,
    UndoneRow,
    UndoPlan,
    touched_since,
    unpacked,
)
from .undo import Undo

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


State = ImportJob.State


def can_be_undone(job: ImportJob) -> bool:
    """Whether undoing it is worth asking for: it was imported, it changed something, and its kind can."""
    from ...hooks import importers  # noqa: PLC0415 - hooks names the importer in its types

    importer = importers.get(job.kind)
    changed = job.created_count or job.updated_count
    return bool(job.state == State.DONE and changed and importer and importer.undo)


def undo_plan(viewer: Viewer, job: ImportJob) -> UndoPlan:
    """Counts, first rows, and what stands in the way of each thing. Changes nothing.

    :raises Refusal: as :func:`undo_of`.
    """
    return planned(undo_of(viewer, job), job)


def undo_of(viewer: Viewer, job: ImportJob) -> Undo:
    """How this import is undone.

    :raises Conflict: ``not_imported``, ``already_undone``, ``undo_not_recorded``. :raises Refusal: ``undo_impossible``.
    """
    importer = make_importer(job.kind, viewer, job.options)
    if importer.undo is None:
        reason = importer.cannot_undo or _("Imports of this kind cannot be undone.")
        raise Refusal(
            "undo_impossible", str(reason), remedy=_("Import a file with the former values."), status=422
        )
    if job.state == State.UNDONE:
        raise Conflict("already_undone", _("This import has been undone."))
    if job.state not in (State.DONE, State.UNDOING):
        raise Conflict("not_imported", _("This file has not been imported, so there is nothing to undo."))
    if (job.created_count or job.updated_count) and not job.parts.exists():
        raise Conflict(
            "undo_not_recorded",
            _("What this import changed was not recorded."),
            remedy=_("Import a file with the former values."),
        )
    if not job.parts.exists():
        raise Conflict("nothing_to_undo", _("This import changed nothing."))
    return importer.undo(importer)


def planned(undo: Undo, job: ImportJob) -> UndoPlan:
    """Look at every thing that was changed, the last first, a batch at a time."""
    plan = UndoPlan()
    restored: dict[str, Image | None] = {}
    undo.gone = set()
    for changes in parts_of(job):
        if not undo.importer.independent:
            undo.gone |= {each.id for each in changes if each.before is None or undo.leaves(each)}
        _look_at(plan, undo, job, changes, restored)
        if not undo.importer.independent:
            restored |= {each.id: each.before for each in changes}
    return plan


def parts_of(job: ImportJob) -> Iterator[list[Change]]:
    """The changes of each batch, the last batch first."""
    for pk in ImportedPart.objects.filter(job=job).order_by("-number").values_list("pk", flat=True):
        yield unpacked(bytes(ImportedPart.objects.get(pk=pk).changes))


def _look_at(
    plan: UndoPlan,
    undo: Undo,
    job: ImportJob,
    changes: Sequence[Change],
    restored: Mapping[str, Image | None],
) -> None:
    now = dict(undo.now([each.id for each in changes]))
    for each in changes:
        if each.id in restored:
            was = restored[each.id]
            now.pop(each.id, None)
            now |= {each.id: was} if was is not None else {}
        setattr(plan, each.action, getattr(plan, each.action) + 1)
    since = job.finished_at or job.created_at
    touched = touched_since(changes, now)
    built = undo.obstacles(changes, since)
    blocked = [each for each in changes if each.id in touched or each.id in built]
    plan.blocked += len(blocked)
    shown = changes[: SHOWN - len(plan.rows)] if len(plan.rows) < SHOWN else []
    kept = blocked[: max(KEPT_OBSTACLES - len(plan.obstacles), 0)]
    names = undo.names([*shown, *kept]) if shown or kept else {}
    plan.rows += [_row(undo, each, names) for each in shown]
    plan.obstacles += [_obstacle(each, names, now, built) for each in kept]


def _obstacle(
    change: Change,
    names: Mapping[str, str],
    now: Mapping[str, Any],
    built: Mapping[str, tuple[str, str]],
) -> Obstacle:
    name = names.get(change.id, change.id)
    if change.id in built:
        return Obstacle(name, *built[change.id])
    if change.id in now:
        return Obstacle(name, "changed_since", _("It has been changed since the import."))
    return Obstacle(name, "deleted_since", _("It has been deleted since the import."))


def _row(undo: Undo, change: Change, names: Mapping[str, str]) -> UndoneRow:
    values = []
    known = len(change.after or change.before or [])
    for place, (name, label) in enumerate(undo.fields[:known]):
        now = undo.shown(name, change.after[place]) if change.after else None
        then = undo.shown(name, change.before[place]) if change.before else None
        if label and now != then and (change.before is not None or now not in (None, "", [], {})):
            values.append((str(label), _text(now), _text(then)))
    return UndoneRow(names.get(change.id, change.id), change.action, tuple(values))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items() if each)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
