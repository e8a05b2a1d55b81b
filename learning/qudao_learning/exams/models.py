"""Exams, their blueprints, and attempts: the paper a person was given and what was answered."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

POINTS: dict[str, Any] = {"max_digits": 8, "decimal_places": 2}


class Exam(models.Model):
    """What is asked of whom, for how long, how often, and what is shown afterwards. Questions come by sections."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        WITHDRAWN = "withdrawn", pgettext_lazy("exam", "Withdrawn")

    class Shown(models.TextChoices):
        """What a learner sees of the answers after an attempt; the score is always shown."""

        NOTHING = "nothing", _("Only the score")
        ANSWERS = "answers", _("Which answers were right")
        EXPLAINED = "explained", _("The right answers and explanations")

    class ShownWhen(models.TextChoices):
        SUBMITTED = "submitted", _("After each attempt")
        DONE = "done", _("After passing, or the last attempt")
        CLOSED = "closed", _("After the exam has closed")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    bank = models.ForeignKey(
        "qudao_learning.Bank", models.PROTECT, related_name="exams", verbose_name=_("question bank")
    )
    title = models.CharField(_("title"), max_length=160)
    title_zh = models.CharField(_("Chinese title"), max_length=160, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    introduction_zh = models.TextField(_("Chinese introduction"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    pass_percent = models.DecimalField(
        _("pass mark"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(60),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=_("In per cent of the points."),
    )
    minutes = models.PositiveIntegerField(
        _("time limit"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text=_("In minutes; empty: none."),
    )
    attempts = models.PositiveSmallIntegerField(
        pgettext_lazy("exam", "attempts"), null=True, blank=True, default=3, help_text=_("Empty: any number.")
    )
    wait_hours = models.PositiveIntegerField(
        _("waiting time"), default=0, help_text=_("Hours between two attempts.")
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    negative_marking = models.BooleanField(
        _("negative marking"), default=False, help_text=_("Wrong answers may cost points.")
    )
    shuffle_questions = models.BooleanField(_("mix the questions"), default=True)
    shuffle_choices = models.BooleanField(_("mix the choices"), default=True)
    shown = models.CharField(
        _("shown afterwards"), max_length=10, choices=Shown.choices, default=Shown.EXPLAINED
    )
    shown_when = models.CharField(
        _("shown when"), max_length=10, choices=ShownWhen.choices, default=ShownWhen.SUBMITTED
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=models.F("closes_at")),
                name="exam_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return self.title_in(get_language() or "")

    def title_in(self, language: str) -> str:
        """The title in ``language``, where there is one."""
        return self.title_zh if language.startswith("zh") and self.title_zh else self.title

    def introduction_in(self, language: str) -> str:
        """The introduction in ``language``, where there is one."""
        is_chinese = language.startswith("zh") and self.introduction_zh
        return self.introduction_zh if is_chinese else self.introduction


class ExamAudience(models.Model):
    """Who may sit an exam, by audience key."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="audiences")
    audience_key = models.CharField(_("audience"), max_length=80, db_index=True)

    class Meta:
        ordering = ["audience_key"]
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        constraints = [models.UniqueConstraint(fields=["exam", "audience_key"], name="exam_audience_once")]

    def __str__(self) -> str:
        return self.audience_key


class Section(models.Model):
    """A row of an exam's blueprint: how many questions of which topic and difficulty, or one fixed question."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    question = models.ForeignKey(
        "qudao_learning.Question",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fixed question"),
    )
    topic = models.CharField(
        _("topic"), max_length=300, blank=True, help_text=_("With everything below it; empty: any.")
    )
    difficulty = models.CharField(_("difficulty"), max_length=8, blank=True, help_text=_("Empty: any."))
    count = models.PositiveSmallIntegerField(_("questions"), default=1)
    points = models.DecimalField(_("points for each"), **POINTS, default=Decimal(1))

    class Meta:
        ordering = ["exam_id", "position", "pk"]
        verbose_name = _("exam section")
        verbose_name_plural = _("exam sections")
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="section_count_positive"),
            models.CheckConstraint(condition=Q(points__gt=0), name="section_points_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.topic or self.question or '*'}"


class ExamTerms(models.Model):
    """What one person is granted in an exam beyond its rules: more time, more attempts."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="terms")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    extra_minutes = models.PositiveSmallIntegerField(_("extra minutes"), default=0)
    extra_attempts = models.PositiveSmallIntegerField(_("extra attempts"), default=0)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ["exam_id", "user_id"]
        verbose_name = _("special terms")
        verbose_name_plural = _("special terms")
        constraints = [models.UniqueConstraint(fields=["exam", "user"], name="exam_terms_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.exam}"


class Attempt(models.Model):
    """One person sits an exam once. ``terms`` holds the rules it began under; later changes do not touch it.

    ``deadline`` is the server's; ``seed`` decides the order of choices. ``company`` is whom the person worked for.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        GRADING = "grading", _("Being graded")
        GRADED = "graded", _("Graded")

    class EndedBy(models.TextChoices):
        LEARNER = "learner", pgettext_lazy("exam", "Submitted")
        DEADLINE = "deadline", _("Time was up")
        STAFF = "staff", _("Ended by staff")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="taken")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exam_attempts")
    company = models.ForeignKey(
        "qudao_partner_portal.Company", models.SET_NULL, null=True, related_name="exam_attempts"
    )
    number = models.PositiveSmallIntegerField(_("attempt"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.RUNNING)
    terms = models.JSONField(default=dict)
    seed = models.BigIntegerField()
    started_at = models.DateTimeField(_("started"))
    deadline = models.DateTimeField(_("deadline"), null=True)
    submitted_at = models.DateTimeField(pgettext_lazy("exam", "submitted"), null=True)
    ended_by = models.CharField(_("ended by"), max_length=10, choices=EndedBy.choices, blank=True)
    graded_at = models.DateTimeField(_("graded"), null=True)
    earned = models.DecimalField(_("points"), **POINTS, null=True)
    possible = models.DecimalField(_("possible points"), **POINTS)
    percent = models.DecimalField(_("per cent"), max_digits=5, decimal_places=2, null=True)
    passed = models.BooleanField(_("passed"), null=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("attempt")
        verbose_name_plural = pgettext_lazy("exam", "attempts")
        indexes = [
            models.Index(fields=["deadline"], condition=Q(status="running"), name="attempt_running"),
            models.Index(fields=["exam", "status"], name="attempt_of_exam"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "exam", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["user", "exam"], condition=Q(status="running"), name="attempt_one_running"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam} · {self.user} · {self.number}"


class PaperItem(models.Model):
    """A question on the paper of an attempt, and the answer to it. ``sequence`` grows with each change of the answer.

    ``share`` is what of ``points`` was earned (−1 … 1), ``None`` while a person has to grade it.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey("qudao_learning.QuestionVersion", models.PROTECT, related_name="+")
    points = models.DecimalField(**POINTS)
    answer = models.JSONField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    share = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    earned = models.DecimalField(**POINTS, null=True)
    chosen = models.JSONField(default=list)
    feedback = models.TextField(blank=True)
    graded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["attempt_id", "position"]
        verbose_name = _("question of a paper")
        verbose_name_plural = _("questions of papers")
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="paper_position_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.position}"
