"""Sending changes in bulk, and reading what became of each.

Every write carries the entry's revision as its version: whatever is sent twice, late or by several processes at a
time, the newest state wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import streaming_bulk

from .client import in_words
from .mapping import writing_alias

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
