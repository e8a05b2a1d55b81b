"""Where uv fetches packages from: what pip's configuration says."""

import runpy
from collections.abc import Callable, Iterable

import pytest

from tests.databases import ROOT

pytestmark = pytest.mark.any_database

settings: Callable[[Iterable[str]], dict[str, str]] = runpy.run_path(
    str(ROOT / "requirements" / "uv_settings.py")
)["settings"]


def test_without_configuration_there_is_only_the_rule_for_several_indexes() -> None:
    assert settings([]) == {"UV_INDEX_STRATEGY": "unsafe-best-match"}


def test_an_index_more_indexes_and_folders_are_handed_over() -> None:
    found = settings(
        [
            "global.index-url='https://mirror.example/simple'",
            "global.extra-index-url='\\nhttps://one.example/simple\\nhttps://two.example/simple'",
            "install.find-links='/srv/wheels /srv/more'",
            "global.trusted-host='mirror.example'",
        ]
    )
    assert found["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert found["UV_INDEX"] == "https://one.example/simple https://two.example/simple"
    assert found["UV_FIND_LINKS"] == "/srv/wheels,/srv/more"
    assert found["UV_INSECURE_HOST"] == "mirror.example"


def test_the_environment_wins_over_the_command_and_that_over_the_rest() -> None:
    lines = [":env:.index-url='https://c'", "install.index-url='https://b'", "global.index-url='https://a'"]
    assert settings(lines)["UV_DEFAULT_INDEX"] == "https://c"
    assert settings(lines[1:])["UV_DEFAULT_INDEX"] == "https://b"
    assert settings(["download.index-url='https://d'", *lines[2:]])["UV_DEFAULT_INDEX"] == "https://a"


@pytest.mark.parametrize(("value", "wanted"), [("1", True), ("true", True), ("0", False), ("no", False)])
def test_switches_are_read_as_pip_reads_them(value: str, wanted: bool) -> None:
    assert ("UV_NO_INDEX" in settings([f"global.no-index='{value}'"])) is wanted


def test_what_uv_does_not_know_is_left_out() -> None:
    assert set(settings(["global.disable-pip-version-check='1'", "list.format='columns'"])) == {
        "UV_INDEX_STRATEGY"
    }
