"""How the cluster is, for health, ``search_status`` and whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass

from elasticsearch import ApiError, NotFoundError, TransportError

from ...entries.models import ClusterIndex, Entry, Pending
from . import mapping
from .client import impatient, in_words

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """An entry the cluster does not take, and why."""

    kind: str
    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClusterState:
    """What can be said about the cluster and our index in it.

    ``trouble`` is empty when it answers searches. ``entries`` are the database's, ``documents`` those searches see;
    ``waiting`` changes have not been confirmed, ``hiding`` of them take something away. ``building`` is how much of
    a rebuild that is under way, or was killed, has been sent.
    """

    trouble: str
    colour: str = ""
    index: str = ""
    entries: int = 0
    documents: int | None = None
    waiting: int = 0
    hiding: int = 0
    refused: tuple[RefusedEntry, ...] = ()
    building: str = ""
    building_reached: int = 0

    @property
    def drift(self) -> int | None:
        """How many documents the cluster has too few (or, negative, too many)."""
        return None if self.documents is None else self.entries - self.documents


def trouble() -> str:
    """Why searches are not answered by the cluster now; empty when they are. One short request."""
    return _documents()[0]


def _documents() -> tuple[str, int | None]:
    """What is wrong, or how many documents searches see."""
    try:
        answer = impatient().count(index=mapping.alias())
    except NotFoundError:
        return "there is no index of this shape yet: search_rebuild makes it", None
    except (ApiError, TransportError) as error:
        return in_words(error), None
    if answer["_shards"]["failed"]:
        return "a part of the index is not there", None
    return "", int(answer["count"])


def look() -> ClusterState:
    """Everything there is to say; a handful of statements and requests."""
    pending = Pending.objects.filter(error="")
    building = ClusterIndex.objects.filter(state=ClusterIndex.State.BUILDING).last()
    live = ClusterIndex.objects.filter(state=ClusterIndex.State.LIVE).last()
    reason, documents = _documents()
    return ClusterState(
        trouble=reason,
        colour="" if reason else _colour(),
        index=live.name if live else "",
        entries=Entry.objects.count(),
        documents=documents,
        waiting=pending.count(),
        hiding=pending.filter(hides=True).count(),
        refused=_refused(),
        building=building.name if building else "",
        building_reached=building.reached if building else 0,
    )


def _colour() -> str:
    try:
        return str(impatient().cluster.health(index=mapping.alias())["status"])
    except (ApiError, TransportError):
        return ""


def _refused() -> tuple[RefusedEntry, ...]:
    reasons = dict(Pending.objects.exclude(error="").values_list("entry_id", "error")[:_SHOWN])
    names = Entry.objects.filter(pk__in=list(reasons)).values_list("pk", "kind", "item")
    return tuple(RefusedEntry(kind, item, reasons[pk]) for pk, kind, item in names)
