"""Ask the search the judged questions, as the people of the channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qudao_search import api as search

from .channel import Channel
from .judging import Answer, Judgement


def ask(channel: Channel, judged: Sequence[Judgement]) -> list[Answer]:
    people = {(each.who, each.language) for each in judged}
    viewers = {person: channel.viewer(*person) for person in people}
    return [_answer(channel, viewers[each.who, each.language], each) for each in judged]


def _answer(channel: Channel, viewer: Any, judgement: Judgement) -> Answer:
    found = search.search(viewer, search.SearchRequest(judgement.query), log=False)
    names = tuple(channel.name(hit.kind, hit.item) for hit in found.hits)
    return Answer(judgement, names, partial=found.partial, corrected=found.corrected)
