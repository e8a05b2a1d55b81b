"""The door of the portal: what other plugins and hosts may call.

>>> from qudao_partner_portal import api as portal
"""

from __future__ import annotations

from . import spreadsheets
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
from .companies.rules import AddressInput, CompanyInput
from .companies.services import (
    admit_company,
    change_company,
    move_company,
    save_address,
    save_invoice_title,
    set_company_status,
    upsert_addresses,
    upsert_companies,
)
from .companies.terms import payment_terms
from .content.audience import HasAudience, effective_keys, may_open_pages, page_doors
from .content.reading import open_to_audience, sees_all_content
from .content.rules import keys_and_restrictions
from .documents.doors import is_for
from .documents.doors import may_open as may_open_documents
from .documents.services import set_audience as set_document_audience
from .documents.services import update_entries as update_documents
from .errors import Conflict, Forbidden, NotFound, Outdated, Problem, Refusal, refusal_of
from .events.dispatch import outside
from .events.outcomes import NotDelivered, NotYet, Undeliverable
from .events.queries import deliveries_wait_since
from .events.services import Event, emit, emit_many
from .finding.limits import count_question
from .freshness.queries import Kept, Versions, data_versions, read_once
from .freshness.services import bump, bump_on_change
from .freshness.triggers import watch
from .headless.services import revoke_tokens_of
from .imports import rules as cells
from .imports.importer import Importer, Option, Row
from .imports.rules import Column, UpsertResult
from .imports.services import import_now
from .imports.undoing.referrers import referring
from .imports.undoing.rules import Change, Image, Images
from .imports.undoing.undo import Undo
from .mail.services import send_mail
from .pdf import available as pdf_available
from .pdf import render as render_pdf
from .pdf import require as require_pdf
from .people.groups import CHANNEL_MANAGERS, CONTENT_EDITORS, grant_permissions
from .people.queries import companies_of
from .people.services import (
    accept_invitation,
    add_member,
    end_membership,
    invite,
    register_and_accept,
    set_roles,
)
from .people.viewers import company_viewer, guest_viewer, system_viewer, viewer_for
from .previewing.queries import may_preview, preview_viewer
from .previewing.services import note_preview
from .previewing.words import choosing_address as preview_address
from .viewer import Viewer
from .wording import labelled, listed, sentences

__all__ = [
    "referring",
    "Undo",
    "Images",
    "Image",
    "Change",
    "AddressInput",
    "CHANNEL_MANAGERS",
    "CONTENT_EDITORS",
    "Column",
    "CompanyInput",
    "Conflict",
    "Event",
    "Forbidden",
    "HasAudience",
    "HistoryEntry",
    "Importer",
    "Kept",
    "NotDelivered",
    "NotFound",
    "NotYet",
    "Outdated",
    "Option",
    "Problem",
    "Refusal",
    "Row",
    "Undeliverable",
    "UpsertResult",
    "Versions",
    "Viewer",
    "accept_invitation",
    "add_member",
    "addresses",
    "admit_company",
    "audience_choices",
    "audience_label",
    "audience_labels",
    "audience_rank",
    "bump",
    "bump_on_change",
    "data_versions",
    "change_company",
    "companies_of",
    "cells",
    "company_viewer",
    "count_question",
    "deliveries_wait_since",
    "differences",
    "effective_keys",
    "emit",
    "emit_many",
    "end_membership",
    "get_address",
    "get_company",
    "get_invoice_title",
    "grant_permissions",
    "guest_viewer",
    "history",
    "import_now",
    "invite",
    "labelled",
    "listed",
    "invoice_titles",
    "keys_and_restrictions",
    "is_for",
    "may_open_documents",
    "may_open_pages",
    "may_preview",
    "move_company",
    "open_to_audience",
    "outside",
    "page_doors",
    "payment_terms",
    "pdf_available",
    "read_once",
    "preview_address",
    "note_preview",
    "preview_viewer",
    "record",
    "record_many",
    "refusal_of",
    "register_and_accept",
    "render_pdf",
    "require_pdf",
    "revoke_tokens_of",
    "save_address",
    "save_invoice_title",
    "sees_all_content",
    "send_mail",
    "set_company_status",
    "set_document_audience",
    "sentences",
    "set_roles",
    "system_viewer",
    "spreadsheets",
    "unknown_keys",
    "update_documents",
    "upsert_addresses",
    "upsert_companies",
    "viewer_for",
    "visible_companies",
    "watch",
]
