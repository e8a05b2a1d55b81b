"""POSTs that may be sent twice and act once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from ..errors import Refusal
from ..people.requests import get_viewer
from . import rules
from .models import IdempotencyRecord
from .renderers import dumps, loads

Handler = TypeVar("Handler", bound=Callable[..., Response])

#: Headers of the first answer that a repeat gets again.
KEPT_HEADERS = ("Location", "ETag", "Link")


def idempotent(handler: Handler) -> Handler:
    """Decorate a ``post`` (or action) of a view: it then needs an ``Idempotency-Key`` and runs once per key.

    The record of the key and the work are one transaction: a repeat sent meanwhile waits for it on
    PostgreSQL and on SQLite, and what fails or is refused leaves nothing, so its key may be used again. A
    repeat gets the first answer with ``Idempotency-Replayed: true``.

    :raises Refusal: 400 ``idempotency_key_required``; 422 ``idempotency_key_reused`` for the same key with
        another
        request.
    """

    @wraps(handler)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key, fingerprint = read_key(request), fingerprint_of(request)
        with transaction.atomic():
            claim = uuid.uuid4()
            record = _claim(request.user.pk, key, claim, fingerprint)
            if record.claim != claim:
                return _replay(record, fingerprint)
            response = handler(view, request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                _keep(record, response)
        return response

    once.idempotent = True  # type: ignore[attr-defined]
    return once  # type: ignore[return-value]


def read_key(request: Request) -> str:
    """The caller's key: 1 to 200 printable ASCII characters, for instance a UUID or a document number."""
    key = str(request.headers.get("Idempotency-Key", "")).strip()
    if not key:
        raise Refusal(
            "idempotency_key_required",
            _("Send an Idempotency-Key header, so that a repeated request cannot act twice."),
            status=400,
            remedy=_("Use a new random UUID for each new request and the same one when you repeat it."),
        )
    if len(key) > rules.MAX_KEY_LENGTH or not (key.isascii() and key.isprintable()):
        raise Refusal(
            "invalid_idempotency_key",
            _("An Idempotency-Key has at most %(max)s plain characters.") % {"max": rules.MAX_KEY_LENGTH},
            status=400,
        )
    return key


def fingerprint_of(request: Request) -> str:
    body = request.data
    if hasattr(body, "lists"):
        body = {name: [_plain(value) for value in values] for name, values in body.lists()}
    return rules.fingerprint(
        method=str(request.method),
        path=request.get_full_path(),
        company_id=get_viewer(request).company_id,
        body=body,
    )


def _plain(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def _claim(user_id: int, key: str, claim: uuid.UUID, fingerprint: str) -> IdempotencyRecord:
    """Insert our record unless the key is taken, and return the one that stands.

    A conflicting insert waits until the transaction holding the key ends; if that one failed, ours goes in.
    """
    mine = IdempotencyRecord(user_id=user_id, key=key, claim=claim, fingerprint=fingerprint)
    IdempotencyRecord.objects.bulk_create([mine], ignore_conflicts=True)
    return IdempotencyRecord.objects.get(user_id=user_id, key=key)


def first_time(user_id: int, key: str) -> bool:
    """Whether a form with this key is sent for the first time; asked in the transaction that does the work.

    A form sent twice meanwhile waits for the first; if that one failed, the key is free again. A form without a
    usable key is always taken.
    """
    key = key.strip()
    if not 8 <= len(key) <= 100:
        return True
    claim = uuid.uuid4()
    return _claim(user_id, f"form:{key}", claim, "").claim == claim


def _keep(record: IdempotencyRecord, response: Response) -> None:
    IdempotencyRecord.objects.filter(pk=record.pk).update(
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if response.has_header(name)},
        body="" if response.data is None else dumps(response.data).decode(),
    )


def _replay(record: IdempotencyRecord, fingerprint: str) -> Response:
    if record.fingerprint != fingerprint:
        raise Refusal(
            "idempotency_key_reused",
            _("This Idempotency-Key was used for another request."),
            remedy=_("Use a new key for a new request."),
        )
    headers = {**record.headers, "Idempotency-Replayed": "true"}
    return Response(loads(record.body) if record.body else None, status=record.status, headers=headers)
