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
from .loading import rows_file, schema_file
from .state import DIRECTORY, MANIFEST, content

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


def write(server: str) -> list[Path]:
    """Write all files, with scratch databases in a folder and on the PostgreSQL at the URL `server`."""
    first, *others = [code for code, _name in settings.LANGUAGES]
    with tempfile.TemporaryDirectory() as folder, _databases_on(server, [first, *others]) as urls:
        places = [(code, f"sqlite:///{folder}/{code}.sqlite3") for code in urls] + list(urls.items())
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda place: describe(*place, folder=folder), places))
    sqlite = dict(zip(urls, found[: len(urls)], strict=True))
    postgresql = dict(zip(urls, found[len(urls) :], strict=True))
    rows = sqlite[first]["rows"]
    of_postgresql = _differing(rows, postgresql[first]["rows"])
    files = {
        schema_file("sqlite"): sqlite[first]["schema"],
        schema_file("postgresql"): postgresql[first]["schema"],
        rows_file(): _inserts(rows),
        rows_file("postgresql"): _inserts(of_postgresql),
        MANIFEST: "".join(f"{name} {digest}\n" for name, digest in sorted(content().items())),
    }
    for code in others:
        translated = _differing(rows, sqlite[code]["rows"])
        files[rows_file(code)] = _inserts(translated)
        both = _differing(rows | of_postgresql | translated, postgresql[code]["rows"])
        if both:
            files[rows_file(f"postgresql.{code}")] = _inserts(both)
    for path in DIRECTORY.glob("*.sql"):
        path.unlink()
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return list(files)


def describe(language: str, url: str, *, folder: str) -> dict[str, Any]:
    """What the database at `url` holds; an empty one is migrated first. In a process with settings of its own."""
    environment = os.environ | {
        "QUDAO_ENV": "test",
        "PYTHONHASHSEED": "0",  # among migrations that do not depend on each other, sets decide the order
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
def _databases_on(server: str, languages: list[str]) -> Iterator[dict[str, str]]:
    """A new database for each language; yields their URLs."""
    names = {code: f"qudao_snapshot_{code.replace('-', '_')}_{os.getpid()}" for code in languages}
    with psycopg.connect(server, autocommit=True) as maintenance:
        for name in names.values():
            maintenance.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {code: f"{server.rpartition('/')[0]}/{name}" for code, name in names.items()}
        finally:
            for name in names.values():
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
