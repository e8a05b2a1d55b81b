"""Keeps what each batch of an import changed, in the transaction of the import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..models import ImportedPart, ImportJob
from .rules import Images, changes_between, packed
from .undo import Undo

if TYPE_CHECKING:
    from ..importer import Importer, Row


class Journal:
    """For one run of one job. Kinds that cannot be undone keep nothing."""

    def __init__(self, job: ImportJob, importer: Importer) -> None:
        self.job = job
        self.undo: Undo | None = importer.undo(importer) if importer.undo else None
        self.parts = 0

    def before(self, rows: Sequence[Row]) -> Images | None:
        if self.undo is None:
            return None
        self.undo.lock(rows)
        return self.undo.touched(rows)

    def after(self, rows: Sequence[Row], before: Images | None) -> None:
        if self.undo is None or before is None:
            return
        changes = changes_between(before, self.undo.touched(rows))
        if changes:
            self.parts += 1
            ImportedPart.objects.create(
                job=self.job, number=self.parts, things=len(changes), changes=packed(changes)
            )
