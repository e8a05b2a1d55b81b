"""What is connected once at start: audit actions, facts that raise their version, work of the dispatcher."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_core.cache_versions.services import bump_on_change
from qudao_core.hooks import audit_actions, dispatcher_work
from qudao_partner_portal.hooks import navigation

from .bank.models import Question
from .exams import services as exams
from .exams import web as exam_pages
from .exams.models import Exam, ExamAudience
from .hooks import pool_guards

ACTIONS = {
    "qudao.bank.saved": _("Saved"),
    "qudao.bank.imported": _("Questions imported"),
    "qudao.question.saved": _("Question saved"),
    "qudao.question.retired": _("Retired"),
    "qudao.question.restored": _("Restored"),
    "qudao.exam.saved": _("Saved"),
    "qudao.exam.status": _("Status changed"),
    "qudao.exam.terms": _("Special terms granted"),
    "qudao.attempt.started": _("Attempt started"),
    "qudao.attempt.submitted": _("Attempt submitted"),
    "qudao.attempt.graded": _("Graded by hand"),
}


def connect() -> None:
    for action, label in ACTIONS.items():
        audit_actions.register(action, label)
    pool_guards.register("exams", exams.refuse_unfillable)
    dispatcher_work.register("exam-deadlines", exams.submit_overdue)
    navigation.register("exams", exam_pages.navigation, order=500)
    bump_on_change("questions", Question)
    bump_on_change(exam_pages.FACT, Exam, ExamAudience)
