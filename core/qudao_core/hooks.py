"""Where other plugins have a say. Typed registries with a deterministic order; register in ``AppConfig.ready``.

>>> from qudao_core import hooks
>>> hooks.event_handlers.register("erp", (("order.*",), send_to_erp))      # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from .cache_versions.queries import Versions
    from .imports.importer import Importer
    from .viewer import Viewer

T = TypeVar("T")


class Registry(Generic[T]):
    """Named entries, iterated by ``order`` and then name, so that the result never depends on import order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, tuple[int, T]] = {}

    def register(self, key: str, entry: T, *, order: int = 100) -> None:
        """Add ``entry`` under ``key``. Registering the same entry again changes nothing.

        :raises ValueError: another entry holds this key.
        """
        if self.get(key) not in (None, entry):
            raise ValueError(f"{self.name}: {key!r} is registered already")
        entries = {**self._entries, key: (order, entry)}
        self._entries = dict(sorted(entries.items(), key=lambda item: (item[1][0], item[0])))

    def unregister(self, key: str) -> None:
        self._entries.pop(key, None)

    def items(self) -> list[tuple[str, T]]:
        return [(key, entry) for key, (_order, entry) in self._entries.items()]

    def get(self, key: str) -> T | None:
        found = self._entries.get(key)
        return found[1] if found else None

    def __iter__(self) -> Iterator[T]:
        return iter([entry for _order, entry in self._entries.values()])

    def __len__(self) -> int:
        return len(self._entries)


class ViewerBuilder(Protocol):
    """Builds the viewer of a user: who acts, for which company, with which roles and audience keys."""

    def __call__(
        self, user: Any, *, company_id: int | None, language: str | None, versions: Versions | None
    ) -> Viewer: ...


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
    used, or nothing when this person need not be told any more. It raises ``core.Undeliverable`` for a refusal that
    would be repeated, ``core.DeliveryFailed`` for a failure that may pass.
    """

    recipients: Callable[..., Iterable[Recipient]]
    deliver: Callable[..., str | None]


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work done once per period by one process of all, whichever comes first; safe to repeat, bounded."""

    every: timedelta
    work: Callable[[], object]


class ValueLabels(Protocol):
    """Names values that fields hold by code, for the audit log."""

    def __call__(self, values: Sequence[str], language: str) -> Mapping[str, str]:
        """Value → name in ``language``; what has no name is left out. One statement at most."""
        ...


#: Who builds viewers; the first by order is asked. The portal registers its own, which knows companies; without one
#: a viewer is a person (or a guest) with Django's permissions.
viewer_builders: Registry[ViewerBuilder] = Registry("viewer_builders")
#: Roles that people hold in a company: ``buyer`` → label, translatable.
roles: Registry[Any] = Registry("roles")
#: key = handler name; entry = (topics it wants, handler or channel). A topic may end in ``*``.
event_handlers: Registry[tuple[tuple[str, ...], EventHandler | Channel]] = Registry("event_handlers")
#: Actions of the audit log: ``qudao.order.submitted`` → what people read ("Order submitted", translatable).
audit_actions: Registry[Any] = Registry("audit_actions")
#: Models whose audit entries hold figures that are not fields: ``app.model`` → (name, before, after) → (label, texts).
#: An entry whose data has ``names`` hands them over by that name.
audit_data_labels: Registry[Callable[..., tuple[str, list[str]]]] = Registry("audit_data_labels")
#: Fields, of whatever model, that hold codes: ``tier`` → how its values are called. ``audience_key`` also names figures
#: that are told by audience.
audit_value_labels: Registry[ValueLabels] = Registry("audit_value_labels")
#: How the event log reads: topic, kind of aggregate, or name of a handler → label, translatable. A topic without one
#: of its own reads as its kind and the label of the audit action of the same name.
event_labels: Registry[Any] = Registry("event_labels")
#: What can be imported from files: kind → importer class.
importers: Registry[type[Importer]] = Registry("importers")
#: What a plugin has to tidy up once a day; called without arguments, safe to repeat, bounded.
daily: Registry[Callable[[], object]] = Registry("daily")
#: What has to be done every so often: once per period, however many processes run, with Celery and without.
periodic: Registry[Periodic] = Registry("periodic")
#: Work that waits for no event of its own and is done in each round of the dispatcher: returns how much was done.
dispatcher_work: Registry[Callable[[], int]] = Registry("dispatcher_work")
