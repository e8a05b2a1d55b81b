"""Foreign hosts install the plugins from the wheel, following the how-tos to the letter, and use them for real."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.docs.documents import blocks, files_and_commands
from tests.hosts.wheel import Environment

pytestmark = [pytest.mark.slow]

HOSTS = Path(__file__).parent
HOW_TO = ROOT / "docs" / "how-to"
START = "from wagtail.bin.wagtail import main; main()"
#: What every host says of itself, whatever it installs.
SURROUNDINGS = """
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / "mail"
DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20}
"""


@dataclass(frozen=True)
class Host:
    """A project of somebody else, and the environment it runs in."""

    environment: Environment
    folder: Path
    settings: str
    extras: frozenset[str]
    variables: tuple[tuple[str, str], ...] = ()

    def run(self, *arguments: str) -> str:
        variables = {"PYTHONPATH": str(self.folder), "DJANGO_SETTINGS_MODULE": self.settings}
        return self.environment.run(
            *arguments, cwd=self.folder, **(variables | dict(self.variables) | {"PYTHONWARNINGS": "ignore"})
        )

    def follow(self, how_to: str, *parts: str) -> None:
        """Do what the page says, in all of it or under these headings."""
        for what, name, text in files_and_commands(HOW_TO / how_to, *parts):
            if what == "run":
                for line in text.splitlines():
                    self.command(line)
            else:
                file = self.folder / name
                assert what == "add", name
                file.write_text(file.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")

    def command(self, line: str) -> None:
        """Installed is what the page asks for, from the wheel; Python is that of the environment."""
        if line.startswith("pip install"):
            assert re.findall(r"qudao\[(\w+)\]", line)[0] in self.extras, line
            return
        program, *arguments = line.split()
        assert program == "python", line
        said = self.run(*arguments)
        if arguments[1] == "check":
            assert "no issues" in said

    def agrees_with_its_migrations(self) -> None:
        said = self.run("manage.py", "makemigrations", "--check", "--dry-run")
        assert "No changes" in said


def wagtail_site(environment: Environment, folder: Path, *extras: str) -> Host:
    """What `wagtail start` makes."""
    folder.mkdir()
    environment.run("-c", START, "start", "mysite", str(folder))
    dev = folder / "mysite/settings/dev.py"
    dev.write_text(dev.read_text(encoding="utf-8") + SURROUNDINGS, encoding="utf-8")
    return Host(environment, folder, "mysite.settings.dev", frozenset(extras))


def test_the_portal_in_a_wagtail_site_without_oscar(with_the_portal: Environment, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="No module named 'oscar'"):
        with_the_portal.run("-c", "import oscar")
    host = wagtail_site(with_the_portal, tmp_path / "host", "portal")
    host.follow("add-to-a-wagtail-site.md", "The portal")
    host.agrees_with_its_migrations()
    told = host.run(str(HOSTS / "plain_wagtail/story.py"))
    assert "story told: Ann joined Headquarters, found every page and set a new password" in told


def test_catalogue_and_ordering_in_a_wagtail_site(with_ordering: Environment, tmp_path: Path) -> None:
    host = wagtail_site(with_ordering, tmp_path / "host", "portal", "catalog", "ordering")
    host.follow("add-to-a-wagtail-site.md", "The portal", "The catalogue", "Ordering")
    host.agrees_with_its_migrations()
    told = host.run(str(HOSTS / "plain_wagtail/dealer_story.py"))
    assert "story told: Chengdu Lamps ordered 24 at 8.80 and found every page" in told


def test_search_and_theme_alone_in_a_wagtail_site(with_the_portal: Environment, tmp_path: Path) -> None:
    """As their READMEs say."""
    host = wagtail_site(with_the_portal, tmp_path / "host")
    for name, info in (("settings/base.py", "python settings"), ("urls.py", "python urls")):
        file = host.folder / "mysite" / name
        code = [
            block
            for plugin in ("core", "search", "themes")
            for _line, block in blocks(ROOT / plugin / "README.md", info)
        ]
        file.write_text("\n".join((file.read_text(encoding="utf-8"), *code)), encoding="utf-8")
    host.command("python manage.py check")
    host.agrees_with_its_migrations()


def test_a_stock_oscar_shop(with_ordering: Environment, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(HOSTS / "oscar_shop", folder, ignore=shutil.ignore_patterns("__pycache__"))
    host = Host(
        with_ordering,
        folder,
        "oscar_host.settings",
        frozenset({"ordering"}),
        (("HOST_DATA_DIR", str(tmp_path)),),
    )
    host.follow("add-to-an-oscar-shop.md")
    host.agrees_with_its_migrations()
    told = host.run("story.py")
    assert "story told: the shop sells as before, and Chengdu Lamps ordered 24 at 8.80" in told
