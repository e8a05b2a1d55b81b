"""Every model of the portal, gathered for Django. Code inside the plugin imports from the subjects."""

from .companies.models import Address, Company, InvoiceTitle, Tier
from .content.models import ContentPage
from .documents.models import DocumentAudience, DocumentText
from .events.models import Delivery, OutboxEvent, PeriodicRun
from .freshness.models import DataChange, FactVersion
from .headless.models import ApiToken, IdempotencyRecord
from .imports.models import ImportJob
from .mail.models import QueuedMail
from .people.models import Invitation, Membership, MembershipRole, Role
from .territories.models import Territory

__all__ = [
    "Address",
    "ApiToken",
    "Company",
    "ContentPage",
    "DataChange",
    "Delivery",
    "DocumentAudience",
    "DocumentText",
    "FactVersion",
    "IdempotencyRecord",
    "ImportJob",
    "Invitation",
    "InvoiceTitle",
    "Membership",
    "MembershipRole",
    "OutboxEvent",
    "PeriodicRun",
    "QueuedMail",
    "Role",
    "Territory",
    "Tier",
]
