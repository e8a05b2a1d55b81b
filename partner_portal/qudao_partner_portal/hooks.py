"""Where other plugins have a say. Typed registries with a deterministic order; register in ``AppConfig.ready``.

>>> from qudao_partner_portal import hooks
>>> hooks.audience_providers.register("certificates", provider)      # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.http import HttpRequest
from qudao_core.hooks import Registry
from qudao_core.viewer import Viewer


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


@dataclass(frozen=True, slots=True)
class DocumentAccessRule:
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
#: A page of another plugin about a company, linked from its admin and self-service pages.
company_links: Registry[Callable[[Viewer, int], Link | None]] = Registry("company_links")
#: What the admin's screen of a company shows of subjects above it: a function of viewer and company that gives entries
#: of the template's context, and one that gives header buttons of Wagtail's.
company_details: Registry[Callable[[Viewer, Any], Mapping[str, Any]]] = Registry("company_details")
company_buttons: Registry[Callable[[Viewer, Any], Iterable[Any]]] = Registry("company_buttons")
#: Kinds of audience keys of other plugins: ``certified`` → how its keys are named and offered in the admin.
audience_kinds: Registry[AudienceKind] = Registry("audience_kinds")
#: Wagtail page types that a search source of their own describes: model label in lower case
#: (``qudao_catalog.topicpage``) → kind of that source, or ``""`` for pages that are not to be found. All other live
#: pages are found as ``page``. Changed audiences, moved and withdrawn pages are then told to that source's index.
page_sources: Registry[str] = Registry("page_sources")


class DocumentAccessProvider(Protocol):
    """Says which access rules Wagtail documents get from what they are attached to (a product, a topic)."""

    def __call__(self, document_ids: Sequence[int]) -> Mapping[int, Sequence[DocumentAccessRule]]:
        """The access rules of those documents; what is attached to nothing of this plugin is left out.

        A document attached only to things that are open to nobody (a draft) is there, without access rules: it then
        opens for nobody. A constant number of statements.
        """
        ...


#: Who attaches documents to things: plugin → its access rules. A document is open when one rule is.
document_access: Registry[DocumentAccessProvider] = Registry("document_access")
#: Where a person confirms the sign-in before a lasting credential is made: a function of the request that returns the
#: page to do so, or ``None`` when it was confirmed a moment ago. The site registers its sign-in's.
sign_in_confirmations: Registry[Callable[[HttpRequest], str | None]] = Registry("sign_in_confirmations")


def confirmation_page(request: HttpRequest) -> str | None:
    """The page where the sign-in behind ``request`` has to be confirmed first; ``None`` when there is no need."""
    return next((page for ask in sign_in_confirmations if (page := ask(request))), None)
