"""Write the snapshot: migrate from nothing in both languages and on both vendors, and keep what came out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError

from .contents import Rows
from .state import DIRECTORY, MANIFEST, content

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


def write(server: str) -> list[Path]:
    """Write all files, with scratch databases in a folder and on the PostgreSQL at the URL `server`."""
    first, *others = [code for code, _name in settings.LANGUAGES]
    with tempfile.TemporaryDirectory() as folder, _database_on(server) as url, ThreadPoolExecutor(2) as pool:
        places = [(first, f"sqlite:///{folder}/{first}.sqlite3"), (first, url)]
        places += [(code, f"sqlite:///{folder}/{code}.sqlite3") for code in others]
        sqlite, postgresql, *translated = pool.map(lambda place: describe(*place, folder=folder), places)
    files = {
        "sqlite.sql": sqlite["schema"],
        "postgresql.sql": postgresql["schema"],
        "rows.sql": _inserts(sqlite["rows"]),
        "rows.postgresql.sql": _inserts(_differing(sqlite["rows"], postgresql["rows"])),
        MANIFEST.name: "".join(f"{name} {digest}\n" for name, digest in sorted(content().items())),
    }
    for code, found in zip(others, translated, strict=True):
        files[f"rows.{code}.sql"] = _inserts(_differing(sqlite["rows"], found["rows"]))
    for path in DIRECTORY.glob("*.sql"):
        path.unlink()
    wanted = {DIRECTORY / name: text for name, text in files.items() if text or name != "rows.postgresql.sql"}
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return list(wanted)


def describe(language: str, url: str, *, folder: str) -> dict[str, Any]:
    """What the database at `url` holds; an empty one is migrated first. In a process with settings of its own."""
    environment = os.environ | {
        "QUDAO_ENV": "test",
        "QUDAO_DATA_DIR": folder,
        "QUDAO_LANGUAGE": language,
        "DATABASE_URL": url,
    }
    command = [sys.executable, str(MANAGE), "schema_snapshot", "--describe"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise CommandError(f"Migrating a new database ({language}) failed; the reason stands above.")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def _database_on(server: str) -> Iterator[str]:
    name = f"qudao_snapshot_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as maintenance:
        maintenance.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            maintenance.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _differing(base: Rows, other: Rows) -> Rows:
    """The tables of `other` that hold something else than in `base`, be it other numbers: references follow them."""
    if gone := set(base) - set(other):
        raise CommandError(
            f"No rows in {', '.join(sorted(gone))} for one language or vendor: this cannot be kept."
        )
    return {table: found for table, found in other.items() if base.get(table) != found}


def _inserts(rows: Rows) -> str:
    return "".join(
        f'INSERT INTO "{table}" ({", ".join(_quoted(name) for name in found[0])}) VALUES\n'
        + ",\n".join(f"({', '.join(map(_literal, row.values()))})" for row in found)
        + ";\n"
        for table, found in rows.items()
    )


def _quoted(name: str) -> str:
    return f'"{name}"'


def _literal(value: str | None) -> str:
    """Text; both vendors turn it into the type of its column."""
    if value is None:
        return "NULL"
    return "CURRENT_TIMESTAMP" if value == "{now}" else "'" + value.replace("'", "''") + "'"
