"""The demo's question banks and exams, one of each per language, and what a few people made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from qudao_core import api as core
from qudao_learning import api as learning

from .channel import LANGUAGES, Channel, ExamEntry, Sitting
from .clock import clock_at
from .questions import BankFile

#: So long ago the banks and exams were made.
FIRST = timedelta(days=90)
#: What tells the exams of one bank apart.
_IN = {"en": ("in English", "英文卷"), "zh-hans": ("in Chinese", "中文卷")}


def make_banks(author: Any, channel: Channel) -> dict[tuple[str, str], Any]:
    """Every bank in every language; (name, language) → bank. Run again it changes what the files say anew."""
    known = {row.code: row for row in apps.get_model("qudao_learning", "Bank").objects.all()}
    made = {}
    for name, file in channel.banks.items():
        for language in LANGUAGES:
            code, (title, title_zh) = f"{name}-{language}", _IN[language]
            bank = learning.save_bank(
                actor=author,
                code=code,
                name=f"{file.name} ({title})",
                name_zh=f"{file.name_zh}（{title_zh}）",
                description=file.about,
                bank=known.get(code),
            )
            questions = [learning.read_question(row) for row in file.rows(language)]
            learning.save_questions(actor=author, bank=bank, questions=questions)
            made[name, language] = bank
    return made


def make_exams(
    author: Any, channel: Channel, banks: Mapping[tuple[str, str], Any]
) -> dict[tuple[str, str], Any]:
    """Every exam in every language, open; (code, language) → exam. Run again: their blueprints are as the file says."""
    known = {row.code: row for row in apps.get_model("qudao_learning", "Exam").objects.all()}
    made = {}
    for entry in channel.learning.exams:
        for language in LANGUAGES:
            file = channel.banks[entry.bank]
            made[entry.code, language] = learning.save_exam(
                actor=author,
                values=_values(entry, banks[entry.bank, language], language),
                sections=_sections(entry, file, language),
                audience_keys=entry.audiences,
                exam=known.get(f"{entry.code}-{language}"),
            )
    return made


def sit_exams(
    users: Mapping[str, Any], channel: Channel, exams: Mapping[tuple[str, str], Any], now: datetime
) -> int:
    """The attempts of ``learning.yaml``, each in its past; who has sat an exam already is left alone."""
    done: set[tuple[int, int]] = set()
    made = 0
    for sitting in sorted(channel.learning.sittings, key=lambda each: -each.days_ago):
        user, exam = users.get(sitting.person), exams[sitting.exam, sitting.language]
        if user is None:
            continue
        viewer = core.viewer_for(user, language=sitting.language)
        if (user.pk, exam.pk) not in done and learning.standing(viewer, exam).attempts:
            continue
        done.add((user.pk, exam.pk))
        _sit(viewer, exam, sitting, now - timedelta(days=sitting.days_ago))
        made += 1
    return made


def _sit(viewer: core.Viewer, exam: Any, sitting: Sitting, began: datetime) -> None:
    with clock_at(began):
        attempt = learning.start_attempt(viewer=viewer, exam=exam)
    rows = list(attempt.items.select_related("version").order_by("position"))
    known = round(len(rows) * sitting.right / 100)
    answers = []
    for place, row in enumerate(rows):
        answer = learning.right_answer(learning.content_of(row.version))
        if answer is None:
            answer = sitting.essay
        elif place >= known:
            continue
        answers.append(learning.AnswerInput(position=row.position, sequence=1, answer=answer))
    with clock_at(began + timedelta(minutes=sitting.minutes)):
        learning.submit_attempt(viewer=viewer, attempt=attempt, answers=answers)


def _values(entry: ExamEntry, bank: Any, language: str) -> dict[str, Any]:
    title, title_zh = _IN[language]
    return {
        "code": f"{entry.code}-{language}",
        "bank": bank,
        "title": f"{entry.title} ({title})",
        "title_zh": f"{entry.title_zh}（{title_zh}）",
        "introduction": entry.introduction,
        "introduction_zh": entry.introduction_zh,
        "minutes": entry.minutes,
        "pass_percent": entry.pass_percent,
        "attempts": entry.attempts,
        "wait_hours": entry.wait_hours,
        "status": "open",
    }


def _sections(entry: ExamEntry, file: BankFile, language: str) -> list[learning.SectionInput]:
    return [
        learning.SectionInput(
            count=each.count,
            topic=file.topics[each.topic][language] if each.topic else "",
            difficulty=each.difficulty,
            points=each.points,
        )
        for each in entry.sections
    ]
