from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessRule(models.Model):
    """A distinct set of access tokens under a policy. Few: documents with the same tokens share one. Never changed.

    The key is drawn from the content (:func:`.rules.number_of`), so what a process keeps under it can never become
    wrong, whatever is rolled back or restored, and two writers of the same access rule agree without asking.
    """

    id = models.BigIntegerField(primary_key=True)
    policy = models.CharField(max_length=40)
    tokens = models.JSONField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.policy} {self.tokens}"


class Group(models.Model):
    """Documents that are alike in all that filters and counts ask for: kind, access rules, facets, languages.

    A query is counted by group; who may open a group, and which facet values it carries, is then plain Python.
    Groups are never changed and their key is drawn from the content, so a process may keep them for good; a rebuild
    deletes those nothing stands in any more.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    access_rules = models.JSONField()
    facets = models.JSONField()
    languages = models.JSONField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.facets}"


class Entry(models.Model):
    """One thing that can be found, as it stands in the index: the truth of every engine.

    Written in the transaction of the change. The embedded engine keeps its tokens beside it in the same
    transaction; Elasticsearch is told by :class:`Pending`. The primary key is never used twice. ``revision`` grows with
    every write, so a late, older write to a cluster loses.
    """

    #: Short columns first: SQLite reads a row from its beginning, and texts may fill many pages.
    kind = models.CharField(max_length=20)
    item = models.CharField(max_length=64)
    group = models.ForeignKey(Group, models.PROTECT, related_name="+")
    #: What was analysed, so that writing the same again costs nothing.
    digest = models.CharField(max_length=40)
    revision = models.PositiveBigIntegerField(default=1)
    boost = models.FloatField(default=1.0)
    dated_at = models.DateTimeField(null=True)
    titles = models.JSONField(default=dict)
    codes = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    texts = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "item"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.item}"


class Pending(models.Model):
    """The dirty set: an entry whose newest state the cluster has not confirmed. Written in the change's transaction.

    ``hides``: the change took something away from somebody (deleted, or another group); until the cluster knows,
    its hit for this entry is left out of hits and counts.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    revision = models.PositiveBigIntegerField()
    hides = models.BooleanField(default=False)
    deleted = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Why the cluster refused it, when it did; such an entry is not tried again before its next change.
    error = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["entry_id"]
        indexes = [models.Index(fields=["hides"], name="search_pending_hides")]

    def __str__(self) -> str:
        return f"{self.entry_id} @ {self.revision}"


class Word(models.Model):
    """A word that stands in some title, for "did you mean". Only ever added to; a rebuild drops what is gone.

    Never shown as it is: a suggestion is checked against what the reader may open.
    """

    text = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class ClusterIndex(models.Model):
    """An index we made in the cluster: the one behind the alias, and the one being built beside it."""

    class State(models.TextChoices):
        BUILDING = "building", _("Rebuilding")
        LIVE = "live", _("Serving")

    name = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    #: Everything up to this entry has been sent; a rebuild that was killed is begun anew.
    reached = models.BigIntegerField(default=0)
    #: What the mapping and the analysis were when it was made.
    fingerprint = models.CharField(max_length=40)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
