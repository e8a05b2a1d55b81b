"""Keep a mapping for the next file of the same make, and forget it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ...audit.rules import differences
from ...audit.services import record
from ...errors import Forbidden, Refusal
from ...viewer import Viewer
from ..importer import make_importer
from ..models import SavedMapping
from ..opening import read_mapping
from .queries import get_saved_mapping, is_own
from .rules import to_json


@transaction.atomic
def save_mapping(
    *, viewer: Viewer, kind: str, shape: str, mapping: Mapping[str, Any], name: str, is_shared: bool = False
) -> SavedMapping:
    """Remember how files of this make are read, for the viewer's company, or for everyone with ``is_shared``. It
    replaces what was kept for the same make. Records ``qudao.import.mapping_kept``.

    :raises Refusal: ``invalid_mapping``, ``nothing_mapped``.
    """
    make_importer(kind, viewer)
    read = read_mapping(mapping)
    if read is None or not shape:
        raise Refusal("nothing_mapped", _("There is no column mapping to save."), field="mapping", status=422)
    kept, _created = SavedMapping.objects.update_or_create(
        kind=kind,
        shape=shape,
        company_id=viewer.company_id,
        defaults={
            "name": name.strip()[:120] or kind,
            "mapping": to_json(read),
            "is_shared": is_shared,
            "created_by_id": viewer.user_id,
        },
    )
    record(actor=viewer, instance=kept, action="qudao.import.mapping_kept", data={"note": kept.name})
    return kept


@transaction.atomic
def change_saved_mapping(
    *, viewer: Viewer, pk: int, name: str | None = None, is_shared: bool | None = None
) -> SavedMapping:
    """Give a kept mapping another name, share it with everyone who imports this kind, or stop sharing it. Records
    ``qudao.import.mapping_changed`` with what was before; a change of nothing records nothing.

    :raises NotFound: there is none for this viewer. :raises Forbidden: ``not_yours``: others share it.
    :raises Refusal: ``required``: an empty name.
    """
    kept = own_mapping(viewer, pk)
    wanted = {
        "name": kept.name if name is None else name.strip()[:120],
        "is_shared": kept.is_shared if is_shared is None else is_shared,
    }
    if not wanted["name"]:
        raise Refusal("required", _("Enter a name."), field="name", status=422)
    changes = differences({field: getattr(kept, field) for field in wanted}, wanted)
    if changes:
        SavedMapping.objects.filter(pk=kept.pk).update(**wanted, changed_at=timezone.now())
        record(
            actor=viewer,
            instance=kept,
            action="qudao.import.mapping_changed",
            data={"note": str(wanted["name"]), "changes": changes},
        )
    return get_saved_mapping(viewer, pk)


def own_mapping(viewer: Viewer, pk: int) -> SavedMapping:
    """:raises NotFound: there is none for this viewer. :raises Forbidden: ``not_yours``: others share it."""
    kept = get_saved_mapping(viewer, pk)
    if not is_own(viewer, kept):
        raise Forbidden(
            "not_yours",
            _("This column mapping belongs to others, who share it."),
            remedy=_("Save a mapping of your own with the next file."),
        )
    return kept


@transaction.atomic
def forget_mapping(*, viewer: Viewer, pk: int) -> None:
    """Delete a kept mapping of the viewer's company (or of the back office).

    Records ``qudao.import.mapping_forgotten``.

    :raises NotFound: there is none for this viewer. :raises Forbidden: ``not_yours``: others share it.
    """
    found = own_mapping(viewer, pk)
    record(actor=viewer, instance=found, action="qudao.import.mapping_forgotten", data={"note": found.name})
    found.delete()
