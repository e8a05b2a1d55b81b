"""Companies, tiers, addresses and invoice titles through the API."""

from .addresses import AddressDetail, Addresses, AddressesBulk
from .companies import (
    Companies,
    CompaniesBulk,
    CompanyDetail,
    CompanyHistory,
    CompanyMove,
    CompanyStatus,
    Tiers,
)
from .invoice_titles import InvoiceTitleDetail, InvoiceTitles
from .loading import company_id_of

__all__ = [
    "AddressDetail",
    "Addresses",
    "AddressesBulk",
    "Companies",
    "CompaniesBulk",
    "CompanyDetail",
    "CompanyHistory",
    "CompanyMove",
    "CompanyStatus",
    "InvoiceTitleDetail",
    "InvoiceTitles",
    "Tiers",
    "company_id_of",
]
