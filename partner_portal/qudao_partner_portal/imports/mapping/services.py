"""Keep a mapping for the next file of the same make, and forget it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ...audit.services import record
from ...errors import NotFound, Refusal
from ...viewer import Viewer
from ..importer import make_importer
from ..models import KeptMapping
from ..opening import read_mapping
from .queries import kept_mappings
from .rules import to_json


@transaction.atomic
def keep_mapping(
    *, viewer: Viewer, kind: str, shape: str, mapping: Mapping[str, Any], name: str, is_shared: bool = False
) -> KeptMapping:
    """Remember how files of this make are read, for the viewer's company, or for everyone with ``is_shared``. It
    replaces what was kept for the same make. Records ``qudao.import.mapping_kept``.

    :raises Refusal: ``invalid_mapping``, ``nothing_mapped``.
    """
    make_importer(kind, viewer)
    read = read_mapping(mapping)
    if read is None or not shape:
        raise Refusal("nothing_mapped", _("There is no column mapping to save."), field="mapping", status=422)
    kept, _created = KeptMapping.objects.update_or_create(
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
def forget_mapping(*, viewer: Viewer, pk: int) -> None:
    """Delete a kept mapping of the viewer's company (or of the back office).

    Records ``qudao.import.mapping_forgotten``.

    :raises NotFound: there is none that is theirs.
    """
    found = KeptMapping.objects.filter(pk=pk, company_id=viewer.company_id).first()
    if found is None or not kept_mappings(viewer, found.kind).filter(pk=pk).exists():
        raise NotFound("not_found", _("This saved column mapping does not exist."))
    make_importer(found.kind, viewer)
    record(actor=viewer, instance=found, action="qudao.import.mapping_forgotten", data={"note": found.name})
    found.delete()
