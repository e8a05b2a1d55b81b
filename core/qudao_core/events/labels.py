"""How the event log reads: topics, what they are about and who handles them, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext

from ..hooks import audit_actions, event_labels

#: Aggregates whose number tells people nothing: one of several queues.
NUMBERLESS = frozenset({"documents"})


def topic_in_words(topic: str) -> str:
    """``company.suspended`` → "Company: suspended". A topic nobody named reads as it is written."""
    own = event_labels.get(topic)
    if own is not None:
        return str(own)
    action = audit_actions.get(f"qudao.{topic}")
    kind = event_labels.get(topic.partition(".")[0])
    if action is None or kind is None:
        return topic
    return gettext("%(kind)s: %(action)s") % {"kind": kind, "action": action}


def aggregate_in_words(aggregate: str) -> str:
    """``company:42`` → "Company 42"; ``documents:3`` → "Documents", because no single one is meant."""
    kind, _colon, value = aggregate.partition(":")
    label = event_labels.get(kind)
    if label is None:
        return aggregate
    return f"{label} {value}" if value and kind not in NUMBERLESS else str(label)


def handler_in_words(handler: str) -> str:
    return str(event_labels.get(handler) or handler)
