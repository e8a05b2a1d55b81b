"""The built documentation on the site: shown and linked while it is there."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from qudao_partner_portal.testing import make_back_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Path:
    settings.DOCS_DIR = tmp_path / "docs"
    (settings.DOCS_DIR / "docs").mkdir(parents=True)
    (settings.DOCS_DIR / "index.html").write_text("<h1>Qudao</h1>")
    (settings.DOCS_DIR / "docs/debug.html").write_text("<h1>When something is stuck</h1>")
    (tmp_path / "secret.txt").write_text("not a page")
    return tmp_path


def content(answer: object) -> str:
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def office_page() -> str:
    client = Client()
    client.force_login(make_back_office(is_superuser=True))
    return client.get("/admin/").content.decode()


def test_pages_are_public_and_may_run_their_own_scripts(built: Path) -> None:
    answer = Client().get("/docs/")
    assert (answer.status_code, content(answer)) == (200, "<h1>Qudao</h1>")
    assert "script-src 'self' 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    assert "stuck" in content(Client().get("/docs/docs/debug.html"))


@pytest.mark.parametrize(
    ("path", "status"), [("no.html", 404), ("docs/", 404), ("../secret.txt", 400), ("%2e%2e/secret.txt", 400)]
)
def test_nothing_else_is_served(built: Path, path: str, status: int) -> None:
    assert Client().get(f"/docs/{path}").status_code == status


def test_the_back_office_links_it(built: Path) -> None:
    assert '"/docs/"' in office_page()


def test_without_a_build_there_is_neither_page_nor_link(tmp_path: Path, settings: Settings) -> None:
    settings.DOCS_DIR = tmp_path / "none"
    assert Client().get("/docs/").status_code == 404
    assert '"/docs/"' not in office_page()
