"""Build the documentation as a site: the same Markdown files that are read on the code host.

``./qudao docs`` runs this. Pages are the README, what stands in docs/ and the READMEs of the plugins, at the places
they have in the repository, so that links between them stay as they are. The order is that of docs/README.md.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "docs" / "mkdocs.yml"
PAGES = ("*.md", "docs/**/*.md", "*/README.md")
PICTURES = {".svg", ".png", ".webp", ".jpg"}
_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<info>[^\n]*)\n(?P<code>.*?)^(?P=fence)[ ]*$", re.M | re.S)
_LINK = re.compile(r"(?<!!)\[(?P<label>(?:[^\[\]]|\[[^\]]*\])+)\]\((?P<target>[^()\s]+)\)")
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) ")


def pages() -> list[Path]:
    """Every page, by its path in the repository."""
    found = {path for pattern in PAGES for path in ROOT.glob(pattern)}
    return sorted(path for path in found if not path.relative_to(ROOT).parts[0].startswith("."))


# --- From the Markdown of code hosts to that of MkDocs ---


def for_mkdocs(path: Path, known: set[Path]) -> str:
    """The page as Python-Markdown reads it: lists, code blocks and diagrams differ a little."""
    text = path.read_text(encoding="utf-8")
    parts: list[str] = []
    end = 0
    for match in _FENCE.finditer(text):
        parts += [_prose(text[end : match.start()], path, known), _fence(match)]
        end = match.end()
    return "".join([*parts, _prose(text[end:], path, known)])


def _fence(match: re.Match[str]) -> str:
    """A block keeps its language and its title; a diagram of tables becomes tables."""
    info, code = match["info"].strip(), match["code"]
    if info == "mermaid":
        return "\n".join(_tables(code))
    language, _space, rest = info.partition(" ")
    title = rest if rest.startswith("title=") else ""
    return f"{match['fence']}{language} {title}".rstrip() + f"\n{code}{match['fence']}"


def _tables(diagram: str) -> Iterator[str]:
    """An entity diagram as text: each table with its columns and what they refer to."""
    refers = {
        (match[1], match[3]): match[2] for match in re.finditer(r"(\w+) \S*--\S* (\w+) : (\w+)", diagram)
    }
    for entity in re.finditer(r"^    (\w+) \{\n(.*?)^    \}", diagram, re.M | re.S):
        yield f"\n**{entity[1]}**\n\n| column | kind | key | refers to |\n|---|---|---|---|"
        for line in entity[2].split("\n"):
            kind, _space, rest = line.strip().partition(" ")
            column, _space, key = rest.partition(" ")
            if column:
                other = refers.get((entity[1], column.removesuffix("_id")), "")
                yield f"| `{column}` | {kind} | {key} | {other} |"
    yield ""


def _prose(text: str, path: Path, known: set[Path]) -> str:
    return _lists(_LINK.sub(_linked(path, known), text))


def _linked(path: Path, known: set[Path]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        """A link to code, which the site does not hold, becomes its label; one to a directory leads to its README."""
        name, hash_, anchor = match["target"].partition("#")
        if not name or "://" in name or name.startswith("mailto:"):
            return match[0]
        target = (path.parent / name).resolve()
        if (target / "README.md") in known:
            return f"[{match['label']}]({name.rstrip('/')}/README.md{hash_}{anchor})"
        return match[0] if target in known else match["label"]

    return replace


def _lists(text: str) -> str:
    """Items that stand inside others are indented by four, and a list begins after an empty line."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        line = " " * (4 * ((indent + 2) // 4)) + line.lstrip(" ")
        before = lines[-1] if lines else ""
        begins = (
            _ITEM.match(line) and before.strip() and not _ITEM.match(before) and not before.startswith(" ")
        )
        lines += ["", line] if begins and not _inside_an_item(lines) else [line]
    return "\n".join(lines)


def _inside_an_item(lines: list[str]) -> bool:
    """Whether the last line goes on with an item of a list."""
    for line in reversed(lines):
        if not line.strip():
            return False
        if _ITEM.match(line):
            return True
    return False


# --- The order of the pages ---


def navigation() -> list[dict[str, Any]]:
    """Sections as docs/README.md has them, with the links that stand in each."""
    sections: list[dict[str, Any]] = [
        {"Qudao": ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]}
    ]
    sections.append({"Start": ["docs/README.md", "docs/architecture.md", "docs/glossary.md"]})
    sections.append({"Add": _links(ROOT / "docs" / "add" / "README.md", within="docs/add/")})
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for title, body in re.findall(r"^## (Guides|Reference|Plugins)\n(.*?)(?=^## |\Z)", text, re.M | re.S):
        sections.append({title: [_place(ROOT / "docs" / target) for target in _targets(body)]})
    sections.append(
        {"Decisions": _links(ROOT / "docs" / "decisions" / "README.md", within="docs/decisions/")}
    )
    return sections


def _links(page: Path, within: str) -> list[str]:
    places = [_place(page.parent / target) for target in _targets(page.read_text(encoding="utf-8"))]
    return [_place(page), *dict.fromkeys(place for place in places if place.startswith(within))]


def _targets(text: str) -> list[str]:
    targets = [match["target"].partition("#")[0] for match in _LINK.finditer(text)]
    return list(dict.fromkeys(target for target in targets if target.endswith(".md")))


def _place(path: Path) -> str:
    return path.resolve().relative_to(ROOT).as_posix()


# --- Building ---


def write_source(folder: Path) -> None:
    """The pages and their pictures, as MkDocs reads them, in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    pictures = [path for path in (ROOT / "docs").rglob("*") if path.suffix in PICTURES]
    known = {*pages(), *pictures}
    for path in known:
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            target.write_text(for_mkdocs(path, known), encoding="utf-8")
        else:
            shutil.copyfile(path, target)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / ".qudao" / "docs", help="where the site goes")
    out: Path = parser.parse_args(arguments).out.resolve()
    source = out.with_name(f"{out.name}-source")
    write_source(source)
    config = load_config(str(CONFIG), docs_dir=str(source), site_dir=str(out), nav=navigation(), strict=True)
    build(config)
    print(f"The documentation is in {out / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
