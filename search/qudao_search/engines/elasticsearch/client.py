"""The connection to the cluster: one client for each process, patient for work and impatient for pages."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import streaming_bulk
from elasticsearch.serializer import OrjsonSerializer

from ... import conf
from ..contract import EngineUnavailable
from .mapping import writing_alias

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

    Kept: a client is made of forty objects, which would be made anew for every query.
    """
    global _impatient
    client, seconds = cluster(), conf.cluster_timeout()
    kept = _impatient
    if kept is None or kept[0] is not client or kept[1] != seconds:
        made = client.options(request_timeout=seconds, max_retries=1, retry_on_timeout=False)
        kept = _impatient = (client, seconds, made)
    return kept[2]


@contextmanager
def query_client() -> Iterator[Elasticsearch]:
    """A client for one query.

    :raises EngineUnavailable: the cluster does not answer in time, or with an error.
    """
    try:
        yield impatient()
    except (ApiError, TransportError) as error:
        raise EngineUnavailable(in_words(error)) from error


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


# --- sending in bulk ---
# Sending changes in bulk, and reading what became of each.
#
# Every write carries the entry's revision as its version: whatever is sent twice, late or by several processes at a
# time, the newest state wins.

CHUNK = 500
CHUNK_BYTES = 10 * 1024 * 1024


@dataclass(slots=True)
class Outcome:
    """What became of what was sent to an index: arrived, refused for good with a reason, or to be sent again.

    ``gone``: the index is not there any more. ``is_away``: the cluster does not answer or has too much to do.
    """

    arrived: set[int] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)
    gone: bool = False
    is_away: bool = False
    reason: str = ""


def send(client: Elasticsearch, index: str, actions: Sequence[dict[str, Any]]) -> Outcome:
    """Send ``actions`` to an index of ours. What arrived is seen by searches at its next refresh, a second later.

    A cluster that does not answer is no exception: what has no answer is to be sent again.
    """
    outcome = Outcome()
    answers = streaming_bulk(
        client,
        actions,
        index=writing_alias(index),
        require_alias=True,
        timeout="5s",
        chunk_size=CHUNK,
        max_chunk_bytes=CHUNK_BYTES,
        raise_on_error=False,
    )
    try:
        for _good, answer in answers:
            _note(outcome, *answer.popitem())
    except (ApiError, TransportError) as error:
        outcome.reason, outcome.is_away = in_words(error), True
    answered = outcome.arrived | outcome.refused.keys()
    outcome.again.update({int(action["_id"]) for action in actions} - answered)
    return outcome


def _note(outcome: Outcome, _kind: str, item: dict[str, Any]) -> None:
    entry_id, status, error = int(item["_id"]), item["status"], item.get("error")
    if status < 300 or status == 409 or (status == 404 and not error):
        outcome.arrived.add(entry_id)
    elif status == 404:
        outcome.gone = True
        outcome.arrived.add(entry_id)
    elif status == 400:
        outcome.refused[entry_id] = in_detail(error)
    else:
        outcome.again.add(entry_id)
        outcome.reason = f"{status} {in_detail(error)}"
        outcome.is_away |= status in (429, 503)


def in_detail(error: Any) -> str:
    """Why a document was refused, with the cause below the cause."""
    reasons = []
    while isinstance(error, dict):
        reasons.append(str(error.get("reason", "")))
        error = error.get("caused_by")
    return ": ".join(reasons)[:500] or str(error)[:500]
