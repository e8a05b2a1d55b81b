"""The test database: made once per state of the migrations, copied for each process and after commits.

It comes from the schema snapshot and the migrations written since (`manage.py prepare_database`), and is kept as a
template: an SQLite file, or on PostgreSQL a dump, in `.qudao/cache/`, named by a hash of all that decides its content.
"""

import fcntl
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from qudao_core.cache_versions import triggers
from qudao_site.snapshot import state

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".qudao" / "cache"
KEPT_TEMPLATES = 3


@cache
def template_key() -> str:
    """The name of the template: a hash of what decides a migrated database, and of the snapshot it begins with."""
    found = state.content() | {
        "settings": repr([settings.INSTALLED_APPS, settings.LANGUAGE_CODE]),
        "triggers": triggers.definition(),
    }
    for path in sorted(state.DIRECTORY.iterdir()):
        if path.is_file():
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]


def create() -> None:
    """Give this process the migrated database that ``DATABASE_URL`` names."""
    _engine().create()


def restore() -> None:
    """Bring the database back to its migrated state, whatever has been committed to it."""
    _engine().restore()


def drop() -> None:
    """Remove this process's database."""
    _engine().drop()


def _engine() -> "type[SQLite] | type[PostgreSQL]":
    return SQLite if connection.vendor == "sqlite" else PostgreSQL


@contextmanager
def _lock(name: str) -> Iterator[None]:
    """Let one process at a time work on the template `name`; the others wait and then find it made."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _prepare(url: str) -> None:
    """In a process of its own: warnings of third-party migrations stay there."""
    subprocess.run(
        [sys.executable, str(ROOT / "site" / "manage.py"), "prepare_database"],
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )


def _forget_old(pattern: str) -> None:
    found = sorted(CACHE.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[KEPT_TEMPLATES:]:
        for each in (path, path.with_suffix(".lock")):
            each.unlink(missing_ok=True)


class SQLite:
    """A file copied with SQLite's own backup: safe while other connections have it open."""

    @staticmethod
    def template() -> Path:
        path = CACHE / f"sqlite-{template_key()}.sqlite3"
        with _lock(path.stem):
            if not path.exists():
                fresh = path.with_suffix(".new")
                fresh.unlink(missing_ok=True)
                _prepare(f"sqlite:///{fresh}")
                fresh.rename(path)
                _forget_old("sqlite-*.sqlite3")
        return path

    @staticmethod
    def restore() -> None:
        connection.close()
        source = sqlite3.connect(f"file:{SQLite.template()}?mode=ro&immutable=1", uri=True)
        target = sqlite3.connect(connection.settings_dict["NAME"], timeout=20)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()

    create = restore

    @staticmethod
    def drop() -> None:
        connection.close()  # the file goes with the process's directory


class PostgreSQL:
    """A database copied inside the server with ``CREATE DATABASE … TEMPLATE``."""

    @staticmethod
    def template() -> str:
        name = f"qudao_template_{template_key()}"
        with _lock(f"postgresql-{template_key()}"):
            if not PostgreSQL._execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]):
                PostgreSQL._build(name)
        return name

    @staticmethod
    def dump() -> Path:
        """Where the migrated database is kept between runs; the file may not exist yet."""
        return CACHE / f"postgresql-{template_key()}.dump"

    @staticmethod
    def _build(name: str) -> None:
        dump = PostgreSQL.dump()
        building = f"{name}_new"
        PostgreSQL._execute(f'DROP DATABASE IF EXISTS "{building}"')
        PostgreSQL._execute(f'CREATE DATABASE "{building}"')
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{building}"
        if dump.exists():
            _run("pg_restore", "--no-owner", "--jobs=2", f"--dbname={url}", str(dump))
        else:
            _prepare(url)
            _run("pg_dump", "--format=custom", f"--file={dump}.new", url)
            Path(f"{dump}.new").rename(dump)
            _forget_old("postgresql-*.dump")
        PostgreSQL._execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')

    @staticmethod
    def create() -> None:
        template = PostgreSQL.template()
        with _lock("postgresql-copy"):  # a template that is being copied refuses a second copy
            PostgreSQL._execute(f'CREATE DATABASE "{connection.settings_dict["NAME"]}" TEMPLATE "{template}"')

    @staticmethod
    def restore() -> None:
        PostgreSQL.drop()
        PostgreSQL.create()

    @staticmethod
    def drop() -> None:
        connection.close()
        PostgreSQL._execute(f'DROP DATABASE IF EXISTS "{connection.settings_dict["NAME"]}" WITH (FORCE)')

    @staticmethod
    def _execute(sql: str, parameters: list[Any] | None = None) -> list[Any]:
        """Run one statement outside any transaction on the server's maintenance database."""
        import psycopg  # noqa: PLC0415 - only there when the server is PostgreSQL

        url = os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
        with psycopg.connect(url, autocommit=True) as maintenance:
            cursor = maintenance.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []


def _run(program: str, *arguments: str) -> None:
    from tests.services import postgresql_program  # noqa: PLC0415 - only needed beside a PostgreSQL server

    subprocess.run([str(postgresql_program(program)), *arguments], check=True)
