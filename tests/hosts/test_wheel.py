"""`pip install qudao` brings everything a site needs: code, templates, static files, translations, migrations."""

import shutil
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.architecture.sources import PACKAGES, files, none
from tests.databases import SQLite
from tests.hosts.wheel import Environment

pytestmark = [pytest.mark.slow, pytest.mark.any_database]

NOT_SHIPPED = {".po", ".md"}


@pytest.fixture(scope="module")
def names(built_wheel: Path) -> set[str]:
    with zipfile.ZipFile(built_wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_every_package_is_in_it(names: set[str]) -> None:
    expected = {
        f"{package.name}/{path.relative_to(package)}"
        for package in PACKAGES.values()
        for path in files(*{p.suffix for p in package.rglob("*") if p.is_file()}, within=package)
        if path.suffix not in NOT_SHIPPED
    }
    assert any(name.endswith(".mo") for name in expected)
    assert any("/migrations/" in name for name in expected)
    none(sorted(expected - names))


def test_nothing_else_is_in_it(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.startswith("qudao-")} == set(PACKAGES)
    none(sorted(name for name in names if "__pycache__" in name or name.endswith((".pyc", ".sqlite3"))))


def test_it_says_what_it_needs_and_under_which_licence(installed: Environment) -> None:
    (folder,) = installed.python.parent.parent.glob("lib/*/site-packages/qudao-*.dist-info")
    about = metadata.Distribution.at(folder).metadata
    assert about["License-Expression"] == "BSD-3-Clause"
    assert set(about.get_all("Provides-Extra") or []) >= {
        "portal",
        "catalog",
        "ordering",
        "site",
        "pdf",
        "celery",
        "elasticsearch",
        "postgres",
        "server",
    }
    for line in about.get_all("Requires-Dist") or []:
        needed = Requirement(line)
        if needed.marker is None:
            assert needed.specifier.contains(metadata.version(needed.name)), line


def test_it_runs_from_an_empty_environment(installed: Environment) -> None:
    """The reference site on a migrated database: checks, migrations, static files, a page in Chinese."""
    shutil.copy(SQLite.template(), installed.folder / "site.sqlite3")
    site = {
        "DJANGO_SETTINGS_MODULE": "qudao_site.settings",
        "DATABASE_URL": f"sqlite:///{installed.folder / 'site.sqlite3'}",
        "QUDAO_DATA_DIR": str(installed.folder / "data"),
    }
    where = installed.run("-c", "import qudao_site; print(qudao_site.__file__)").strip()
    assert where.startswith(str(installed.python.parent.parent))
    assert "no issues" in installed.run("-m", "django", "check", **site)
    assert installed.run("-m", "django", "showmigrations", "--plan", **site).count("[ ]") == 0
    assert "No changes" in installed.run("-m", "django", "makemigrations", "--check", "--dry-run", **site)
    installed.run("-m", "django", "collectstatic", "--noinput", "--verbosity", "0", **site)
    assert list((installed.folder / "data" / "static" / "qudao_themes").rglob("*.css"))
    page = installed.run("-c", SIGN_IN_PAGE, **site)
    assert "登录" in page and "qudao_themes" in page


SIGN_IN_PAGE = """
import django
django.setup()
from django.test import Client
page = Client(headers={"accept-language": "zh-hans"}, SERVER_NAME="127.0.0.1").get("/accounts/login/", follow=True)
print(page.content.decode())
"""
