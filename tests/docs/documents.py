"""The repository's Markdown files and what stands in them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.sources import ROOT, files

_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)\n(?P<code>.*?)^(?P=fence)\s*$", re.MULTILINE | re.DOTALL
)
_CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_LINK = re.compile(
    r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^()\s]+(?:\([^()]*\))?)(?:\s+\"[^\"]*\")?\)"
)


#: Topics and pages of the demo: what they link to are other topics and pictures by name, which the demo's tests check.
_DEMO = ROOT / "site/qudao_site/demo"


@cache
def documents() -> tuple[Path, ...]:
    return tuple(path for path in files(".md") if _DEMO not in path.parents)


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """The document without its code blocks."""
    return _FENCE.sub("", text(path))


def links(path: Path) -> list[str]:
    return [match["target"] for match in _LINK.finditer(_CODE.sub("`code`", prose(path)))]


def anchors(path: Path) -> set[str]:
    """The names under which a reader can jump to a heading, as GitHub and GitLab make them."""
    found: set[str] = set()
    for heading in _HEADING.findall(prose(path)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        kept = "".join(c for c in plain.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
        name = kept.strip().replace(" ", "-")
        number = 1
        unique = name
        while unique in found:
            unique = f"{name}-{number}"
            number += 1
        found.add(unique)
    return found


def blocks(path: Path, info: str) -> list[tuple[int, str]]:
    """The code blocks whose info string is `info`, each with the line it begins on."""
    return [
        (text(path).count("\n", 0, match.start()) + 2, match["code"])
        for match in _FENCE.finditer(text(path))
        if match["info"].strip() == info
    ]


def named() -> set[str]:
    """Every word that stands as code somewhere in the documents."""
    words: set[str] = set()
    for path in documents():
        if path.is_relative_to(ROOT / "docs" / "decisions"):
            continue  # decisions tell history, they are no reference
        for code in re.findall(r"`([^`\n]+)`", text(path)):
            words |= set(re.findall(r"[A-Za-z_]\w*", code)) | {code}
        for match in _FENCE.finditer(text(path)):
            words |= set(re.findall(r"[A-Za-z_][\w-]*", match["code"]))
    return words


_PART = re.compile(r"^## (.+)$", re.MULTILINE)
_TITLE = re.compile(r'title="(?P<add>add to )?(?P<file>[^"]+)"')


def files_and_commands(path: Path, *parts: str) -> Iterator[tuple[str, str, str]]:
    """What a reader does step by step, as ``(what, file, text)``: ``write`` a file, ``add`` to one, ``run`` commands.

    Blocks name their file as ``title="…"``, which the documentation site shows above them. With ``parts``, what stands
    below these headings only.
    """
    for match in _FENCE.finditer(text(path)):
        heads = [head[1] for head in _PART.finditer(text(path), 0, match.start())]
        if parts and (not heads or heads[-1] not in parts):
            continue
        title = _TITLE.search(match["info"])
        if title is not None:
            yield "add" if title["add"] else "write", title["file"], match["code"]
        elif match["info"].strip() == "sh":
            yield "run", "", match["code"]
