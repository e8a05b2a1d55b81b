"""A preview on a copy of an SQLite database: what a killed process left, and a disk without room for a copy."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from qudao_core.imports.running import apart

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere nothing is copied"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_copies_of_killed_processes_are_removed_and_those_at_work_are_not(folder: Path) -> None:
    for name, hours in (
        ("qudao-preview-dead.sqlite3", 7),
        ("qudao-preview-alive.sqlite3", 1),
        ("other.sqlite3", 9),
    ):
        (folder / name).write_text("rows")
        os.utime(folder / name, (time.time() - hours * 3600,) * 2)
    (folder / "qudao-preview-dead.sqlite3-wal").write_text("rows")
    with apart(True):
        assert connections[DEFAULT_DB_ALIAS].settings_dict["NAME"].startswith(str(folder))
    assert sorted(each.name for each in folder.iterdir()) == ["other.sqlite3", "qudao-preview-alive.sqlite3"]


def test_without_room_for_a_copy_nothing_is_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = connections[DEFAULT_DB_ALIAS]
    monkeypatch.setattr(tempfile, "tempdir", "/sys")
    with apart(True):
        assert connections[DEFAULT_DB_ALIAS] is real
