"""Every model of the search, gathered for Django. Code inside the plugin imports from the subjects."""

from .entries.models import AccessRule, ClusterIndex, Entry, Group, Pending, Word
from .query_log.models import Click, QueryLog
from .synonyms.models import SynonymSet

__all__ = [
    "AccessRule",
    "Click",
    "ClusterIndex",
    "Entry",
    "Group",
    "Pending",
    "QueryLog",
    "SynonymSet",
    "Word",
]
