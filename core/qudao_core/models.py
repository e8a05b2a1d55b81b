"""Every model of the platform, gathered for Django. Code inside the plugin imports from the subjects."""

from .cache_versions.models import DataChange, FactVersion
from .events.models import Delivery, OutboxEvent, PeriodicRun
from .headless.models import ApiToken, IdempotencyRecord
from .imports.models import ImportedPart, ImportJob, SavedMapping
from .mail.models import QueuedMail

__all__ = [
    "ApiToken",
    "DataChange",
    "Delivery",
    "FactVersion",
    "IdempotencyRecord",
    "ImportJob",
    "ImportedPart",
    "SavedMapping",
    "OutboxEvent",
    "PeriodicRun",
    "QueuedMail",
]
