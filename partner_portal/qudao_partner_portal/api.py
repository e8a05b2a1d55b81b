"""The public API of the portal: what other plugins and hosts may call.

>>> from qudao_partner_portal import api as portal
"""

from __future__ import annotations

from .access.queries import open_to_audience, sees_all_content
from .access.rules import keys_and_restrictions
from .audience.queries import audience_choices, audience_label, audience_labels, unknown_keys
from .audience.rules import rank as audience_rank
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
from .content.audience import HasAudience, effective_keys, may_open_pages
from .documents.access import is_for
from .documents.access import may_open as may_open_documents
from .documents.services import set_audience as set_document_audience
from .documents.services import update_entries as update_documents
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
from .previewing.labels import choose_company_url as preview_url
from .previewing.queries import may_preview, preview_viewer
from .previewing.services import note_preview
from .viewers import company_viewer, guest_viewer

__all__ = [
    "AddressInput",
    "CHANNEL_MANAGERS",
    "CONTENT_EDITORS",
    "CompanyInput",
    "HasAudience",
    "accept_invitation",
    "add_member",
    "addresses",
    "admit_company",
    "audience_choices",
    "audience_label",
    "audience_labels",
    "audience_rank",
    "change_company",
    "companies_of",
    "company_viewer",
    "effective_keys",
    "end_membership",
    "get_address",
    "get_company",
    "get_invoice_title",
    "grant_permissions",
    "guest_viewer",
    "invite",
    "invoice_titles",
    "keys_and_restrictions",
    "is_for",
    "may_open_documents",
    "may_open_pages",
    "may_preview",
    "move_company",
    "open_to_audience",
    "payment_terms",
    "preview_url",
    "note_preview",
    "preview_viewer",
    "register_and_accept",
    "save_address",
    "save_invoice_title",
    "sees_all_content",
    "set_company_status",
    "set_document_audience",
    "set_roles",
    "unknown_keys",
    "update_documents",
    "upsert_addresses",
    "upsert_companies",
    "visible_companies",
]
