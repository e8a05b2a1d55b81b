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
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from ..errors import Refusal
from ..requests import get_viewer
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
    repeat gets the first answer with ``Idempotency-Replayed: true``. Of the request a hash is kept, of a long
    answer a packed copy of at most a megabyte.

    :raises Refusal: 400 ``idempotency_key_required``; 422 ``idempotency_key_reused`` for the same key with
        another request; 409 ``answer_not_kept``.
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


class IdempotentParts:
    """The parts of one request, each done in a transaction of its own and each only once per key."""

    def __init__(self, user_id: int, key: str, fingerprint: str) -> None:
        self._user_id, self._key, self._fingerprint = user_id, key, fingerprint
        self.is_finished = True

    def first_time(self, part: str) -> bool:
        """Whether this part was not done before; asked in the transaction that does it, which also keeps that it was.

        A request with the same key that does the same part meanwhile waits for that transaction.
        """
        name = rules.part_key(self._key, part)
        claim = uuid.uuid4()
        return _claim(self._user_id, name, claim, self._fingerprint).claim == claim

    def unfinished(self) -> None:
        """Some parts may still be done: a repeat goes on with them instead of getting this answer again."""
        self.is_finished = False


def idempotent_by_part(handler: Handler) -> Handler:
    """As :func:`idempotent`, for a ``post`` that does many things, each in a transaction of its own.

    The handler takes ``parts`` (:class:`IdempotentParts`). No transaction spans the request, so no lock is held longer
    than one part takes. A repeat, also of a request that broke off or still runs, does only the parts not done yet;
    once the request has answered, it gets that answer.
    """

    @wraps(handler)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key, fingerprint = read_key(request), fingerprint_of(request)
        record = _claim(request.user.pk, key, uuid.uuid4(), fingerprint)
        if record.status or record.fingerprint != fingerprint:
            return _replay(record, fingerprint)
        parts = IdempotentParts(request.user.pk, key, fingerprint)
        try:
            response = handler(view, request, *args, parts=parts, **kwargs)
        except (Refusal, APIException):
            _forget(record)
            raise
        if response.status_code >= 400:
            _forget(record)
        elif parts.is_finished:
            _keep(record, response)
        return response

    once.idempotent = once.by_part = True  # type: ignore[attr-defined]
    return once  # type: ignore[return-value]


def read_key(request: Request) -> str:
    """The caller's key: 1 to 200 printable ASCII characters, for instance a UUID or a document number."""
    key = str(request.headers.get("Idempotency-Key", "")).strip()
    if not key:
        raise Refusal(
            "idempotency_key_required",
            _("Send an Idempotency-Key header, so that a repeated request is not carried out twice."),
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
    body = request.data  # reads the body, whose hash JSONParser leaves behind
    digest = getattr(request._request, "qudao_body_digest", "")
    if hasattr(body, "lists"):
        fields = sorted((name, [_plain(value) for value in values]) for name, values in body.lists())
        digest = hashlib.sha256(dumps(fields)).hexdigest()
    return rules.fingerprint(
        method=str(request.method),
        path=request.get_full_path(),
        company_id=get_viewer(request).company_id,
        body=digest,
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


def _forget(record: IdempotencyRecord) -> None:
    """A refused request leaves nothing, so its key may be used again; unless a twin has answered meanwhile."""
    IdempotencyRecord.objects.filter(pk=record.pk, status=0).delete()


def is_first_submission(user_id: int, key: str) -> bool:
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
    text, packed = rules.pack_answer(b"" if response.data is None else dumps(response.data))
    IdempotencyRecord.objects.filter(pk=record.pk).update(
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if response.has_header(name)},
        body=text,
        packed=packed or b"",
        is_kept=packed is not None,
    )


def _replay(record: IdempotencyRecord, fingerprint: str) -> Response:
    if record.fingerprint != fingerprint:
        raise Refusal(
            "idempotency_key_reused",
            _("This Idempotency-Key was used for another request."),
            remedy=_("Use a new key for a new request."),
        )
    if not record.is_kept:
        raise Refusal(
            "answer_not_kept",
            _("This request was already carried out, but its response was too long to be stored."),
            remedy=_("Check what was changed. Send smaller requests so that the response can be stored."),
            status=409,
        )
    body = rules.unpack_answer(record.body, bytes(record.packed))
    headers = {**record.headers, "Idempotency-Replayed": "true"}
    return Response(loads(body) if body else None, status=record.status, headers=headers)
