"""How a file is read: by the mapping somebody gave, by one kept for files of its make, or by its header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from ..errors import Refusal
from ..viewer import Viewer
from .importer import Importer
from .mapping import messages
from .mapping.queries import saved_mapping_for
from .mapping.ready import ready_for
from .mapping.rows import mapped
from .mapping.rules import FileMapping, MappingError, from_json, to_json
from .mapping.understanding import Understanding, open_for, understand
from .models import SavedMapping
from .reading import Table
from .reading.table import refuse
from .running import find_heading


@dataclass(frozen=True, slots=True)
class Reading:
    """How a new file will be read. ``is_open``: a person has to say what is what first."""

    mapping: dict[str, Any]
    shape: str
    is_open: bool = False
    #: The kept mapping that is used.
    kept: SavedMapping | None = None


def read_mapping(data: Mapping[str, Any] | None) -> FileMapping | None:
    """:raises Refusal: ``invalid_mapping`` with the place."""
    if not data:
        return None
    try:
        return from_json(data)
    except MappingError as error:
        raise messages.invalid(error) from error


def open_mapped(importer: Importer, file: Any, data: Mapping[str, Any] | None) -> Table:
    """The table an importer reads: with a mapping, its fields; else the first table as it stands.

    :raises Refusal: the file cannot be read, or the mapping does not fit the importer.
    """
    mapping = read_mapping(data) or FileMapping()
    messages.check(importer, mapping)
    tables = open_for(importer, file, mapping)
    return tables[0] if mapping.is_by_header else mapped(tables, mapping, importer)


def how_to_read(
    *, viewer: Viewer, importer: Importer, file: Any, given: Mapping[str, Any] | None, ask: bool
) -> Reading:
    """Decide how a new file is read; with ``ask``, a file that does not say it itself is left open.

    :raises Refusal: nothing says it, and nobody is to be asked: ``wrong_header``, ``unsure_encoding``.
    """
    mapping = read_mapping(given)
    if mapping:
        find_heading(importer, open_mapped(importer, file, given))
        header = None if mapping.is_by_header else mapping.header
        return Reading(to_json(mapping), understand(importer, file, mapping, header=header).shape)
    seen = understand(importer, file)
    kept = saved_mapping_for(viewer, importer.kind, seen.shape)
    if kept and _fits(importer, file, kept.mapping):
        return Reading(kept.mapping, seen.shape, kept=kept)
    ready = ready_for(importer, seen)
    if seen.is_plain and not (ready and ask):
        return Reading({}, seen.shape)
    if ask or ready:
        return Reading(to_json(suggested(importer, seen)), seen.shape, is_open=ask)
    _refuse_unsure(seen)
    find_heading(importer, open_mapped(importer, file, None))
    return Reading({}, seen.shape)


def suggested(importer: Importer, seen: Understanding) -> FileMapping:
    """What to begin with: a ready mapping for the export of a known program, else what was understood."""
    ready = ready_for(importer, seen)
    return ready.make(seen) if ready else seen.mapping


def _fits(importer: Importer, file: BinaryIO, data: Mapping[str, Any]) -> bool:
    """Whether a kept mapping can still be used: sheets may have been renamed, a field may be gone."""
    try:
        find_heading(importer, open_mapped(importer, file, data))
    except Refusal:
        return False
    return True


def _refuse_unsure(seen: Understanding) -> None:
    if seen.encoding and any(note.code == "unsure_encoding" for note in seen.notes):
        raise refuse(
            "unsure_encoding",
            _("The encoding of the file is not certain; it could be %(encoding)s.")
            % {"encoding": seen.encoding},
            _("Say which encoding it is, or save the file as CSV UTF-8."),
        )
