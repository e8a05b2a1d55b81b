"""How the cluster is, for health, ``search_status`` and whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass

from elasticsearch import ApiError, TransportError

from ...index.models import ClusterIndex, Entry, Pending
from . import mapping
from .client import impatient, in_words

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Refusal:
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
    refused: tuple[Refusal, ...] = ()
    building: str = ""
    building_reached: int = 0

    @property
    def drift(self) -> int | None:
        """How many documents the cluster has too few (or, negative, too many)."""
        return None if self.documents is None else self.entries - self.documents


def trouble() -> str:
    """Why searches are not answered by the cluster now; empty when they are. One short request."""
    try:
        answer = impatient().cluster.health(index=mapping.alias(), level="cluster", timeout="1s")
    except (ApiError, TransportError) as error:
        return _missing_index(error) or in_words(error)
    if answer["status"] == "red":
        return "a part of the index is not there"
    return ""


def _missing_index(error: Exception) -> str:
    missing = isinstance(error, ApiError) and error.status_code in (404, 408)
    return "there is no index yet: search_rebuild makes it" if missing else ""


def look() -> ClusterState:
    """Everything there is to say; a handful of statements and requests."""
    pending = Pending.objects.filter(error="")
    building = ClusterIndex.objects.filter(state=ClusterIndex.State.BUILDING).last()
    live = ClusterIndex.objects.filter(state=ClusterIndex.State.LIVE).last()
    reason = trouble()
    colour, documents = ("", None) if reason else _inside()
    return ClusterState(
        trouble=reason,
        colour=colour,
        index=live.name if live else "",
        entries=Entry.objects.count(),
        documents=documents,
        waiting=pending.count(),
        hiding=pending.filter(hides=True).count(),
        refused=_refused(),
        building=building.name if building else "",
        building_reached=building.reached if building else 0,
    )


def _inside() -> tuple[str, int | None]:
    try:
        client = impatient()
        colour = client.cluster.health(index=mapping.alias())["status"]
        return str(colour), int(client.count(index=mapping.alias())["count"])
    except (ApiError, TransportError):
        return "", None


def _refused() -> tuple[Refusal, ...]:
    reasons = dict(Pending.objects.exclude(error="").values_list("entry_id", "error")[:_SHOWN])
    names = Entry.objects.filter(pk__in=list(reasons)).values_list("pk", "kind", "item")
    return tuple(Refusal(kind, item, reasons[pk]) for pk, kind, item in names)
