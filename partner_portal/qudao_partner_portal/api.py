"""The door of the portal: what other plugins and hosts may call. ``from qudao_partner_portal import api as portal``."""

from __future__ import annotations

from .audience.queries import audience_choices, audience_label, audience_labels, unknown_keys
from .audience.rules import rank as audience_rank
from .audit.queries import history
from .audit.rules import HistoryEntry, differences
from .audit.services import record, record_many
from .companies.queries import (
    addresses,
    get_address,
    get_company,
    get_invoice_title,
    invoice_titles,
    visible_companies,
)
from .errors import Conflict, Forbidden, NotFound, Problem, Refusal
from .events.services import Event, emit, emit_many
from .freshness.queries import Kept, Versions
from .freshness.services import bump, bump_on_change
from .people.viewers import company_viewer, guest_viewer, system_viewer, viewer_for
from .viewer import Viewer

__all__ = [
    "Conflict",
    "Event",
    "Forbidden",
    "HistoryEntry",
    "Kept",
    "NotFound",
    "Problem",
    "Refusal",
    "Versions",
    "Viewer",
    "addresses",
    "audience_choices",
    "audience_label",
    "audience_labels",
    "audience_rank",
    "bump",
    "bump_on_change",
    "company_viewer",
    "differences",
    "emit",
    "emit_many",
    "get_address",
    "get_company",
    "get_invoice_title",
    "guest_viewer",
    "history",
    "invoice_titles",
    "record",
    "record_many",
    "system_viewer",
    "unknown_keys",
    "viewer_for",
    "visible_companies",
]
