"""The connection to the cluster: one client for each process, patient for work and impatient for pages."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.serializer import OrjsonSerializer

from ... import conf
from ..contract import EngineAway

_clients: dict[tuple[int, str], Elasticsearch] = {}
_lock = threading.Lock()
#: The client it was made from, the seconds it waits, and itself.
_impatient: tuple[Elasticsearch, float, Elasticsearch] | None = None


def cluster() -> Elasticsearch:
    """This process's client, for work that may take its time."""
    arguments = conf.elasticsearch()
    key = (os.getpid(), repr(arguments))
    with _lock:
        if key not in _clients:
            _clients.clear()  # of the process we were forked from, or of other settings
            _clients[key] = Elasticsearch(
                **{"serializer": OrjsonSerializer(), "request_timeout": 60, **arguments}
            )
        return _clients[key]


def impatient() -> Elasticsearch:
    """The client for somebody who waits: it asks one other node when the first does not answer, and gives up.

    Kept: a client is made of forty objects, which would be made anew for every question.
    """
    global _impatient
    client, seconds = cluster(), conf.cluster_timeout()
    kept = _impatient
    if kept is None or kept[0] is not client or kept[1] != seconds:
        made = client.options(request_timeout=seconds, max_retries=1, retry_on_timeout=False)
        kept = _impatient = (client, seconds, made)
    return kept[2]


@contextmanager
def asking() -> Iterator[Elasticsearch]:
    """A client for one question.

    :raises EngineAway: the cluster does not answer in time, or with an error.
    """
    try:
        yield impatient()
    except (ApiError, TransportError) as error:
        raise EngineAway(in_words(error)) from error


def in_words(error: Exception) -> str:
    """What went wrong in one line, without addresses or secrets."""
    if isinstance(error, ApiError):
        return f"{error.status_code} {_cause(error.body) or error.message}"[:300]
    return type(error).__name__


def _cause(body: Any) -> str:
    failure = body.get("error") if isinstance(body, dict) else None
    if not isinstance(failure, dict):
        return str(failure or "")
    causes = failure.get("root_cause") or [failure]
    return f"{causes[0].get('type', '')}: {causes[0].get('reason', '')}"
