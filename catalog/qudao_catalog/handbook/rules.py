"""A handbook as one tree in several languages, and what one reader sees of it. Plain Python.

Wagtail keeps a tree of pages for each language; pages that translate each other share a key. Here they are one node
with several versions. The reader gets the version in the own language, else the original's. A chapter is shown to
whoever sees a topic in it; its own summary only to those it is meant for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from qudao_core.exports import rules as exports

HANDBOOK, CHAPTER, TOPIC = "handbook", "chapter", "topic"


@dataclass(frozen=True, slots=True)
class Version:
    """A live page of a handbook in one language.

    ``access`` are the tokens that open it (policy ``audience``), ``None`` when no list or search may show it.
    ``original_id`` is the page it follows and ``follows`` when the text it follows was published; both empty for
    originals.
    """

    page_id: int
    key: str
    language: str
    type: str
    path: str
    url_path: str
    slug: str
    title: str
    summary: str = ""
    kind: str = ""
    published_at: datetime | None = None
    original_id: int | None = None
    follows: datetime | None = None
    is_alias: bool = False
    access: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A handbook, chapter or topic in all its languages. ``source`` is the original."""

    key: str
    type: str
    source: Version
    versions: Mapping[str, Version]
    children: tuple[Node, ...] = ()

    def version(self, language: str) -> Version:
        return self.versions.get(language, self.source)

    def walk(self) -> Iterator[Node]:
        """Itself and everything below, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class VisibleNode:
    """A node as one reader sees it: the version shown, and where it stands.

    ``id`` is the page shown, ``source_id`` the original's, which stays the same in every language. ``is_open`` is
    false for chapters that are only shown because of what is in them. ``changed_at``: since then the original says
    something else (then the version shown is behind). ``above`` leads from the handbook down to the parent.
    """

    id: int
    source_id: int
    key: str
    type: str
    title: str
    summary: str
    url_path: str
    language: str
    kind: str = ""
    is_open: bool = True
    in_own_language: bool = True
    languages: tuple[str, ...] = ()
    published_at: datetime | None = None
    changed_at: datetime | None = None
    above: tuple[VisibleNode, ...] = ()
    children: tuple[VisibleNode, ...] = ()

    @property
    def handbook(self) -> VisibleNode:
        return self.above[0] if self.above else self

    @property
    def parent(self) -> VisibleNode | None:
        return self.above[-1] if self.above else None

    def walk(self) -> Iterator[VisibleNode]:
        """Itself and everything below, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def topics(self) -> tuple[VisibleNode, ...]:
        """Every topic at or below it that may be opened, in reading order."""
        return tuple(each for each in self.walk() if each.type == TOPIC)


def build_tree(versions: Iterable[Version], steplen: int) -> tuple[Node, ...]:
    """Handbooks with everything below them; what has lost its parent is left out."""
    by_key: dict[str, dict[str, Version]] = {}
    for version in sorted(versions, key=lambda each: (each.is_alias, each.page_id)):
        by_key.setdefault(version.key, {}).setdefault(version.language, version)
    chosen = {key: _without_aliases(found) for key, found in by_key.items()}
    sources = {key: _source(found) for key, found in chosen.items()}
    keys = {version.path: key for key, found in by_key.items() for version in found.values()}
    below: dict[str, list[str]] = {}
    for key, source in sources.items():
        above = keys.get(source.path[:-steplen], "")
        below.setdefault("" if source.type == HANDBOOK else above or "lost", []).append(key)

    def node(key: str) -> Node:
        own = sorted(below.get(key, ()), key=lambda each: _place(sources[each], sources[key]))
        return Node(key, sources[key].type, sources[key], chosen[key], tuple(node(each) for each in own))

    return tuple(node(key) for key in sorted(below.get("", ()), key=lambda each: sources[each].path))


def _without_aliases(found: dict[str, Version]) -> dict[str, Version]:
    """An alias in another language is a copy of the original: no translation."""
    own = {language: version for language, version in found.items() if not version.is_alias}
    return own or found


def _source(found: Mapping[str, Version]) -> Version:
    """The original: the version that follows no other one, else the oldest page."""
    return min(found.values(), key=lambda each: (each.original_id is not None, each.page_id))


def _place(child: Version, parent: Version) -> tuple[bool, str]:
    """Children in the order of the parent's language; those that exist in another one only come last."""
    return child.language != parent.language, child.path


def visible_tree(
    node: Node, language: str, is_open: Callable[[Version], bool], above: tuple[VisibleNode, ...] = ()
) -> VisibleNode | None:
    """What a reader sees of a node and everything below it; ``None`` when that is nothing."""
    own = visible_node(node, language, is_open, above)
    if node.type == TOPIC and not own.is_open:
        return None
    found = (visible_tree(each, language, is_open, (*above, own)) for each in node.children)
    children = tuple(each for each in found if each is not None)
    return replace(own, children=children) if own.is_open or children else None


def is_visible(node: Node, language: str, is_open: Callable[[Version], bool]) -> bool:
    """Whether :func:`shown` would show anything; looks no further than the first page that is open."""
    opens = all(is_open(each) for each in {node.version(language), node.source})
    return opens or any(is_visible(each, language, is_open) for each in node.children)


def visible_node(
    node: Node, language: str, is_open: Callable[[Version], bool], above: tuple[VisibleNode, ...] = ()
) -> VisibleNode:
    """A node without what is below it."""
    version = node.version(language)
    opens = all(is_open(each) for each in {version, node.source})
    return VisibleNode(
        id=version.page_id,
        source_id=node.source.page_id,
        key=node.key,
        type=node.type,
        title=version.title,
        summary=version.summary if opens else "",
        url_path=node.source.url_path,
        language=version.language,
        kind=version.kind,
        is_open=opens,
        in_own_language=version.language == language,
        languages=tuple(sorted(node.versions)),
        published_at=version.published_at,
        changed_at=changed_at(version, node.source),
        above=above,
    )


def changed_at(version: Version, source: Version) -> datetime | None:
    """Since when the original says something else than ``version`` follows; ``None``: it is up to date."""
    if version.original_id != source.page_id or source.published_at is None:
        return None
    behind = version.follows is None or source.published_at > version.follows
    return source.published_at if behind else None


def find(trees: Iterable[VisibleNode], page_id: int, ids: Mapping[int, str]) -> VisibleNode | None:
    """The node that one of the pages in any language belongs to."""
    key = ids.get(page_id)
    return next((each for tree in trees for each in tree.walk() if each.key == key), None) if key else None


def by_slugs(node: Node, slugs: Iterable[str]) -> Node | None:
    """Where an address leads: each part may be the slug in any language."""
    for slug in slugs:
        known = (child for child in node.children if slug in {each.slug for each in child.versions.values()})
        found = next(known, None)
        if found is None:
            return None
        node = found
    return node


@dataclass
class Anchors:
    """Anchors of headings on one page: from the words, each once, the same at every call."""

    taken: set[str] = field(default_factory=set)

    def of(self, text: str) -> str:
        """
        >>> anchors = Anchors()
        >>> anchors.of("Before you start!"), anchors.of("Before you start"), anchors.of("安装 步骤"), anchors.of("?")
        ('before-you-start', 'before-you-start-2', '安装-步骤', 'section')
        """
        words = unicodedata.normalize("NFKC", text).casefold()
        kept = "".join(char if char.isalnum() else " " for char in words)
        base = "-".join(kept.split())[:60].strip("-") or "section"
        anchor, number = base, 1
        while anchor in self.taken:
            number += 1
            anchor = f"{base}-{number}"
        self.taken.add(anchor)
        return anchor


SCOPES = (TOPIC, CHAPTER, HANDBOOK)
MOST_TOPICS = 1_000
_HREF = re.compile(r'href="([^"]*)"')


def fingerprint(seen: VisibleNode, *, scope: str, language: str, company_id: int | None, on: date) -> str:
    """The same for two requests whose PDF would say the same: who reads, what is read, which texts, on which day.

    Data of products stand in it as of the day, so another day is another PDF.
    """
    texts = [f"{each.id}@{each.published_at}@{each.changed_at}" for each in seen.walk()]
    return exports.fingerprint(seen.key, scope, language, company_id, on.isoformat(), *texts)


def inner_links(html: str, anchors: Mapping[str, str], base: str) -> str:
    """Links to pages that stand in the same PDF lead inside it; the others become whole addresses.

    >>> inner_links('<a href="/h/a/">A</a> <a href="/h/b/">B</a>', {"/h/a/": "t7"}, "https://x.example")
    '<a href="#t7">A</a> <a href="https://x.example/h/b/">B</a>'
    """

    def target(match: re.Match[str]) -> str:
        path, _hash, _part = match.group(1).partition("#")
        if path in anchors:
            return f'href="#{anchors[path]}"'
        return f'href="{base}{match.group(1)}"' if path.startswith("/") else match.group(0)

    return _HREF.sub(target, html)


def depth(seen: VisibleNode, root: VisibleNode) -> int:
    """How deep below the root of the PDF a page stands; 0 is the root itself."""
    return len(seen.above) - len(root.above)


def is_readable(visible: Iterable[int], needed: Iterable[int]) -> bool:
    """Whether everything that stands in a file may still be read."""
    return set(needed) <= set(visible)
