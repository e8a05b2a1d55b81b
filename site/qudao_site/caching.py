"""Redis as the cache, when it is there. When it is away, slow or full, the site goes on without.

Nothing that is kept in the cache is needed: sessions are in the database too, throttles then let everybody pass. So an
operation that Redis does not answer is answered as if nothing were kept, with one line in the log; for a few seconds
nobody asks again, so that a silent Redis costs one wait and not one per request. What could not be taken out meanwhile
(a session that ended) is taken out before Redis is believed again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache as DjangosRedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)
T = TypeVar("T")
#: Seconds for which nobody asks after Redis did not answer.
PAUSE = 5.0
#: Keys remembered that could not be written; beyond so many everything is taken out.
MOST_MISSED = 10_000


class Outage:
    """What this process knows of one Redis: whether to ask it, and which keys it missed."""

    def __init__(self) -> None:
        self.until = 0.0
        self.missed: set[str] = set()
        self.missed_all = False

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def begin(self, error: Exception) -> None:
        if self.until == 0.0:
            log.warning("the cache does not answer, going on without: %s", error)
        self.until = time.monotonic() + PAUSE

    def miss(self, keys: Iterable[str]) -> None:
        self.missed.update(keys)
        if len(self.missed) > MOST_MISSED:
            self.missed_all = True
            self.missed.clear()

    def end(self) -> None:
        log.warning("the cache answers again")
        self.until, self.missed_all = 0.0, False
        self.missed.clear()


_outages: dict[str, Outage] = {}


class RedisCache(DjangosRedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        # redis-py would otherwise try three times, each as long as the time-out; once more mends a connection that
        # was closed while it was idle.
        params.setdefault("OPTIONS", {}).setdefault("retry", Retry(NoBackoff(), 1))
        super().__init__(server, params)
        self.outage = _outages.setdefault(str(server), Outage())

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        return self._ask(lambda: super(RedisCache, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._ask(lambda: super(RedisCache, self).get_many(keys, version), {})

    def has_key(self, key: str, version: Any = None) -> Any:
        return self._ask(lambda: super(RedisCache, self).has_key(key, version), False)

    def add(self, key: str, value: Any, timeout: Any = ..., version: Any = None) -> Any:
        return self._tell(
            [key],
            lambda: super(RedisCache, self).add(key, value, *_given(timeout), version=version),
            True,
            version,
        )

    def set(self, key: str, value: Any, timeout: Any = ..., version: Any = None) -> Any:
        return self._tell(
            [key],
            lambda: super(RedisCache, self).set(key, value, *_given(timeout), version=version),
            None,
            version,
        )

    def set_many(self, data: Any, timeout: Any = ..., version: Any = None) -> Any:
        return self._tell(
            data,
            lambda: super(RedisCache, self).set_many(data, *_given(timeout), version=version),
            [],
            version,
        )

    def touch(self, key: str, timeout: Any = ..., version: Any = None) -> Any:
        return self._tell(
            [key],
            lambda: super(RedisCache, self).touch(key, *_given(timeout), version=version),
            False,
            version,
        )

    def delete(self, key: str, version: Any = None) -> Any:
        return self._tell([key], lambda: super(RedisCache, self).delete(key, version), False, version)

    def delete_many(self, keys: Any, version: Any = None) -> Any:
        named = list(keys)
        return self._tell(named, lambda: super(RedisCache, self).delete_many(named, version), None, version)

    def incr(self, key: str, delta: int = 1, version: Any = None) -> Any:
        """As every cache, raises ValueError for a key that is not there; without Redis none is."""
        found = self._tell([key], lambda: super(RedisCache, self).incr(key, delta, version), None, version)
        if found is None:
            raise ValueError(f"Key '{key}' not found.")
        return found

    def clear(self) -> Any:
        done = self._ask(super().clear, None)
        if not self.outage.is_over:
            self.outage.missed_all = True
        return done

    def ping(self) -> None:
        """Ask Redis itself, whatever this process believes; for probes.

        :raises RedisError: it does not answer.
        """
        self._cache.get_client(write=True).ping()

    def _tell(self, keys: Iterable[str], operation: Callable[[], T], otherwise: T, version: Any) -> T:
        """An operation that changes ``keys``: remembered when Redis does not hear of it."""
        outcome = self._ask(operation, _NOTHING)
        if outcome is _NOTHING:
            self.outage.miss(self.make_and_validate_key(key, version=version) for key in keys)
            return otherwise
        return outcome  # type: ignore[return-value]

    def _ask(self, operation: Callable[[], Any], otherwise: Any) -> Any:
        outage = self.outage
        if not outage.is_over:
            return otherwise
        try:
            if outage.until:
                self._recover()
            return operation()
        except (RedisError, OSError) as error:
            outage.begin(error)
            return otherwise

    def _recover(self) -> None:
        """One process asks first; the others go on without until it has an answer."""
        self.outage.until = time.monotonic() + PAUSE
        client = self._cache.get_client(write=True)
        if self.outage.missed_all:
            client.flushdb()
        elif missed := list(self.outage.missed):
            client.delete(*missed)
        else:
            client.ping()
        self.outage.end()


_NOTHING: Any = object()


def _given(timeout: Any) -> tuple[Any, ...]:
    return () if timeout is ... else (timeout,)
