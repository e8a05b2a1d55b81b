"""Moodle XML, read and written: the types that Qudao has, with texts, weights, feedback, tags and pictures' places.

https://docs.moodle.org/en/Moodle_XML_format. Pictures that a file carries inside (``<file encoding="base64">``) come
back as :class:`Entry` texts with ``@@PLUGINFILE@@`` untouched; the service that imports stores them and rewrites the
addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from markdown_it import MarkdownIt
from pydantic import ValidationError

from .contents import (
    ALL,
    EACH,
    FULL,
    WEIGHTS,
    AcceptedNumber,
    AcceptedText,
    Blank,
    Content,
    Description,
    Essay,
    FillIn,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    SingleChoice,
    TrueFalse,
    Unit,
    choices_of,
)
from .files import Entry, Labels, Written, labels_of, plain_to_html, topic_of

_MARKDOWN = MarkdownIt("commonmark", {"html": True})


class FileError(ValueError):
    """The file as a whole cannot be read: ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _QuestionError(FileError):
    """One question cannot be read."""


def read(data: bytes) -> Iterator[Entry]:
    """Every question of a Moodle XML file. ``line`` is the position of the question, from 1: XML has no lines to tell.

    :raises FileError: ``not_xml``, ``dangerous_xml`` (entities and the like), ``not_a_quiz``.
    """
    try:
        root = fromstring(data)
    except DefusedXmlException as error:
        raise FileError("dangerous_xml") from error
    except (ParseError, ValueError, LookupError) as error:
        raise FileError("not_xml") from error
    if root.tag != "quiz":
        raise FileError("not_a_quiz")
    topic, number = "", 0
    for element in root.iter("question"):
        if element.get("type") == "category":
            topic = topic_of(_said(element, "category"))
            continue
        number += 1
        yield _entry(number, element, topic)


def write(questions: Iterable[Question]) -> Written:
    """The questions as Moodle XML. Cases and several gaps are left out."""
    root, left_out, topic = Element("quiz"), [], ""
    for position, question in enumerate(questions):
        if _type_of(question.content) is None:
            left_out.append((position, "not_in_format"))
            continue
        if question.topic != topic:
            topic = question.topic
            _text(SubElement(SubElement(root, "question", type="category"), "category"), f"top/{topic}")
        _write_question(root, question)
    indent(root)
    return Written(tostring(root, encoding="unicode", xml_declaration=True), tuple(left_out))


# --- Reading ---


def _entry(number: int, element: Element, topic: str) -> Entry:
    text = _html(element.find("questiontext"))
    try:
        labels = Labels.of([f"id:{_own(element, 'idnumber')}", *_tags(element)])
        question = Question(
            name=_said(element, "name")[:200],
            text=text,
            content=_content(element, labels),
            explanation=_html(element.find("generalfeedback")),
            topic=topic,
            difficulty=labels.difficulty,
            language=labels.settings.get("language", ""),
            external_key=labels.external_key,
        )
    except _QuestionError as error:
        return Entry.refused(number, error.code, text)
    except ValidationError as error:
        return Entry.refused(number, "not_accepted", text, ".".join(map(str, error.errors()[0]["loc"])))
    return Entry.of(number, question)


def _content(element: Element, labels: Labels) -> Content:
    shuffle = _own(element, "shuffleanswers").lower() not in ("false", "0")
    match element.get("type"):
        case "multichoice":
            rows = [
                (_html(each), _weight(each), _html(each.find("feedback"))) for each in element.iter("answer")
            ]
            if _own(element, "single").lower() in ("false", "0"):
                scoring = labels.settings.get("scoring", WEIGHTS)
                return MultipleChoice(choices=choices_of(rows), scoring=scoring, shuffle=shuffle)
            return SingleChoice(choices=choices_of(rows), shuffle=shuffle)
        case "multichoiceset":
            rows = [
                (_html(each), _weight(each), _html(each.find("feedback"))) for each in element.iter("answer")
            ]
            return MultipleChoice(choices=choices_of(rows), scoring=ALL, shuffle=shuffle)
        case "truefalse":
            return _true_false(element)
        case "shortanswer":
            accepted = tuple(
                AcceptedText(text=_plain(each), weight=_weight(each), feedback=_html(each.find("feedback")))
                for each in element.iter("answer")
            )
            return FillIn(blanks=(Blank(accepted=accepted, case_sensitive=_own(element, "usecase") == "1"),))
        case "numerical":
            return _numeric(element)
        case "matching":
            return _matching(element, labels)
        case "ordering":
            return Ordering.of([_html(each) for each in element.iter("answer")])
        case "essay":
            most = labels.settings.get("most_characters", "")
            guidance = _html(element.find("graderinfo"))
            return (
                Essay(guidance=guidance, most_characters=int(most))
                if most.isdecimal()
                else Essay(guidance=guidance)
            )
        case "description":
            return Description()
    raise _QuestionError("unknown_type")


def _true_false(element: Element) -> TrueFalse:
    said = {_plain(each).lower(): each for each in element.iter("answer")}
    if set(said) != {"true", "false"}:
        raise _QuestionError("no_right_answer")
    return TrueFalse(
        is_true=_weight(said["true"]) > _weight(said["false"]),
        feedback_true=_html(said["true"].find("feedback")),
        feedback_false=_html(said["false"].find("feedback")),
    )


def _numeric(element: Element) -> Numeric:
    accepted = tuple(
        AcceptedNumber(
            value=_number(_plain(each)),
            tolerance=_number(_own(each, "tolerance") or "0"),
            weight=_weight(each),
            feedback=_html(each.find("feedback")),
        )
        for each in element.iter("answer")
        if _plain(each) != "*"
    )
    units = [
        Unit(
            name=_own(each, "unit_name"),
            factor=Decimal(1) / (_number(_own(each, "multiplier") or "1") or Decimal(1)),
        )
        for each in element.iter("unit")
    ]
    units.sort(key=lambda each: each.factor != 1)
    return Numeric(
        accepted=accepted, units=tuple(units), unit_required=_own(element, "unitgradingtype") in ("1", "2")
    )


def _matching(element: Element, labels: Labels) -> Matching:
    pairs, distractors = [], []
    for each in element.iter("subquestion"):
        left, right = _html(each), _said(each, "answer")
        if left:
            pairs.append((left, right))
        else:
            distractors.append(right)
    return Matching.of(pairs, distractors, scoring=labels.settings.get("scoring", EACH))


def _weight(element: Element) -> Decimal:
    return _number(element.get("fraction") or "0")


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise _QuestionError("number_unreadable") from error


def _tags(element: Element) -> Iterator[str]:
    return (_said(each, "") for each in element.iter("tag"))


def _own(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _said(element: Element, name: str) -> str:
    """What ``<name><text>…</text></name>`` says."""
    return (element.findtext(f"{name}/text" if name else "text") or "").strip()


def _plain(element: Element) -> str:
    return re.sub(r"<[^>]*>", "", (element.findtext("text") or "")).strip()


def _html(element: Element | None) -> str:
    if element is None:
        return ""
    text = (element.findtext("text") or "").strip()
    match element.get("format"):
        case "plain_text":
            return plain_to_html(text)
        case "markdown":
            return _MARKDOWN.render(text).strip()
        case "moodle_auto_format":
            return text.replace("\n", "<br>")
    return text


# --- Writing ---


def _type_of(content: Any) -> str | None:
    match content:
        case SingleChoice() | MultipleChoice():
            return "multichoice"
        case TrueFalse():
            return "truefalse"
        case FillIn() if len(content.blanks) == 1:
            return "shortanswer"
        case Numeric():
            return "numerical"
        case Ordering() | Matching() | Essay() | Description():
            return str(content.kind)
    return None


def _write_question(root: Element, question: Question) -> None:
    content = question.content
    element = SubElement(root, "question", type=_type_of(content) or "")
    _text(SubElement(element, "name"), question.name)
    _formatted(element, "questiontext", question.text)
    _formatted(element, "generalfeedback", question.explanation)
    SubElement(element, "idnumber").text = question.external_key
    _write_content(element, content)
    tags = [each.removeprefix("tag:") for each in labels_of(question) if each.startswith("tag:")]
    if tags:
        holder = SubElement(element, "tags")
        for tag in tags:
            _text(SubElement(holder, "tag"), tag)


def _write_content(element: Element, content: Any) -> None:
    match content:
        case SingleChoice() | MultipleChoice():
            SubElement(element, "single").text = str(isinstance(content, SingleChoice)).lower()
            SubElement(element, "shuffleanswers").text = str(content.shuffle).lower()
            for each in content.choices:
                _answer(element, each.text, each.weight, each.feedback, format="html")
        case TrueFalse():
            for said, feedback in ((True, content.feedback_true), (False, content.feedback_false)):
                _answer(element, str(said).lower(), FULL * (said is content.is_true), feedback)
        case FillIn():
            SubElement(element, "usecase").text = str(int(content.blanks[0].case_sensitive))
            for accepted in content.blanks[0].accepted:
                _answer(element, accepted.text, accepted.weight, accepted.feedback)
        case Numeric():
            _write_numeric(element, content)
        case Ordering():
            texts = {each.key: each.text for each in content.items}
            SubElement(element, "gradingtype").text = (
                "ABSOLUTE_POSITION" if content.scoring == ALL else "RELATIVE_NEXT_EXCLUDE_LAST"
            )
            for key in content.right_order:
                _answer(element, texts[key], FULL, "", format="html")
        case Matching():
            _write_matching(element, content)
        case Essay():
            _formatted(element, "graderinfo", content.guidance)


def _write_numeric(element: Element, content: Numeric) -> None:
    for each in content.accepted:
        answer = _answer(element, f"{each.value:f}", each.weight, each.feedback)
        SubElement(answer, "tolerance").text = f"{each.tolerance:f}"
    if content.units:
        SubElement(element, "unitgradingtype").text = str(int(content.unit_required))
        holder = SubElement(element, "units")
        for unit in content.units:
            one = SubElement(holder, "unit")
            SubElement(one, "multiplier").text = f"{1 / unit.factor:f}"
            SubElement(one, "unit_name").text = unit.name


def _write_matching(element: Element, content: Matching) -> None:
    right = {each.key: each.text for each in content.right}
    pairs = [(each.text, right[content.pairs[each.key]]) for each in content.left]
    pairs += [("", text) for key, text in right.items() if key not in content.pairs.values()]
    SubElement(element, "shuffleanswers").text = "true"
    for one, other in pairs:
        sub = _formatted(element, "subquestion", one)
        _text(SubElement(sub, "answer"), other)


def _answer(element: Element, text: str, weight: Decimal, feedback: str, **extra: str) -> Element:
    answer = SubElement(element, "answer", {"fraction": f"{weight.normalize():f}", **extra})
    _text(answer, text)
    _formatted(answer, "feedback", feedback)
    return answer


def _formatted(element: Element, name: str, text: str) -> Element:
    made = SubElement(element, name, format="html")
    _text(made, text)
    return made


def _text(element: Element, text: str) -> None:
    SubElement(element, "text").text = text
