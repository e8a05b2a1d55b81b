"""Every model of the portal, gathered for Django. Code inside the plugin imports from the subjects."""

from .companies.models import Address, Company, InvoiceTitle, Tier
from .content.models import ContentPage
from .documents.models import DocumentAudience, DocumentText
from .people.models import Invitation, Membership, MembershipRole, Role
from .territories.models import Territory

__all__ = [
    "Address",
    "Company",
    "ContentPage",
    "DocumentAudience",
    "DocumentText",
    "Invitation",
    "InvoiceTitle",
    "Membership",
    "MembershipRole",
    "Role",
    "Territory",
    "Tier",
]
