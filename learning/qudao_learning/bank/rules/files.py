"""What every file of questions is read into, whatever its format."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .contents import DIFFICULTIES, Fault, Question

LONGEST_EXCERPT = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of a file, at the line it begins (from 1), or why it cannot be read."""

    line: int
    question: Question | None = None
    faults: tuple[Fault, ...] = ()
    excerpt: str = ""

    @classmethod
    def of(cls, line: int, question: Question) -> Entry:
        """A question that was read, with what keeps it from being asked."""
        return cls(line, question, tuple(question.faults()), excerpt(question.text))

    @classmethod
    def refused(cls, line: int, code: str, text: str, where: str = "") -> Entry:
        """What could not be read."""
        return cls(line, None, (Fault(code, where),), excerpt(text))


@dataclass(frozen=True, slots=True)
class Written:
    """A file of questions, and those that its format cannot hold: (position, code)."""

    text: str
    left_out: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Labels:
    """What the labels of a question (``[id:…] [tag:…]`` in GIFT, tags in Moodle) say beyond its own fields."""

    external_key: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, labels: Iterable[str]) -> Labels:
        """From ``id:Q-7``, ``tag:difficulty:hard``, ``scoring:each``; what is not known says nothing."""
        found = cls()
        for label in labels:
            name, _colon, value = label.removeprefix("tag:").partition(":")
            if name == "id":
                found.external_key = value.strip()
            elif value:
                found.settings[name.strip()] = value.strip()
        return found

    @property
    def difficulty(self) -> str:
        """``easy``, ``medium`` or ``hard``; medium where nothing is said."""
        said = self.settings.get("difficulty", "")
        return said if said in DIFFICULTIES else "medium"


def labels_of(question: Question) -> Iterator[str]:
    """The labels that :class:`Labels` reads back."""
    if question.external_key:
        yield f"id:{question.external_key}"
    if question.difficulty != "medium":
        yield f"tag:difficulty:{question.difficulty}"
    if question.language:
        yield f"tag:language:{question.language}"
    content = question.content
    if content.kind in ("multiple", "matching") and content.scoring != _USUAL[content.kind]:
        yield f"tag:scoring:{content.scoring}"
    if content.kind in ("single", "multiple") and not content.shuffle:
        yield "tag:shuffle:no"
    if content.kind == "fill_in" and content.blanks and content.blanks[0].case_sensitive:
        yield "tag:case:sensitive"
    if content.kind == "essay":
        yield f"tag:most_characters:{content.most_characters}"


#: The way of marking that a file means where no label says another.
_USUAL = {"multiple": "weights", "matching": "each"}


def topic_of(category: str) -> str:
    """``$course$/top/Switches/Wiring`` of Moodle as a topic.

    >>> topic_of("$course$/top/Switches/ Wiring")
    'Switches/Wiring'
    """
    parts = [part.strip() for part in re.split(r"(?<!/)/(?!/)", category)]
    while parts and (parts[0] in ("", "top") or re.fullmatch(r"\$\w+\$", parts[0])):
        parts = parts[1:]
    return "/".join(part.replace("//", "/") for part in parts if part)


def plain_to_html(text: str) -> str:
    """Plain text as HTML: what looks like markup is shown, lines stay lines."""
    return html.escape(text.strip(), quote=False).replace("\n", "<br>")


def excerpt(text: str) -> str:
    """The beginning of a text without markup, to tell a question by."""
    plain = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
    return plain if len(plain) <= LONGEST_EXCERPT else plain[: LONGEST_EXCERPT - 1] + "…"
