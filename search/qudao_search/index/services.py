"""Write the index: in the transaction of the change, for one thing or twenty thousand, or everything anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction

from .. import conf
from ..engines.choosing import embedded
from ..engines.embedded import Written
from ..entries import group_cache, pending, writing
from ..entries.models import Entry
from ..entries.rules import AccessRuleFacts, GroupFacts, Prepared, prepare
from ..hooks import Document, Source, sources
from ..text import rules as text

CHUNK = 1_000
#: Characters of text that are held and written at a time: a thousand long documents do not fit into a statement.
PORTION = 4_000_000

#: Told about a rebuild: the kind, how many of it are done and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class _PendingGroups:
    """What the documents of a transaction have in common with others': groups, access rules, words of titles.

    Written once, in order, at the transaction's end: whoever adds one makes everybody wait who adds the same, and two
    bulk writers that met them in another order would wait for each other.
    """

    groups: dict[int, GroupFacts] = field(default_factory=dict)
    access_rules: dict[int, AccessRuleFacts] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def write(self, words_written: Collection[str] = ()) -> None:
        if self.groups:
            writing.ensure_groups(self.groups, self.access_rules)
            group_cache.add(self.groups.values(), self.access_rules.values())
        writing.add_words(self.words.difference(words_written))


def update(*, kind: str, items: Iterable[str]) -> int:
    """Bring these items of a source up to date in the index, now, inside the caller's transaction.

    Items the source no longer gives are taken out. Gives the number of entries that were written or taken out; what
    has not changed costs no write. A constant number of statements for each 1,000 items.

    :raises LookupError: no source is registered for the kind.
    """
    source, pending_groups, changed = _source(kind), _PendingGroups(), 0
    with transaction.atomic():
        for some in _chunks(sorted(set(items))):
            changed += _update_items(kind, source, some, pending_groups)
        pending_groups.write()
    return changed


def remove(*, kind: str, items: Iterable[str]) -> int:
    """Take these items out of the index, whatever their source says; the number of entries taken out."""
    changed = 0
    with transaction.atomic():
        for some in _chunks(sorted(set(items))):
            stored = writing.lock_entries(kind, some)
            _take_out(list(stored.values()))
            changed += len(stored)
    return changed


def rebuild(*, kinds: Sequence[str] = (), progress: Progress | None = None) -> int:
    """Read every source, or those of ``kinds``, anew and write all tokens again, in place; the number of items read.

    Each 1,000 items are a transaction, so the site searches and writes meanwhile. At the end what no source gives
    any more is taken out, and groups, access rules and words nothing uses are dropped.
    """
    words, before, done = set[str](), writing.last_word(), 0
    for kind in kinds or [key for key, _source_of in sources.items()]:
        done += _rebuild_kind(kind, words, progress)
    if not kinds:
        _drop_kinds_without_source()
        writing.drop_unused()
        writing.drop_words(words, before)
    embedded().optimize()
    return done


def _rebuild_kind(kind: str, words: set[str], progress: Progress | None) -> int:
    source, done = _source(kind), 0
    # Read to the end first: a statement left open while we write keeps SQLite from taking its turn among writers.
    items = sorted(set(source.items()))
    for some in _chunks(items):
        with transaction.atomic():
            pending_groups = _PendingGroups()
            _update_items(kind, source, some, pending_groups, anew=True)
            pending_groups.write(words)
        words |= pending_groups.words
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


def _update_items(
    kind: str, source: Source, items: Sequence[str], pending_groups: _PendingGroups, *, anew: bool = False
) -> int:
    """Up to 1,000 items. ``anew`` writes unchanged ones' tokens again."""
    stored = writing.lock_entries(kind, items)
    given, changed = set[str](), 0
    for some in _portions(kind, source.documents(items)):
        given |= some.keys()
        changed += _update_portion(kind, [some[item] for item in sorted(some)], stored, pending_groups, anew)
    gone = [stored[item] for item in items if item in stored and item not in given]
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


def _update_portion(
    kind: str,
    given: Sequence[Prepared],
    stored: Mapping[str, writing.StoredEntry],
    pending_groups: _PendingGroups,
    anew: bool,
) -> int:
    changed = [one for one in given if one.item not in stored or stored[one.item].digest != one.digest]
    places = {item: each.entry_id for item, each in stored.items()}
    if changed:
        pending_groups.groups |= {one.group.id: one.group for one in changed}
        pending_groups.access_rules |= {rule.id: rule for one in changed for rule in one.access_rules}
        places |= _put(kind, changed, stored)
    _put_tokens(given if anew else changed, places, pending_groups.words)
    return len(changed)


def _put(kind: str, changed: Sequence[Prepared], stored: Mapping[str, writing.StoredEntry]) -> dict[str, int]:
    """Write the entries and tell the cluster, where there is one; item → entry id."""
    places = writing.put_entries(kind, changed)
    if conf.engine() == "elasticsearch":
        pending.put_pending(
            pending.Change(*places[one.item], hides=_moves(one, stored.get(one.item))) for one in changed
        )
    return {item: entry_id for item, (entry_id, _revision) in places.items()}


def _moves(one: Prepared, before: writing.StoredEntry | None) -> bool:
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


def _take_out(gone: Sequence[writing.StoredEntry]) -> None:
    if not gone:
        return
    ids = [stored.entry_id for stored in gone]
    embedded().erase(ids)
    writing.delete_entries(ids)
    if conf.engine() == "elasticsearch":
        pending.put_pending(
            pending.Change(stored.entry_id, stored.revision + 1, hides=True, deleted=True) for stored in gone
        )


def synchronise(*, limit: int = 1000) -> int:
    """Send up to ``limit`` changes to the cluster; how many of them it has confirmed.

    What hides something goes first. A cluster that does not answer is no error: what it has not confirmed stays in the
    dirty set for the next call. Costs nothing with the embedded engine.
    """
    if conf.engine() != "elasticsearch":
        return 0
    from ..engines.elasticsearch.changes import push  # noqa: PLC0415 - the client is an optional part

    return push(limit)


def _source(kind: str) -> Source:
    source = sources.get(kind)
    if source is None:
        raise LookupError(f"No source is registered for {kind!r}.")
    return source


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(items)
    while some := list(islice(iterator, CHUNK)):
        yield some
