"""Examples that say they run do run: blocks marked ```python run, in order, each document by itself."""

import os
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.docs.documents import blocks, documents

MARK = "python run"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", [path for path in documents() if blocks(path, MARK)], ids=lambda path: path.name
)
def test_the_examples_run(path: Path) -> None:
    namespace: dict[str, object] = {"__name__": "__example__"}
    for line, code in blocks(path, MARK):
        exec(compile("\n" * (line - 1) + code, str(path), "exec"), namespace)


@pytest.mark.any_database
def test_shell_examples_name_files_that_exist() -> None:
    """`./something` in a shell block is a program of the repository, and may be run."""
    for path in documents():
        for _line, code in blocks(path, "sh") + blocks(path, "console"):
            for word in code.split():
                if word.startswith("./") and word.rstrip("/").count("/") == 1 and "=" not in word:
                    program = ROOT / word
                    assert not program.suffix and os.access(program, os.X_OK) or program.exists(), (
                        f"{path}: {word}"
                    )
