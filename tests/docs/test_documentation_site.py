"""`./qudao docs` builds every page, strictly, and what it builds loads nothing from elsewhere."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, none

pytestmark = [pytest.mark.slow, pytest.mark.any_database]

LOADED = re.compile(r"<(?:script|img|iframe)[^>]* src=\"(https?:[^\"]+)|<link[^>]* href=\"(https?:[^\"]+)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raises AssertionError with the warnings when the strict build stops."""
    folder = tmp_path_factory.mktemp("documentation") / "site"
    command = [sys.executable, "docs/build.py", "--out", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return folder


def page(site: Path, name: str) -> str:
    return (site / name).read_text(encoding="utf-8").partition("<article")[2].partition("</article>")[0]


def test_every_document_is_a_page(site: Path) -> None:
    documents = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("[a-z]*/README.md")]
    names = [path.relative_to(ROOT).with_suffix(".html") for path in documents]
    pages = [name.with_name("index.html") if name.stem == "README" else name for name in names]
    none(sorted(str(name) for name in pages if not (site / name).exists()))


def test_nothing_is_loaded_from_other_hosts(site: Path) -> None:
    found = {
        match
        for path in site.rglob("*.html")
        for groups in LOADED.findall(path.read_text(encoding="utf-8"))
        for match in groups
        if match
    }
    none(sorted(found))


def test_blocks_and_diagrams_look_as_on_the_code_host(site: Path) -> None:
    recipe = page(site, "docs/add/a-plugin.html")
    assert '<span class="filename">warranty/apps.py</span>' in recipe and "```" not in recipe
    assert "erDiagram" not in page(site, "docs/reference/data-model.html")
    assert "<table>" in page(site, "docs/reference/data-model.html")


TEXT = """Steps:
1. One
   goes on
   - inside
2. Two, see [code](code.py), [the other](other.md#here) and [the folder](folder/)

```python run
[not](a.link)
   - not a list
```
"""
READ = """Steps:

1. One
    goes on
    - inside
2. Two, see code, [the other](other.md#here) and [the folder](folder/README.md)

```python
[not](a.link)
   - not a list
```
"""


def test_lists_links_and_blocks_are_adapted(tmp_path: Path) -> None:
    known = {tmp_path / name for name in ("page.md", "other.md", "folder/README.md")}
    (tmp_path / "page.md").write_text(TEXT, encoding="utf-8")
    builder = runpy.run_path(str(ROOT / "docs" / "build.py"))
    assert builder["for_mkdocs"](tmp_path / "page.md", known) == READ
