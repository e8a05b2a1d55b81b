"""Foreign hosts install the plugins from the wheel, following the READMEs to the letter, and use them for real."""

from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.docs.documents import blocks
from tests.hosts.wheel import Environment

pytestmark = [pytest.mark.slow]

HOSTS = Path(__file__).parent
START = "from wagtail.bin.wagtail import main; main()"
#: What every host says of itself, whatever it installs.
SURROUNDINGS = """
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / "mail"
DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20}
"""


def wagtail_site(environment: Environment, folder: Path, *plugins: str) -> dict[str, str]:
    """What `wagtail start` makes, with the READMEs of `plugins` followed; returns how to run it."""
    folder.mkdir()
    environment.run("-c", START, "start", "plain_host", str(folder))
    settings, urls = folder / "plain_host/settings/dev.py", folder / "plain_host/urls.py"
    for path, info, before in ((settings, "python settings", SURROUNDINGS), (urls, "python urls", "")):
        code = [block for plugin in plugins for _line, block in blocks(ROOT / plugin / "README.md", info)]
        path.write_text("\n".join((path.read_text(), before, *code)))
    return {"PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "plain_host.settings.dev"}


def passes_its_checks(environment: Environment, host: dict[str, str]) -> None:
    assert "no issues" in environment.run("-m", "django", "check", **host)
    assert "No changes" in environment.run("-m", "django", "makemigrations", "--check", "--dry-run", **host)


def test_the_portal_in_a_wagtail_site_without_oscar(with_the_portal: Environment, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="No module named 'oscar'"):
        with_the_portal.run("-c", "import oscar")
    host = wagtail_site(with_the_portal, tmp_path / "host", "partner_portal")
    passes_its_checks(with_the_portal, host)
    with_the_portal.run("-m", "django", "migrate", "--verbosity=0", **host)
    told = with_the_portal.run(str(HOSTS / "plain_wagtail/story.py"), **host)
    assert "story told: Ann joined Headquarters, found every page and set a new password" in told


def test_catalogue_and_ordering_in_a_wagtail_site(with_ordering: Environment, tmp_path: Path) -> None:
    plugins = ("partner_portal", "catalog", "b2b_ordering")
    host = wagtail_site(with_ordering, tmp_path / "host", *plugins)
    passes_its_checks(with_ordering, host)
    with_ordering.run("-m", "django", "migrate", "--verbosity=0", **host)
    told = with_ordering.run(str(HOSTS / "plain_wagtail/dealer_story.py"), **host)
    assert "story told: Chengdu Lamps ordered 24 at 8.80 and found every page" in told


def test_search_and_theme_alone_in_a_wagtail_site(with_the_portal: Environment, tmp_path: Path) -> None:
    passes_its_checks(
        with_the_portal, wagtail_site(with_the_portal, tmp_path / "host", "core", "search", "themes")
    )


def test_a_stock_oscar_shop(with_ordering: Environment, tmp_path: Path) -> None:
    host = {
        "PYTHONPATH": str(HOSTS / "oscar_shop"),
        "DJANGO_SETTINGS_MODULE": "oscar_host.settings",
        "HOST_DATA_DIR": str(tmp_path),
    }
    passes_its_checks(with_ordering, host)
    with_ordering.run("-m", "django", "migrate", "--verbosity=0", **host)
    told = with_ordering.run(str(HOSTS / "oscar_shop/story.py"), **host)
    assert "story told: the shop sells as before, and Chengdu Lamps ordered 24 at 8.80" in told
