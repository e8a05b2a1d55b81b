"""The schema snapshot: the same as migrating from nothing, up to date, and usable when it is not."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from qudao_site.snapshot import contents, loading, state

from tests.databases import ROOT, PostgreSQL


@contextmanager
def empty_database(folder: Path, name: str) -> Iterator[str]:
    """The URL of a new database on the vendor that these tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    database = f"qudao_snapshot_{name}_{os.getpid()}"
    PostgreSQL._execute(f'CREATE DATABASE "{database}"')
    try:
        yield os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{database}"
    finally:
        PostgreSQL._execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def manage(url: str, *command: str, language: str = "en", settings: str = "qudao_site.settings") -> str:
    environment = os.environ | {
        "DATABASE_URL": url,
        "QUDAO_LANGUAGE": language,
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": str(ROOT),
    }
    program = [sys.executable, str(ROOT / "site" / "manage.py"), *command]
    return subprocess.run(program, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def described(url: str, language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manage(url, "schema_snapshot", "--describe", language=language))
    found["rows"] = contents.comparable(found["rows"], found["relations"])
    return found


@pytest.mark.any_database
def test_it_is_up_to_date() -> None:
    """After a new or changed migration: `./qudao snapshot`."""
    call_command("schema_snapshot", "--check")


@pytest.mark.slow
def test_loading_it_gives_what_migrating_from_nothing_gives(db: None, tmp_path: Path) -> None:
    """Both vendors load the same rows; so each is tried in one language, and together they use every file."""
    language = "zh-hans" if connection.vendor == "sqlite" else "en"
    with empty_database(tmp_path, "loaded") as loaded, empty_database(tmp_path, "migrated") as migrated:
        assert "Loaded the schema snapshot." in manage(loaded, "prepare_database", language=language)
        ours, theirs = described(loaded, language), described(migrated, language)
    assert ours["schema"].splitlines() == theirs["schema"].splitlines()
    assert ours["rows"].keys() == theirs["rows"].keys()
    for table, rows in theirs["rows"].items():
        assert ours["rows"][table] == rows, table


@pytest.mark.slow
def test_later_migrations_are_applied_on_top(db: None, tmp_path: Path) -> None:
    with empty_database(tmp_path, "later") as url:
        said = manage(url, "prepare_database", settings="tests.site.snapshot.settings")
        again = manage(url, "prepare_database", settings="tests.site.snapshot.settings")
        applied = manage(url, "showmigrations", "later", settings="tests.site.snapshot.settings")
    assert said.splitlines() == ["Loaded the schema snapshot.", "Applied 1 migrations."]
    assert again == ""
    assert "[X] 0001_initial" in applied


def test_a_prepared_database_is_left_alone(db: None) -> None:
    assert loading.prepare() == []


def test_new_rows_get_numbers_after_those_that_were_loaded(db: None) -> None:
    for table, columns in contents.relations().items():
        key = next((name for name, to in columns.items() if not to), None)
        if key is None or connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT max("{key}"), pg_get_serial_sequence(\'"{table}"\', \'{key}\') FROM "{table}"'
            )
            highest, sequence = cursor.fetchone()
            if highest and sequence:
                cursor.execute(f"SELECT nextval('{sequence}')")
                assert cursor.fetchone()[0] > highest, table


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("here", "reasons"),
    [
        ({"a/migrations/0001.py": "1", "b/migrations/0001.py": "1"}, []),
        ({"a/migrations/0001.py": "1"}, ["b/migrations/0001.py is gone"]),
        ({"a/migrations/0001.py": "2", "b/migrations/0001.py": "1"}, ["a/migrations/0001.py has changed"]),
        ({"a/migrations/0001.py": "1", "b/migrations/0001.py": "1", "b/migrations/0002.py": "1"}, []),
    ],
)
def test_only_changed_or_removed_migrations_keep_it_from_being_used(
    here: dict[str, str], reasons: list[str]
) -> None:
    kept = {"a/migrations/0001.py": "1", "b/migrations/0001.py": "1"}
    assert state.differences(kept, here) == reasons


@pytest.mark.any_database
def test_a_new_migration_makes_the_check_fail_with_the_command_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = state.kept()
    *lines, last = state.MANIFEST.read_text().splitlines(keepends=True)
    older = tmp_path / "migrations.txt"
    older.write_text("".join(lines))
    monkeypatch.setattr(state, "MANIFEST", older)
    with pytest.raises(CommandError, match=f"{re.escape(last.split()[0])} is new.*./qudao snapshot"):
        call_command("schema_snapshot", "--check")
    assert state.differences(state.kept(), complete) == []


@pytest.mark.any_database
def test_it_holds_nothing_of_the_machine_it_was_written_on() -> None:
    """Neither times nor random ids, nobody's account and no session."""
    for path in state.DIRECTORY.glob("rows*.sql"):
        text = path.read_text()
        assert not re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d|'[0-9a-f]{32}'|[0-9a-f]{8}-[0-9a-f]{4}-", text), path
        assert not re.search(r'INSERT INTO "\w*(_user|session|token|secret)\w*"', text), path


@pytest.mark.any_database
def test_each_installation_gets_ids_of_its_own() -> None:
    new: dict[str, str] = {}
    statement = "('{uuid 1}'), ('{uuid 2}'), ('{uuid 1}')"
    first = loading._with_new_uuids(statement, new).split(", ")
    assert first[0] == first[2] != first[1]
    assert loading._with_new_uuids(statement, {}).split(", ")[0] != first[0]
