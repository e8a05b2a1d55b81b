"""Write the index: in the transaction of the change, for one thing or twenty thousand, or everything anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction

from .. import conf
from ..engines.contract import Written
from ..engines.embedded import embedded
from ..hooks import Document, Source, sources
from ..text import rules as text
from . import known, pruning, vocabulary, writing
from .models import Entry
from .rules import DoorFacts, GroupFacts, Prepared, prepare

CHUNK = 1_000
#: Characters of text that are held and written at a time: a thousand long documents do not fit into a statement.
PORTION = 4_000_000

#: Told about a rebuild: the kind, how many of it are done and how many there are.
Progress = Callable[[str, int, int], None]
#: Items that :func:`together` collects, by kind; ``None`` outside of it.
_collected: ContextVar[dict[str, set[str]] | None] = ContextVar("qudao_search_collected", default=None)


@dataclass(slots=True)
class _Met:
    """What the documents of a transaction have in common with others': groups, doors, words of titles.

    Written once, in order, at the transaction's end: whoever adds one makes everybody wait who adds the same, and two
    bulk writers that met them in another order would wait for each other.
    """

    groups: dict[int, GroupFacts] = field(default_factory=dict)
    doors: dict[int, DoorFacts] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def write(self, words_written: Collection[str] = ()) -> None:
        if self.groups:
            writing.intern(self.groups, self.doors)
            known.remember(self.groups.values(), self.doors.values())
        vocabulary.add(self.words.difference(words_written))


@contextmanager
def together() -> Iterator[None]:
    """Let :func:`update` only note its items within the block, and bring each up to date once at the block's end.

    For whoever writes the same things many times in one transaction. Until the end, what is new is not found. A block
    inside another belongs to it; a block that fails updates nothing, as its transaction is undone.
    """
    if _collected.get() is not None:
        yield
        return
    collected: dict[str, set[str]] = {}
    with transaction.atomic():
        token = _collected.set(collected)
        try:
            yield
        finally:
            _collected.reset(token)
        for kind, items in sorted(collected.items()):
            update(kind=kind, items=items)


def update(*, kind: str, items: Iterable[str]) -> int:
    """Bring these items of a source up to date in the index, now, inside the caller's transaction.

    Items the source no longer gives are taken out. Gives the number of entries that were written or taken out; what
    has not changed costs no write. A constant number of statements for each 1,000 items. Inside :func:`together` items
    are noted, and the number is 0.

    :raises LookupError: no source is registered for the kind.
    """
    source, met, changed = _source(kind), _Met(), 0
    if (collected := _collected.get()) is not None:
        collected.setdefault(kind, set()).update(items)
        return 0
    with transaction.atomic():
        for some in _chunks(sorted(set(items))):
            changed += _bring(kind, source, some, met)
        met.write()
    return changed


def remove(*, kind: str, items: Iterable[str]) -> int:
    """Take these items out of the index, whatever their source says; the number of entries taken out."""
    changed = 0
    with transaction.atomic():
        for some in _chunks(sorted(set(items))):
            standing = writing.hold(kind, some)
            _take_out(list(standing.values()))
            changed += len(standing)
    return changed


def rebuild(*, kinds: Sequence[str] = (), progress: Progress | None = None) -> int:
    """Read every source, or those of ``kinds``, anew and write all tokens again, in place; the number of items read.

    Each 1,000 items are a transaction, so the site searches and writes meanwhile. At the end what no source gives
    any more is taken out, and groups, doors and words nothing uses are dropped.
    """
    words, before, done = set[str](), pruning.last_word(), 0
    for kind in kinds or [key for key, _source_of in sources.items()]:
        done += _rebuild_kind(kind, words, progress)
    if not kinds:
        _drop_kinds_without_source()
        pruning.drop_unused()
        pruning.drop_words(words, before)
    embedded().tidy()
    return done


def _rebuild_kind(kind: str, words: set[str], progress: Progress | None) -> int:
    source, done = _source(kind), 0
    # Read to the end first: a statement left open while we write keeps SQLite from taking its turn among writers.
    items = sorted(set(source.items()))
    for some in _chunks(items):
        with transaction.atomic():
            met = _Met()
            _bring(kind, source, some, met, anew=True)
            met.write(words)
        words |= met.words
        done += len(some)
        if progress:
            progress(kind, done, len(items))
    seen = set(items)
    # Asked again, one by one: what was added while we read is in the index, but not among what we saw.
    gone = (item for item in _items_in_index(kind) if item not in seen)
    for some in _chunks(gone):
        update(kind=kind, items=some)
    return len(items)


def _drop_kinds_without_source() -> None:
    present = set(Entry.objects.order_by().values_list("kind", flat=True).distinct())
    for kind in sorted(present - {key for key, _source_of in sources.items()}):
        for some in _chunks(_items_in_index(kind)):
            remove(kind=kind, items=some)


def _items_in_index(kind: str) -> Iterator[str]:
    """The items in the index, in order, without holding a statement open while they are worked on."""
    last = ""
    while True:
        found = list(
            Entry.objects.filter(kind=kind, item__gt=last)
            .order_by("item")
            .values_list("item", flat=True)[: 10 * CHUNK]
        )
        yield from found
        if not found:
            return
        last = found[-1]


def _bring(kind: str, source: Source, items: Sequence[str], met: _Met, *, anew: bool = False) -> int:
    """Up to 1,000 items. ``anew`` writes unchanged ones' tokens again."""
    standing = writing.hold(kind, items)
    given, changed = set[str](), 0
    for some in _portions(kind, source.documents(items)):
        given |= some.keys()
        changed += _bring_portion(kind, [some[item] for item in sorted(some)], standing, met, anew)
    gone = [standing[item] for item in items if item in standing and item not in given]
    _take_out(gone)
    return changed + len(gone)


def _portions(kind: str, documents: Iterable[Document]) -> Iterator[dict[str, Prepared]]:
    """The documents by item, all of them at once unless their texts are long."""
    longest = conf.longest_text()
    some, size = dict[str, Prepared](), 0
    for document in documents:
        one = prepare(kind, document, longest)
        some[one.item] = one
        size += sum(map(len, one.texts.values()))
        if size >= PORTION:
            yield some
            some, size = {}, 0
    if some:
        yield some


def _bring_portion(
    kind: str, given: Sequence[Prepared], standing: Mapping[str, writing.Standing], met: _Met, anew: bool
) -> int:
    changed = [one for one in given if one.item not in standing or standing[one.item].digest != one.digest]
    places = {item: each.entry_id for item, each in standing.items()}
    if changed:
        met.groups |= {one.group.id: one.group for one in changed}
        met.doors |= {door.id: door for one in changed for door in one.doors}
        places |= _put(kind, changed, standing)
    _put_tokens(given if anew else changed, places, met.words)
    return len(changed)


def _put(kind: str, changed: Sequence[Prepared], standing: Mapping[str, writing.Standing]) -> dict[str, int]:
    """Write the entries and tell the cluster, where there is one; item → entry id."""
    places = writing.put_entries(kind, changed)
    if conf.engine() == "elasticsearch":
        writing.put_pending(
            writing.Change(*places[one.item], hides=_moves(one, standing.get(one.item))) for one in changed
        )
    return {item: entry_id for item, (entry_id, _revision) in places.items()}


def _moves(one: Prepared, before: writing.Standing | None) -> bool:
    """Whether the entry leaves a group, and with it perhaps somebody's sight."""
    return before is not None and before.group_id != one.group.id


def _put_tokens(prepared: Sequence[Prepared], places: Mapping[str, int], words: set[str]) -> None:
    if prepared:
        embedded().write(_written(places[one.item], one) for one in prepared)
    for one in prepared:
        words |= text.vocabulary(one.titles.values())


def _written(entry_id: int, one: Prepared) -> Written:
    tokens = text.analyse(
        titles=one.titles,
        codes=one.codes,
        texts=one.texts,
        keywords=one.keywords,
        longest=conf.longest_text(),
    )
    return Written(entry_id, one.group.id, one.dated_at, one.boost, tokens)


def _take_out(gone: Sequence[writing.Standing]) -> None:
    if not gone:
        return
    ids = [standing.entry_id for standing in gone]
    embedded().erase(ids)
    writing.delete_entries(ids)
    if conf.engine() == "elasticsearch":
        writing.put_pending(
            writing.Change(standing.entry_id, standing.revision + 1, hides=True, deleted=True)
            for standing in gone
        )


def _source(kind: str) -> Source:
    source = sources.get(kind)
    if source is None:
        raise LookupError(f"No source is registered for {kind!r}.")
    return source


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(items)
    while some := list(islice(iterator, CHUNK)):
        yield some
