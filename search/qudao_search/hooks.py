"""What plugins contribute to the search, and the values they answer with.

A plugin puts its sources into a module ``search_indexes`` of its app; it is imported at start::

    from qudao_search import hooks as search

    search.sources.register("topic", TopicSource(), order=20)
    search.policies.register("audience", open_to_audience)

The search knows no domain. A *source* says what there is to find and shows what was found; a *policy* says which
of its tokens are open to a reader. What no policy opens is in no hit, no count, no facet and no suggestion.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from qudao_core.hooks import Registry


class Reader(Protocol):
    """Whoever looks. The portal's ``Viewer`` is one; the search itself asks only for the language and the id."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Who may open a document: tokens that the policy of this name understands, such as audience keys.

    A document is open when any one of its access rules is; in a rule the policy decides about all tokens together.
    """

    policy: str
    tokens: frozenset[str]


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found, as its source describes it. Everything is plain text, without markup.

    ``item`` is the thing's key within its kind (``"42"``); ``titles`` and ``texts`` go from language (``en``,
    ``zh-hans``) to words; ``codes`` are part numbers as people write them; ``keywords`` are further words that
    find it (names of categories, lines, chapters). ``access`` are its access rules; with none nobody finds it.
    ``facets`` are values it is filtered and counted by (``{"line": ("lighting",)}``). ``languages``: the reading
    languages it is meant for; empty means every language. ``boost`` multiplies its relevance (0.1 to 10).
    ``dated_at`` (aware) is what "newest" sorts by.
    """

    item: str
    titles: Mapping[str, str]
    access: tuple[AccessRule, ...]
    codes: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    boost: float = 1.0
    dated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A hit as it is shown: what the source adds to title and excerpt, read from the database at this moment.

    ``template`` (optional) is rendered with ``context`` and ``hit`` in place of the plain card; ``data`` is what
    the API gives under ``"item"``. ``path`` is where it stands (chapter, category), shortest last.
    """

    title: str
    url: str
    summary: str = ""
    path: tuple[str, ...] = ()
    picture: str = ""
    icon: str = "file-text"
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetText:
    """How a facet is called and what its values are called, in the reader's language."""

    label: str
    values: Mapping[str, str]


class Source(Protocol):
    """One kind of thing that can be found."""

    #: What the kind is called, translatable, in the plural ("Products").
    label: Any
    #: Name of the icon.
    icon: str

    def items(self) -> Iterable[str]:
        """The keys of everything there is, in any order, without loading everything at once."""
        ...

    def documents(self, items: Sequence[str]) -> Iterable[Document]:
        """The documents of these items; what no longer exists or is not published is left out.

        A constant number of statements for up to 1,000 items.
        """
        ...

    def cards(self, reader: Any, items: Sequence[str], request: Any = None) -> Mapping[str, Card]:
        """Cards of those items that the reader may open *now*; a constant number of statements.

        What is left out is not shown, whatever the index says.
        """
        ...

    def facet_texts(self, reader: Any, facets: Mapping[str, Collection[str]]) -> Mapping[str, FacetText]:
        """Words for facets and their values. A facet or value that is left out is not shown."""
        ...


class PricedSource(Source, Protocol):
    """A source whose things have the reader's own price."""

    def by_price(self, reader: Any, items: Sequence[str], *, descending: bool) -> list[str]:
        """The items in the order of the own price; those without one last. A constant number of statements."""
        ...


class AnsweringSource(Source, Protocol):
    """A source whose things answer questions (how, why, which): they come before others where one is asked."""

    answers: bool


class Policy(Protocol):
    """Decides about access rules: called with the distinct token sets the index holds under this policy."""

    def __call__(self, reader: Any, access_rules: Sequence[frozenset[str]]) -> Sequence[bool]:
        """For each access rule whether it is open to the reader now. A constant number of statements."""
        ...


#: kind → source. The kind stands in addresses: short, lower case, singular (``product``).
sources: Registry[Source] = Registry("sources")
#: policy name → policy.
policies: Registry[Policy] = Registry("policies")
