"""Redis is killed, or stands still: the site goes on without, quickly, and believes nothing stale afterwards."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from qudao_site import caching

from tests import services
from tests.processes import LOOPBACK, listening, until

pytestmark = [pytest.mark.services, pytest.mark.any_database]


class Redis:
    """A Redis that can be killed, stopped and started again on its port."""

    def __init__(self) -> None:
        self.port = services.free_port()
        self.start()

    def start(self) -> None:
        command = [services.redis_program(), "--port", str(self.port), "--bind", LOOPBACK, "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(lambda: listening(self.port))

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)
        if number == signal.SIGKILL:
            self.process.wait()


@pytest.fixture
def redis() -> Iterator[Redis]:
    if reason := services.missing("redis"):
        pytest.skip(reason)
    server = Redis()
    yield server
    server.process.kill()
    server.process.wait()


@pytest.fixture
def cache(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> caching.RedisCache:
    monkeypatch.setattr(caching, "_outages", {})
    return another(redis)


def another(redis: Redis) -> caching.RedisCache:
    options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    return caching.RedisCache(f"redis://{LOOPBACK}:{redis.port}/0", {"OPTIONS": options})


def everything(cache: caching.RedisCache) -> list[Any]:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("count")
    return [
        cache.get("a", "default"),
        cache.get_many(["a", "b"]),
        cache.has_key("a"),
        cache.add("a", 1),
        cache.set("a", 1, 30),
        cache.set_many({"a": 1}),
        cache.touch("a"),
        cache.delete("a"),
        cache.delete_many(["a", "b"]),
        cache.get_or_set("a", 5),
    ]


def test_it_is_a_cache_while_redis_is_there(cache: caching.RedisCache) -> None:
    cache.set("a", 1, 30)
    assert (cache.get("a"), cache.add("a", 2), cache.incr("a"), cache.get_many(["a", "x"])) == (
        1,
        False,
        2,
        {"a": 2},
    )
    assert (cache.touch("a", 10), cache.delete("a"), cache.has_key("a")) == (True, True, False)
    assert cache.set_many({"b": 1}, 20) == []
    cache.delete_many(iter(["b"]))
    cache.set("c", 1)
    cache.clear()
    assert cache.get("c") is None


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_without_redis_everything_is_answered_as_if_nothing_were_kept(
    cache: caching.RedisCache, redis: Redis, how: signal.Signals, caplog: pytest.LogCaptureFixture
) -> None:
    cache.set("a", 1, 300)
    redis.signal(how)
    begun = time.monotonic()
    first = cache.get("a", "default")
    waited = time.monotonic() - begun
    outcomes = everything(cache)
    asked_again = time.monotonic() - begun - waited
    assert first == "default"
    assert outcomes == ["default", {}, False, True, None, [], False, False, None, 5]
    assert asked_again < max(waited, 1), "only the first operation waits"
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1 and "going on without" in warnings[0]
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("overflow", [False, True])
def test_what_was_taken_out_meanwhile_is_gone_when_redis_is_back(
    cache: caching.RedisCache, redis: Redis, monkeypatch: pytest.MonkeyPatch, overflow: bool
) -> None:
    """A session that ended while Redis stood still must not come to life again."""
    monkeypatch.setattr(caching, "PAUSE", 0.2)
    if overflow:
        monkeypatch.setattr(caching, "MOST_MISSED", 0)
    cache.set("session", "signed in", 300)
    redis.signal(signal.SIGSTOP)
    assert cache.delete("session") is False
    redis.signal(signal.SIGCONT)
    until(lambda: cache.outage.is_over)
    assert cache.get("session") is None
    cache.set("session", "new", 300)
    assert another(redis).get("session") == "new"


def test_it_comes_back_by_itself_and_with_others(
    cache: caching.RedisCache, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "PAUSE", 0.2)
    redis.signal(signal.SIGKILL)
    assert cache.get("a") is None
    redis.start()
    until(lambda: cache.outage.is_over)
    cache.set("a", 1, 30)
    assert another(redis).get("a") == 1
