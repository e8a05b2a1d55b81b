"""Where this test run lives; loaded before Django's settings (`-p tests.environment` in pyproject.toml).

Each pytest process gets its own data directory and its own database, so that runs beside each other, and the
demo in `.qudao/`, never meet. ``QUDAO_TEST_DATABASE_URL`` names a PostgreSQL server to run on
(`python tests/services.py postgresql -- python -m pytest …` sets it); without it an SQLite file serves.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
DIRECTORY = Path(tempfile.mkdtemp(prefix=f"qudao-tests-{WORKER}-"))


def _database_url() -> str:
    """The address of the database that belongs to this process alone; it is created by `tests.databases`."""
    server = os.environ.get("QUDAO_TEST_DATABASE_URL", "")
    if not server:
        return f"sqlite:///{DIRECTORY / 'qudao.sqlite3'}"
    return urlunsplit(urlsplit(server)._replace(path=f"/qudao_test_{WORKER}_{os.getpid()}"))


def _set() -> None:
    for name in [name for name in os.environ if name.startswith("QUDAO_") and "TEST" not in name]:
        del os.environ[name]
    os.environ["QUDAO_ENV"] = "test"
    os.environ["QUDAO_DATA_DIR"] = str(DIRECTORY)
    os.environ["DATABASE_URL"] = _database_url()


_set()
atexit.register(shutil.rmtree, DIRECTORY, ignore_errors=True)
