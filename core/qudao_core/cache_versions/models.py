from __future__ import annotations

from django.db import models


class FactVersion(models.Model):
    """How often the facts of one kind have changed (``companies``, ``assortments``, ``price_lists`` …).

    Facts that decide who sees what change rarely and are read by every request. A process may keep what it derived
    from them for as long as the number stands: the number is raised in the same transaction as the change, so what
    is kept is never older than the last commit.
    """

    name = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class DataChange(models.Model):
    """One committed change of rows that a process may have derived something from (``stock``, ``prices:7`` …).

    Database triggers add a row with a random number, so that whoever writes needs no lock on a counter that all
    writers share; the version of a name is the sum of its rows (:func:`..queries.data_versions`).
    """

    name = models.CharField(max_length=60, db_index=True)
    number = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
