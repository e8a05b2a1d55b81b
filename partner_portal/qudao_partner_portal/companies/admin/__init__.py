"""Companies, tiers, addresses and invoice titles in Wagtail's admin."""

from .choosing import company_chooser
from .companies import CompanyViewSet, TierViewSet
from .particulars import (
    AddressViewSet,
    InvoiceTitleViewSet,
    OfCompany,
    OfCompanyCreateView,
    OfCompanyEditView,
)

__all__ = [
    "AddressViewSet",
    "CompanyViewSet",
    "InvoiceTitleViewSet",
    "OfCompany",
    "OfCompanyCreateView",
    "OfCompanyEditView",
    "TierViewSet",
    "company_chooser",
]
