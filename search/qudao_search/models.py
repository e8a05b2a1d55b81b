"""Every model of the search, gathered for Django. Code inside the plugin imports from the subjects."""

from .index.models import ClusterIndex, Door, Entry, Group, Pending, Word
from .log.models import Click, QueryLog
from .words.models import SynonymSet

__all__ = ["Click", "ClusterIndex", "Door", "Entry", "Group", "Pending", "QueryLog", "SynonymSet", "Word"]
