"""Two foreign hosts install the plugins from the wheel, as the plugins' READMEs say, and use them for real."""

from pathlib import Path

import pytest

from tests.hosts.wheel import Environment

pytestmark = [pytest.mark.slow]

HOSTS = Path(__file__).parent


@pytest.mark.parametrize(
    ("name", "settings", "told"),
    [
        ("plain_wagtail", "plain_host.settings", "Ann joined Headquarters and reads its page"),
        (
            "oscar_shop",
            "oscar_host.settings",
            "the shop sells as before, and Chengdu Lamps ordered 24 at 8.80",
        ),
    ],
)
def test_a_host_migrates_passes_its_checks_and_tells_its_story(
    installed: Environment, tmp_path: Path, name: str, settings: str, told: str
) -> None:
    host = {
        "PYTHONPATH": str(HOSTS / name),
        "DJANGO_SETTINGS_MODULE": settings,
        "HOST_DATA_DIR": str(tmp_path),
    }
    assert "no issues" in installed.run("-m", "django", "check", **host)
    assert "No changes" in installed.run("-m", "django", "makemigrations", "--check", "--dry-run", **host)
    installed.run("-m", "django", "migrate", "--verbosity=0", **host)
    assert f"story told: {told}" in installed.run(str(HOSTS / name / "story.py"), **host)
