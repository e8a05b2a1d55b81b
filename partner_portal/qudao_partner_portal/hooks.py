"""Where other plugins have a say. Typed registries with a deterministic order; register in ``AppConfig.ready``.

>>> from qudao_partner_portal import hooks
>>> hooks.audience_providers.register("certificates", provider)      # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.http import HttpRequest
from qudao_search.hooks import Registry as _Registry

from .viewer import Viewer

if TYPE_CHECKING:
    from .imports.importer import Importer

T = TypeVar("T")


class Registry(_Registry[T]):
    """Named entries, iterated by ``order`` and then name, so that the result never depends on import order."""

    def register(self, key: str, entry: T, *, order: int = 100) -> None:
        """Add ``entry`` under ``key``.

        :raises ValueError: another entry holds this key.
        """
        if self.get(key) not in (None, entry):
            raise ValueError(f"{self.name}: {key!r} is registered already")
        super().register(key, entry, order=order)


class AudienceProvider(Protocol):
    """Adds audience keys of a plugin's own kind for a person of a company. At most one SQL statement."""

    def __call__(self, *, user_id: int, company_id: int) -> Iterable[str]: ...


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the main navigation. ``badge`` is a count of things that wait for the viewer."""

    key: str
    label: str
    url: str
    icon: str
    badge: int = 0
    phone_tab: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """A block of the home page: waits for me, moving, news. ``template`` is rendered with ``context``.

    ``place``: ``main``, or ``side`` for what is at hand beside it (on a phone: below it).
    """

    key: str
    template: str
    context: dict[str, Any]
    waiting: int = 0
    place: str = "main"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page of another plugin, with the words on it."""

    label: str
    url: str


class NavProvider(Protocol):
    def __call__(self, viewer: Viewer, request: HttpRequest) -> Iterable[NavItem]: ...


class TileProvider(Protocol):
    def __call__(self, viewer: Viewer, request: HttpRequest) -> Iterable[Tile]: ...


class EventHandler(Protocol):
    """Handles one outbox event; called at least once, so it must be safe to repeat. Raise to be tried again."""

    def __call__(self, *, event_id: int, topic: str, aggregate: str, payload: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody an event is told to. ``key`` is what the channel knows them by (``user:42``) and stays the same;
    ``address`` is what people read in the log of deliveries.
    """

    key: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Tells an event to people or systems, each by a delivery of its own: one that fails keeps no other waiting.

    ``recipients(event_id=…, topic=…, aggregate=…, payload=…)`` says who has to be told, reading the database only.
    ``deliver(…, recipient=key)`` tells one of them, holding no transaction, at least once. It returns the address it
    used, or nothing when this person need not be told any more. It raises ``portal.Undeliverable`` for a refusal that
    would be repeated, ``portal.NotDelivered`` for a failure that may pass.
    """

    recipients: Callable[..., Iterable[Recipient]]
    deliver: Callable[..., str | None]


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work done once per period by one process of all, whichever comes first; safe to repeat, bounded."""

    every: timedelta
    work: Callable[[], object]


@dataclass(frozen=True, slots=True)
class DocumentDoor:
    """One way to a document: open when the search's ``policy`` says that ``tokens`` are.

    ``names`` is what it is attached to, by language (``en``, ``zh-hans``); ``url`` leads there.
    """

    policy: str
    tokens: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


class AudienceKind(Protocol):
    """Names audience keys of one kind and offers them to editors."""

    #: What the kind is called in the picker, translatable.
    label: Any

    def names(self, values: Iterable[str], language: str) -> dict[str, str]:
        """Value (what follows the colon) → name. Values that no longer exist are left out. One statement."""
        ...

    def choices(self, query: str, limit: int) -> list[tuple[str, str]]:
        """At most ``limit`` pairs of value and name that match ``query``."""
        ...


audience_providers: Registry[AudienceProvider] = Registry("audience_providers")
navigation: Registry[NavProvider] = Registry("navigation")
tiles: Registry[TileProvider] = Registry("tiles")
#: key = handler name; entry = (topics it wants, handler or channel). A topic may end in ``*``.
event_handlers: Registry[tuple[tuple[str, ...], EventHandler | Channel]] = Registry("event_handlers")
#: A page of another plugin about a company, linked from its admin and self-service pages.
company_links: Registry[Callable[[Viewer, int], Link | None]] = Registry("company_links")
#: Actions of the audit log: ``qudao.order.submitted`` → what people read ("Order submitted", translatable).
audit_actions: Registry[Any] = Registry("audit_actions")
#: Models whose audit entries hold figures that are not fields: ``app.model`` → (name, before, after) → (label, texts).
#: An entry whose data has ``names`` hands them over by that name.
audit_words: Registry[Callable[..., tuple[str, list[str]]]] = Registry("audit_words")
#: How the event log reads: topic, kind of aggregate, or name of a handler → label, translatable. A topic without one
#: of its own reads as its kind and the label of the audit action of the same name.
event_words: Registry[Any] = Registry("event_words")
#: Kinds of audience keys of other plugins: ``certified`` → how its keys are named and offered in the admin.
audience_kinds: Registry[AudienceKind] = Registry("audience_kinds")
#: What can be imported from files: kind → importer class.
importers: Registry[type[Importer]] = Registry("importers")
#: Wagtail page types that a search source of their own describes: model label in lower case
#: (``qudao_catalog.topicpage``) → kind of that source, or ``""`` for pages that are not to be found. All other live
#: pages are found as ``page``. Changed audiences, moved and withdrawn pages are then told to that source's index.
page_sources: Registry[str] = Registry("page_sources")


class DocumentDoors(Protocol):
    """Says through which doors Wagtail documents are opened by what they are attached to (a product, a topic)."""

    def __call__(self, document_ids: Sequence[int]) -> Mapping[int, Sequence[DocumentDoor]]:
        """The doors of those documents; what is attached to nothing of this plugin is left out.

        A document attached only to things that are open to nobody (a draft) is there, without doors: it then opens
        for nobody. A constant number of statements.
        """
        ...


#: Who attaches documents to things: plugin → its doors. A document is open when one door is.
document_doors: Registry[DocumentDoors] = Registry("document_doors")
#: Where a person confirms the sign-in before a lasting credential is made: a function of the request that returns the
#: page to do so, or ``None`` when it was confirmed a moment ago. The site registers its sign-in's.
sign_in_confirmations: Registry[Callable[[HttpRequest], str | None]] = Registry("sign_in_confirmations")
#: What a plugin has to tidy up once a day; called without arguments, safe to repeat, bounded.
daily: Registry[Callable[[], object]] = Registry("daily")
#: What has to be done every so often: once per period, however many processes run, with Celery and without.
periodic: Registry[Periodic] = Registry("periodic")


def confirmation_page(request: HttpRequest) -> str | None:
    """The page where the sign-in behind ``request`` has to be confirmed first; ``None`` when there is no need."""
    return next((page for ask in sign_in_confirmations if (page := ask(request))), None)
