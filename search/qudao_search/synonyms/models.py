from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SynonymSet(models.Model):
    """Words that mean the same to a searcher, kept by editors.

    ``two_way``: any of the words finds all of them. ``one_way``: the spelling variants in ``words`` find what
    ``finds`` names, not the other way round.
    """

    class Direction(models.TextChoices):
        TWO_WAY = "two_way", _("Each word finds all of them")
        ONE_WAY = "one_way", _("The words find something else")

    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction.choices, default=Direction.TWO_WAY
    )
    words = models.TextField(_("words"), help_text=_("One word or phrase per line, in any language."))
    finds = models.TextField(
        _("what they find"),
        blank=True,
        help_text=_("Only for “the words find something else”: one per line."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        ordering = ["words"]
        verbose_name = _("synonym set")
        verbose_name_plural = _("synonym sets")

    def __str__(self) -> str:
        return " = ".join(self.words.split("\n")[:4])
