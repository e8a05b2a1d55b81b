"""Every link inside the repository leads to a file, and to a heading where it names one."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, none, place
from tests.docs.documents import anchors, documents, links, text

pytestmark = pytest.mark.any_database


def broken(path: Path) -> list[str]:
    found = []
    for target in links(path):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        aim = (ROOT / name.lstrip("/") if name.startswith("/") else path.parent / name) if name else path
        if not aim.exists():
            found.append(f"{place(path)}: {target} does not exist")
        elif anchor and aim.suffix == ".md" and anchor not in anchors(aim.resolve()):
            found.append(f"{place(path)}: no heading {target}")
    return found


def test_links_lead_somewhere() -> None:
    none(problem for path in documents() for problem in broken(path))


def test_every_document_is_reachable_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached or path.suffix != ".md" or not path.exists():
            continue
        reached.add(path)
        waiting += [
            (path.parent / target.partition("#")[0]).resolve()
            for target in links(path)
            if not target.startswith(("http", "mailto:", "#"))
        ]
    guides = [path for path in documents() if path.parent == ROOT or path.is_relative_to(ROOT / "docs")]
    none(place(path) for path in guides if path.resolve() not in reached)


def test_decisions_are_listed_and_numbered_once() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert len(numbers) == len(set(numbers))
    listed = set(links(ROOT / "docs" / "decisions" / "README.md"))
    none(path.name for path in decisions if path.name not in listed)


def test_the_list_of_decisions_has_their_titles_in_order() -> None:
    folder = ROOT / "docs" / "decisions"
    groups = (folder / "README.md").read_text(encoding="utf-8").split("\n## ")[1:]
    entries = [re.findall(r"^- \[(.+)\]\((.+)\)$", group, re.MULTILINE) for group in groups]
    assert len(groups) > 10 and all(entries)
    none(
        f"{name}: its title is not “{title}”"
        for group in entries
        for title, name in group
        if not text(folder / name).startswith(f"# {title}\n")
    )
    names = [[name for _title, name in group] for group in entries]
    assert [sorted(group) for group in names] == names
    assert len({name for group in names for name in group}) == sum(map(len, names)), "each stands once"


def test_the_contents_list_every_guide_and_reference_page() -> None:
    docs = ROOT / "docs"
    listed = set(links(docs / "README.md"))
    pages = [*(docs / "how-to").glob("*.md"), *(docs / "reference").glob("*.md")]
    none(sorted(place(path) for path in pages if str(path.relative_to(docs)) not in listed))
