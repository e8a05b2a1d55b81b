"""What editors are told when a set of synonyms cannot be kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .rules import Problem

TEXTS = {
    "empty": _("Give at least one word."),
    "one_word": _("Give a second word, or what the word finds."),
    "too_many": _("At most %(most)s words; make a second set of the rest."),
    "too_long": _("“%(word)s…” is longer than %(most)s characters."),
    "no_letters": _("“%(word)s” has no letter or digit, so it cannot be searched for."),
    "repeated": _("“%(word)s” stands here twice: upper case, width, plural and script make no difference."),
    "finds_itself": _(
        "“%(word)s” stands on both sides. Leave the second side empty when each word finds all of them."
    ),
    "word_taken": _("“%(word)s” already stands in “%(set)s”. Add to that set instead."),
    "finds_missing": _("Say what the words find."),
}


def text_of(problem: Problem) -> str:
    """The sentence about a problem, in the language in use."""
    return str(TEXTS[problem.code]) % problem.params
