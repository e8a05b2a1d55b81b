"""Writes of the subject: companies and their place in the channel, addresses, invoice titles, also in bulk."""

from .addresses import remove_address, save_address
from .bulk import upsert_companies
from .bulk_addresses import upsert_addresses
from .companies import admit_company, change_company, move_company, set_company_status
from .invoice_titles import remove_invoice_title, save_invoice_title
from .removing import companies_in_use, remove_addresses, remove_companies

__all__ = [
    "companies_in_use",
    "remove_addresses",
    "remove_companies",
    "admit_company",
    "change_company",
    "move_company",
    "remove_address",
    "remove_invoice_title",
    "save_address",
    "save_invoice_title",
    "set_company_status",
    "upsert_addresses",
    "upsert_companies",
]
