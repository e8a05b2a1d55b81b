"""Read documents in the background, aim them, keep the search in step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from qudao_core.audit.services import record
from qudao_core.events.dispatch import outside_transaction
from qudao_core.events.services import Event, emit_many
from qudao_core.viewer import Viewer
from qudao_search import api as search
from wagtail.documents import get_document_model
from wagtail.utils.file import hash_filelike

from .extraction.process import extract
from .extraction.rules import CRASHED, MISSING, UNREADABLE, Extracted, language_of
from .limits import limits
from .models import DocumentAudience, DocumentText

KIND = "document"
TOPIC = "document.waiting"
#: Documents are read one after the other, in so many lanes, whatever their number: mails and notifications are
#: delivered between them, and the batch of a dispatcher never holds more of them than its lease allows.
LANES = 2
#: A document whose reading was begun so often without an end is not begun again.
MOST_ATTEMPTS = 3
State = DocumentText.State


@transaction.atomic
def note_saved(*, document: Any) -> None:
    """A document was saved. A new file waits to be read (event ``document.waiting``); its entry is written anew."""
    text = DocumentText.objects.filter(pk=document.pk).first()
    if text is None or not text.is_about(document):
        _enqueue([document])
    elif text.file_name != document.file.name:
        DocumentText.objects.filter(pk=document.pk).update(file_name=document.file.name)
    update_entries(document_ids=[document.pk])


def update_entries(*, document_ids: Iterable[int]) -> None:
    """Write the entries of these documents anew: something that opens, names or holds them has changed."""
    for part in _parts(dict.fromkeys(document_ids)):
        search.update(kind=KIND, items=[str(pk) for pk in part])


@transaction.atomic
def read_again(*, document_ids: Iterable[int]) -> int:
    """Let these documents wait to be read once more, whatever came of it before. Returns how many there are."""
    count = 0
    for part in _parts(document_ids):
        count += _enqueue(list(get_document_model().objects.filter(pk__in=part)))
    return count


def catch_up(*, older_than: timedelta = timedelta(hours=1)) -> int:
    """Enqueue documents nobody noticed: there before the portal was, or written past Django's signals."""
    waiting = Q(qudao_text__state=State.WAITING, created_at__lt=timezone.now() - older_than)
    missed = get_document_model().objects.filter(Q(qudao_text=None) | waiting).order_by("pk")
    return read_again(document_ids=missed.values_list("pk", flat=True))


@outside_transaction
def read_waiting(*, event_id: int, topic: str, aggregate: str, payload: dict[str, Any]) -> None:
    """Event handler: read one document. Reaches outside (a child process), so it holds no transaction meanwhile."""
    read_document(document_id=payload["document"])


def read_document(*, document_id: int) -> str:
    """Read the document if it waits, keep what came of it, and its entry with it. Returns the state.

    Whatever the file is, this ends: a document that cannot be read says why.
    """
    document = get_document_model().objects.filter(pk=document_id).first()
    begun = DocumentText.objects.filter(pk=document_id, state=State.WAITING)
    if document is None or not begun.update(attempts=F("attempts") + 1):
        return ""
    text = begun.get()
    if text.attempts > MOST_ATTEMPTS:
        return _keep(document, "", Extracted(UNREADABLE, CRASHED))
    digest, found = _extract(document)
    return _keep(document, digest, found)


def _extract(document: Any) -> tuple[str, Extracted]:
    """The SHA-1 of the file and what came of it."""
    try:
        with document.open_file() as file:
            return document.file_hash or hash_filelike(file), extract(file, limits())
    except OSError:
        return "", Extracted(UNREADABLE, MISSING)


@transaction.atomic
def _keep(document: Any, digest: str, found: Extracted) -> str:
    """Only while the file is still the one that was read: a newer one waits for its own turn."""
    same = {"file_name": document.file.name, "file_hash": document.file_hash}
    kept = DocumentText.objects.filter(pk=document.pk, state=State.WAITING, **same).update(
        state=found.state,
        reason=found.reason,
        format=found.format,
        pages=found.pages,
        text=found.text,
        language=language_of(found.text) if found.text else "",
        file_hash=digest or document.file_hash,
        read_at=timezone.now(),
    )
    if kept:
        update_entries(document_ids=[document.pk])
    return found.state if kept else State.WAITING


def _parts(ids: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    rest = iter(ids)
    return iter(lambda: list(islice(rest, size)), [])


def _enqueue(documents: list[Any]) -> int:
    """They wait, and an event for each says so; of those that wait already the count of attempts begins anew."""
    rows = [
        DocumentText(document_id=each.pk, file_name=each.file.name, file_hash=each.file_hash)
        for each in sorted(documents, key=lambda each: each.pk)
    ]
    DocumentText.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["document"],
        update_fields=["state", "reason", "file_name", "file_hash", "attempts"],
    )
    emit_many(Event(TOPIC, f"documents:{each.pk % LANES}", {"document": each.pk}) for each in documents)
    return len(rows)


# --- Whom they are for ---


@transaction.atomic
def set_audience(*, viewer: Viewer, document: Any, keys: Iterable[str]) -> None:
    """Aim a document; without keys it opens again with what it is attached to. Recorded in its history.

    Records ``qudao.document.audience`` when something changed.
    """
    wanted = list(dict.fromkeys(keys))
    before = audience_of(document)
    if wanted == before:
        return
    if wanted:
        DocumentAudience.objects.update_or_create(document=document, defaults={"audience_keys": wanted})
    else:
        DocumentAudience.objects.filter(document=document).delete()
    record(
        actor=viewer,
        instance=document,
        action="qudao.document.audience",
        data={"changes": {"audience": [", ".join(before), ", ".join(wanted)]}},
    )
    update_entries(document_ids=[document.pk])


def audience_of(document: Any) -> list[str]:
    """The document's own audience keys."""
    rows = DocumentAudience.objects.filter(pk=document.pk).values_list("audience_keys", flat=True)
    return list(rows.first() or [])
