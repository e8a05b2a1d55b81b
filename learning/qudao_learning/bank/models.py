"""Banks of questions. A question's words are never changed: an edit adds a version, and old attempts keep theirs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Bank(models.Model):
    """A collection of questions that exams draw from."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")

    def __str__(self) -> str:
        if (get_language() or "").startswith("zh") and self.name_zh:
            return self.name_zh
        return self.name


class Question(models.Model):
    """What a question is about and how hard it is; what it says is in its versions, the newest is ``version``.

    ``topic`` is a path (``Switches/Wiring``). A retired question is drawn for no new paper.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("Single choice")
        MULTIPLE = "multiple", _("Multiple choice")
        TRUE_FALSE = "true_false", _("True or false")
        FILL_IN = "fill_in", _("Fill in the blanks")
        NUMERIC = "numeric", _("Numeric")
        ORDERING = "ordering", pgettext_lazy("exam", "Ordering")
        MATCHING = "matching", _("Matching")
        ESSAY = "essay", _("Short essay")
        CASE = "case", _("Case with several parts")
        DESCRIPTION = "description", _("Text without a question")

    class Difficulty(models.TextChoices):
        EASY = "easy", _("Easy")
        MEDIUM = "medium", _("Medium")
        HARD = "hard", _("Hard")

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="questions", verbose_name=_("question bank"))
    external_key = models.CharField(_("external key"), max_length=100, blank=True)
    kind = models.CharField(_("type"), max_length=12, choices=Kind.choices)
    topic = models.CharField(_("topic"), max_length=300, blank=True)
    difficulty = models.CharField(
        _("difficulty"), max_length=8, choices=Difficulty.choices, default=Difficulty.MEDIUM
    )
    language = models.CharField(_("language"), max_length=12, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    #: Of what the newest version says; the same words twice in a bank are one question.
    digest = models.CharField(max_length=64, editable=False)
    is_retired = models.BooleanField(_("retired"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [models.Index(fields=["bank", "topic"], name="question_topic")]
        constraints = [
            models.UniqueConstraint(fields=["bank", "digest"], name="question_once"),
            models.UniqueConstraint(
                fields=["bank", "external_key"], condition=~Q(external_key=""), name="question_external_key"
            ),
        ]

    def __str__(self) -> str:
        return self.external_key or f"{self.get_kind_display()} {self.pk}"


class QuestionVersion(models.Model):
    """What a question says: append-only. ``content`` is a :data:`.rules.contents.Content` as JSON."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    text = models.TextField(_("question text"))
    content = models.JSONField(_("content"))
    explanation = models.TextField(_("explanation"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["question_id", "number"]
        verbose_name = _("version of a question")
        verbose_name_plural = _("versions of questions")
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="question_version_once")]

    def __str__(self) -> str:
        return self.name or f"{self.question_id}/{self.number}"
