"""What an extra brings: the portal alone no Oscar, a site of your own no allauth."""

import tomllib
from collections.abc import Iterable

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT, none
from tests.hosts.wheel import distributions_needed

pytestmark = pytest.mark.no_database

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
OSCAR = {"django-oscar", "django-haystack", "django-treebeard", "sorl-thumbnail", "django-tables2"} - {
    "django-treebeard"  # Wagtail's page tree needs it, too
}
OF_THE_SITE = {"django-allauth", "django-csp", "environs", "whitenoise"}


def closure(extras: Iterable[str]) -> set[str]:
    """Everything that `pip install "qudao[extras]"` installs."""
    wanted, waiting = set(), list(extras)
    lines = list(PROJECT["dependencies"])
    while waiting:
        for line in EXTRAS[waiting.pop()]:
            needed = Requirement(line)
            if canonicalize_name(needed.name) == "qudao":
                waiting += needed.extras
            else:
                lines.append(line)
    wanted |= distributions_needed(lines)
    return wanted


@pytest.mark.parametrize(
    ("extra", "without"),
    [("portal", OSCAR | OF_THE_SITE), ("catalog", OF_THE_SITE), ("ordering", OF_THE_SITE), ("site", set())],
)
def test_an_extra_brings_no_more_than_its_plugin_needs(extra: str, without: set[str]) -> None:
    brought = closure([extra])
    assert {"django", "wagtail", "djangorestframework"} <= brought
    none(sorted(brought & without))


def test_what_is_left_out_is_there_where_it_belongs() -> None:
    assert closure(["catalog"]) >= OSCAR
    assert closure(["site"]) >= OSCAR | OF_THE_SITE


def test_each_layer_contains_the_one_below() -> None:
    layers = [closure([extra]) for extra in ("portal", "catalog", "ordering", "site")]
    assert all(below <= above for below, above in zip(layers, layers[1:], strict=False))
