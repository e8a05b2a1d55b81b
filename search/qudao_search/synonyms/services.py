"""Editors keep synonyms. Every change stands in Wagtail's history with whoever made it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from .models import SynonymSet
from .rules import Problem, key_of, lines, problems_of


@transaction.atomic
def save_synonyms(
    *,
    words: Sequence[str],
    finds: Sequence[str] = (),
    note: str = "",
    is_active: bool = True,
    synonym_id: int | None = None,
    user: Any = None,
) -> SynonymSet:
    """Keep a set: with ``finds`` one-way, else two-way. ``synonym_id`` changes that one. Works from the next search on.

    :raises django.core.exceptions.ValidationError: by field, with the codes of :mod:`rules`.
    """
    words, finds = lines("\n".join(words)), lines("\n".join(finds))
    problems = problems_of(words, finds) or _taken(words, synonym_id)
    if problems:
        raise _as_error(problems)
    entry = SynonymSet.objects.get(pk=synonym_id) if synonym_id else SynonymSet()
    entry.direction = SynonymSet.Direction.ONE_WAY if finds else SynonymSet.Direction.TWO_WAY
    entry.words, entry.finds = "\n".join(words), "\n".join(finds)
    entry.note, entry.is_active = note.strip()[:200], is_active
    entry.save()
    log(entry, "wagtail.edit" if synonym_id else "wagtail.create", user=user, content_changed=True)
    return entry


@transaction.atomic
def delete_synonyms(*, synonym_ids: Collection[int], user: Any = None) -> int:
    """Delete sets; how many there were. The history keeps that they were deleted, and by whom."""
    entries = list(SynonymSet.objects.filter(pk__in=synonym_ids))
    for entry in entries:
        log(entry, "wagtail.delete", user=user, deleted=True)
    SynonymSet.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    return len(entries)


def _taken(words: Sequence[str], synonym_id: int | None) -> list[Problem]:
    """A word is looked up in one set only, so that editors see in one place what it finds."""
    wanted = {key_of(word): word for word in words}
    others = SynonymSet.objects.exclude(pk=synonym_id) if synonym_id else SynonymSet.objects.all()
    for entry in others.only("words"):
        for other in map(key_of, entry.words.splitlines()):
            if other in wanted:
                return [Problem("words", "word_taken", {"word": wanted[other], "set": str(entry)})]
    return []


def _as_error(problems: Sequence[Problem]) -> ValidationError:
    by_field: dict[str, list[ValidationError]] = {}
    for problem in problems:
        error = ValidationError(text_of(problem), code=problem.code)
        by_field.setdefault(problem.about, []).append(error)
    return ValidationError(by_field)


# --- messages ---
# What editors are told when a set of synonyms cannot be kept.

TEXTS = {
    "empty": _("Enter at least one word."),
    "one_word": _("Enter a second word, or what the word finds."),
    "too_many": _("At most %(most)s words; put the rest in a second set."),
    "too_long": _("“%(word)s…” is longer than %(most)s characters."),
    "no_letters": _("“%(word)s” has no letter or digit, so it cannot be searched for."),
    "repeated": _("“%(word)s” is listed twice: letter case, width, plural and script make no difference."),
    "finds_itself": _(
        "“%(word)s” is on both sides. Leave the second side empty if each word should find all of them."
    ),
    "word_taken": _("“%(word)s” is already in “%(set)s”. Add to that set instead."),
    "finds_missing": _("Enter what the words find."),
}


def text_of(problem: Problem) -> str:
    """The sentence about a problem, in the language in use."""
    return str(TEXTS[problem.code]) % problem.params
