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
