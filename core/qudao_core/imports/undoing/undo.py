"""Keeps what each batch of an import changed, in the transaction of the import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..models import ImportedPart, ImportJob
from .rules import Images, changes_between, packed

if TYPE_CHECKING:
    from ..importer import Importer, Row
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from .rules import Change, Image

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


class Undo:
    """How the things that a kind of file changes are looked at and taken back.

    The framework takes images of all things that a batch can touch, before it is written and after; what differs is
    kept with the import. To undo it, things that have changed since or on which something was built stand in the way;
    otherwise :meth:`take_back` restores them through the services of the subject.
    """

    #: (name, label) of the values of an image, in their order; without a label it is not shown.
    fields: ClassVar[tuple[tuple[str, Any], ...]] = ()
    #: Names of values that are decimals: they are shown without the zeros that the database fills them with.
    numbers: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, importer: Importer) -> None:
        self.importer = importer
        #: Things of this batch and later ones that will be gone, or elsewhere, before these are removed.
        self.gone: set[str] = set()

    def lock(self, rows: Sequence[Row]) -> None:
        """Lock what writing these rows changes, before its images are taken: else a change that somebody else makes
        between image and writing is in none of them, and undoing would take it back, too.
        """

    def touched(self, rows: Sequence[Row]) -> Images:
        """Images of everything that writing these rows can change, as it is now."""
        raise NotImplementedError

    def now(self, ids: Iterable[str]) -> Images:
        """Images of these things as they are now; those that are gone are missing."""
        raise NotImplementedError

    def names(self, changes: Sequence[Change]) -> Mapping[str, str]:
        """What people call these things, by id."""
        return {}

    def shown(self, name: str, value: Any) -> Any:
        """A value of an image as people read it; ``None`` for one that stands for "none"."""
        if name not in self.numbers or value in (None, ""):
            return value
        return f"{Decimal(value).normalize():f}"

    def obstacles(self, changes: Sequence[Change], since: datetime) -> Mapping[str, tuple[str, str]]:
        """What was built on them since: (code, sentence) by id."""
        return {}

    def leaves(self, change: Change) -> bool:
        """Whether something that existed before no longer refers to others once it is restored."""
        return False

    def hold(self, batches: Iterable[Sequence[Change]]) -> None:
        """Lock what others must not change until the undo is over: of all batches at once, in the order in which
        everybody locks it (``docs/reference/locking.md``).
        """

    def take_back(self, changes: Sequence[Change]) -> None:
        """Make everything as it was before, through the subject's services. Inside a transaction of the caller."""
        raise NotImplementedError

    def value(self, image: Image | None, name: str) -> Any:
        """One value of an image by its name."""
        if image is None:
            return None
        return image[next(place for place, (each, _label) in enumerate(self.fields) if each == name)]
