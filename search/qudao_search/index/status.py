"""How the index stands: how much is in it, whether it agrees with its sources, and what a cluster has not heard of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .. import conf
from ..engines import choosing
from ..engines.choosing import embedded
from ..engines.contract import EngineUnavailable
from ..entries.models import AccessRule, Entry, Group, Pending, Word
from ..entries.rules import prepare
from ..hooks import Source, sources

CHUNK = 1_000
#: So many items of each sort are named.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Drift:
    """Items that source and index disagree about: how many, and the first of them by name."""

    count: int = 0
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindState:
    """A kind: ``missing`` in the index, ``surplus`` in it, ``differing`` (asked for deeply) in content or tokens."""

    kind: str
    in_source: int
    in_index: int
    missing: Drift = Drift()
    surplus: Drift = Drift()
    differing: Drift = Drift()

    @property
    def drifts(self) -> bool:
        return any((self.missing.count, self.surplus.count, self.differing.count))


@dataclass(frozen=True, slots=True)
class State:
    """The whole index. ``waiting``: entries a cluster has not heard of; ``refused``: those it would not take."""

    engine: str
    degraded: bool
    kinds: tuple[KindState, ...]
    groups: int
    access_rules: int
    words: int
    waiting: int
    refused: int

    @property
    def drifts(self) -> bool:
        return any(kind.drifts for kind in self.kinds)


def health() -> dict[str, Any]:
    """``ok``, the ``engine`` that answers, ``degraded`` when that is not the one that is set, ``waiting`` changes.

    A cluster that is away leaves the site able to answer, so ``ok`` stays true.
    """
    degraded = _is_away()
    engine = embedded() if degraded else choosing.current()
    waiting = Pending.objects.count() if conf.engine() != "embedded" else 0
    return {"ok": True, "engine": engine.name, "degraded": degraded, "waiting": waiting}


def _is_away() -> bool:
    try:
        choosing.current().check()
    except EngineUnavailable as away:
        choosing.mark_unavailable(away)
        return True
    return False


def status(*, kinds: Sequence[str] = (), deep: bool = False) -> State:
    """Compare sources and index. ``deep`` reads every document again and compares content, and the engine's tokens."""
    found = health()
    known = dict(sources.items())
    names = kinds or [*known, *sorted(_kinds_in_index() - set(known))]
    return State(
        engine=found["engine"],
        degraded=found["degraded"],
        kinds=tuple(_of_kind(kind, known.get(kind), deep) for kind in names),
        groups=Group.objects.count(),
        access_rules=AccessRule.objects.count(),
        words=Word.objects.count(),
        waiting=Pending.objects.filter(error="").count(),
        refused=Pending.objects.exclude(error="").count(),
    )


def _kinds_in_index() -> set[str]:
    return set(Entry.objects.order_by().values_list("kind", flat=True).distinct())


def _of_kind(kind: str, source: Source | None, deep: bool) -> KindState:
    in_index = set(Entry.objects.filter(kind=kind).order_by().values_list("item", flat=True))
    in_source: set[str] = set()
    differing: list[str] = []
    for items in _chunks(source.items() if source else ()):
        given = _given(kind, source, items) if source else {}
        in_source |= set(given)
        if deep:
            differing += _differing(kind, given, in_index)
    return KindState(
        kind,
        len(in_source),
        len(in_index),
        _drift(in_source - in_index),
        _drift(in_index - in_source),
        _drift(differing),
    )


def _given(kind: str, source: Source, items: Sequence[str]) -> dict[str, str]:
    """Items for which the source has a document, with the digest an entry of it has."""
    longest = conf.longest_text()
    prepared = (prepare(kind, document, longest) for document in source.documents(items))
    return {one.item: one.digest for one in prepared}


def _differing(kind: str, given: dict[str, str], in_index: set[str]) -> Iterator[str]:
    rows = Entry.objects.filter(kind=kind, item__in=in_index.intersection(given)).order_by()
    entries = {pk: (item, digest) for pk, item, digest in rows.values_list("pk", "item", "digest")}
    absent = embedded().absent(list(entries))
    for pk, (item, digest) in entries.items():
        if digest != given[item] or pk in absent:
            yield item


def _drift(items: Iterable[str]) -> Drift:
    found = sorted(items)
    return Drift(len(found), tuple(found[:MOST_NAMED]))


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(items)
    while some := list(islice(iterator, CHUNK)):
        yield some
