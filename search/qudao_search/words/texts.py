"""What editors are told when a set of synonyms cannot be kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .rules import Problem

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
