"""Read the files of a demo channel; what is wrong in one is refused with the file, the line and the key."""

from __future__ import annotations

import csv
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from qudao_core import api as core

T = TypeVar("T")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Part(BaseModel):
    """A piece of a demo channel as its files say it; keys that are not fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source:
    """YAML of a file, or of lines inside a Markdown file, that begin after line ``above``."""

    def __init__(self, path: Path, text: str, above: int = 0) -> None:
        self.path, self.text, self.above = path, text, above

    def read(self, kind: type[T]) -> T:
        """The value as ``kind``.

        :raises core.Refusal: ``demo_invalid``, naming file, line and key.
        """
        try:
            return TypeAdapter(kind).validate_python(self.plain())
        except ValidationError as error:
            first = error.errors()[0]
            raise self.refusal(first["msg"], first["loc"]) from error

    def plain(self) -> Any:
        """The value as YAML gives it."""
        try:
            return yaml.load(self.text, Loader=_NoDoubles)  # noqa: S506 - derived from the safe loader
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise problem(
                self.path, self.above + (mark.line + 1 if mark else 1), str(error.problem)
            ) from error

    def refusal(self, message: str, at: Sequence[Hashable] = ()) -> core.Refusal:
        """What is wrong with the value at this place: keys and numbers from the top."""
        node, known = yaml.compose(self.text, Loader=_Loader), []
        for step in at:
            below = _below(node, step)
            if below is None:
                break
            node = below
            known.append(step)
        line = node.start_mark.line + 1 if node is not None else 1
        missing = [step for step in at[len(known) :] if isinstance(step, str)]
        return problem(self.path, self.above + line, message, ".".join(map(str, [*known, *missing])))


def problem(path: Path, line: int, message: str, key: str = "") -> core.Refusal:
    """A refusal that says where in the demo's files something is wrong."""
    where = _("%(file)s, line %(line)s") % {"file": path, "line": line}
    text = f"{where}: {key}: {message}" if key else f"{where}: {message}"
    return core.Refusal("demo_invalid", text, field=key)


def missing(path: Path) -> core.Refusal:
    return core.Refusal("demo_invalid", _("The demo channel has no file %(file)s.") % {"file": path})


def text_of(path: Path) -> str:
    """The text of a file.

    :raises core.Refusal: ``demo_invalid``: it is not there, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise missing(path) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise problem(path, line, _("The text is not encoded in UTF-8.")) from error


def read_yaml(path: Path, kind: type[T]) -> T:
    return Source(path, text_of(path)).read(kind)


def read_csv(path: Path, kind: type[T]) -> list[T]:
    """The rows of a table with a heading; an empty cell is as if the column were not there.

    :raises core.Refusal: ``demo_invalid``, naming file, line and column.
    """
    rows, found = csv.DictReader(text_of(path).splitlines(), restkey="?"), []
    for row in rows:
        try:
            given = {name: cell for name, cell in row.items() if cell}
            found.append(TypeAdapter(kind).validate_python(given))
        except ValidationError as error:
            first = error.errors()[0]
            raise problem(path, rows.line_num, first["msg"], ".".join(map(str, first["loc"]))) from error
    return found


def split_front(path: Path) -> tuple[Source, str, int]:
    """A Markdown file's front matter, its body, and the number of lines above the body.

    :raises core.Refusal: ``demo_invalid``: it does not begin with front matter between lines of ``---``.
    """
    lines = text_of(path).splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        raise problem(path, 1, _("The file does not begin with front matter between two lines of ---."))
    end = lines.index("---", 1)
    return Source(path, "\n".join(lines[1:end]), 1), "\n".join(lines[end + 1 :]), end + 1


class _NoDoubles(_Loader):  # type: ignore[misc]
    """YAML where a key that appears twice is an error, not a silent loss."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key, _value in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key “{key.value}” appears twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _below(node: Any, step: Hashable) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    return None
