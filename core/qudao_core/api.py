"""The public API of the platform: what plugins and hosts may call.

>>> from qudao_core import api as core
"""

from __future__ import annotations

from . import spreadsheets
from .audit.queries import history
from .audit.rules import HistoryEntry, differences
from .audit.services import record, record_many
from .cache_versions.queries import VersionedCache, Versions, data_versions, versions_scope
from .cache_versions.services import bump, bump_on_change
from .cache_versions.triggers import watch
from .errors import Conflict, Forbidden, NotFound, Outdated, Problem, Refusal, refusal_of, require_choice
from .events.dispatch import outside_transaction
from .events.outcomes import DeliverLater, DeliveryFailed, Undeliverable
from .events.queries import deliveries_wait_since
from .events.services import Event, emit, emit_many
from .headless.services import revoke_tokens_of
from .imports import rules as cells
from .imports.importer import Importer, Option, Row
from .imports.rules import Column, UpsertResult
from .imports.services import import_now
from .imports.undoing.queries import find_referrers
from .imports.undoing.rules import Change, Image, Images
from .imports.undoing.undo import Undo
from .mail.services import send_mail
from .pdf import available as pdf_available
from .pdf import render as render_pdf
from .pdf import require as require_pdf
from .viewer import Viewer
from .viewers import system_viewer, viewer_for
from .wording import join_list, join_sentences, with_label

__all__ = [
    "Change",
    "Column",
    "Conflict",
    "Event",
    "Forbidden",
    "HistoryEntry",
    "Image",
    "Images",
    "Importer",
    "VersionedCache",
    "DeliveryFailed",
    "NotFound",
    "DeliverLater",
    "Option",
    "Outdated",
    "Problem",
    "Refusal",
    "Row",
    "Undeliverable",
    "Undo",
    "UpsertResult",
    "Versions",
    "Viewer",
    "bump",
    "bump_on_change",
    "cells",
    "data_versions",
    "deliveries_wait_since",
    "differences",
    "emit",
    "emit_many",
    "history",
    "import_now",
    "with_label",
    "join_list",
    "outside_transaction",
    "pdf_available",
    "versions_scope",
    "record",
    "record_many",
    "find_referrers",
    "refusal_of",
    "require_choice",
    "render_pdf",
    "require_pdf",
    "revoke_tokens_of",
    "send_mail",
    "join_sentences",
    "spreadsheets",
    "system_viewer",
    "viewer_for",
    "watch",
]
