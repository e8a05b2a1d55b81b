"""Where things are: directories, modules with a subject, public modules, layers."""

import configparser
import sys
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.sources import PACKAGES, PLUGINS, ROOT, files, modules, none, place

NAMES_WITHOUT_A_SUBJECT = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "lib"}
PUBLIC_MODULES = {
    "api",
    "apps",
    "checks",
    "conf",
    "hooks",
    "signals",
    "testing",
    "urls",
    "middleware",
    "tasks",
}
#: The portal's fields for audience keys.
SHARED_BY_THE_PORTAL = {"backoffice"}
#: What the catalogue gives besides: plain values that rules of other plugins use.
SHARED_BY_THE_CATALOGUE = {"measures"}
LOADED_BY_A_FRAMEWORK = {"management", "migrations", "templatetags", "wagtail_hooks", "context_processors"}

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def children(package: Path) -> set[str]:
    """The modules and packages directly inside a package."""
    return {path.stem for path in package.glob("*.py") if path.stem != "__init__"} | {
        path.parent.name for path in package.glob("*/__init__.py")
    }


def test_a_plugin_directory_is_not_a_package() -> None:
    assert [
        place(package.parent) for package in PACKAGES.values() if (package.parent / "__init__.py").exists()
    ] == []


def test_every_plugin_directory_has_a_readme() -> None:
    readmes = [package.parent / "README.md" for package in PACKAGES.values()]
    none(place(path) for path in readmes if not path.exists() or not path.read_text(encoding="utf-8").strip())


def test_no_module_is_loaded_under_two_names() -> None:
    names: dict[str, set[str]] = {}
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if path and path.startswith(str(ROOT)) and ".venv" not in path and "/tests/" not in path:
            names.setdefault(path, set()).add(name)
    assert {path: found for path, found in names.items() if len(found) > 1} == {}


def test_no_module_without_a_subject() -> None:
    found = [
        place(path)
        for path in modules(tests=True)
        if path.stem in NAMES_WITHOUT_A_SUBJECT or path.parent.name in NAMES_WITHOUT_A_SUBJECT
    ]
    none(found)


def test_each_plugin_is_one_app_labelled_like_its_package() -> None:
    labels = {config.name: config.label for config in apps.get_app_configs() if config.name in PACKAGES}
    assert labels == {name: name for name in labels}
    assert set(PLUGINS) <= set(labels)


def test_import_contracts_cover_every_package(contracts: configparser.ConfigParser) -> None:
    assert set(contracts["importlinter"]["root_packages"].split()) == set(PACKAGES)


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_everything_inside_a_plugin_is_public_or_protected(
    plugin: str, contracts: configparser.ConfigParser
) -> None:
    closed = {
        module.removeprefix(f"{plugin}.")
        for section in contracts.sections()
        if contracts[section].get("type") == "protected"
        for module in contracts[section]["protected_modules"].split()
        if module.startswith(f"{plugin}.")
    }
    open_to_all = PUBLIC_MODULES | LOADED_BY_A_FRAMEWORK
    if plugin == "qudao_core":
        return  # every plugin stands on it, and may use all of it
    if plugin == "qudao_partner_portal":
        open_to_all |= SHARED_BY_THE_PORTAL
    if plugin == "qudao_catalog":
        open_to_all |= SHARED_BY_THE_CATALOGUE
    none(sorted(children(PLUGINS[plugin]) - open_to_all - closed))


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_a_plugin_has_a_public_api(plugin: str) -> None:
    api = __import__(f"{plugin}.api", fromlist=["__all__"])
    assert api.__all__ and [name for name in api.__all__ if not hasattr(api, name)] == []


def test_migrations_are_written_by_us_only() -> None:
    """No migration of ours alters a table of somebody else's app."""
    found = [
        place(path, number)
        for path in files(".py")
        if "migrations" in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "run_before" in line or "app_label=" in line.replace(" ", "")
    ]
    none(found)
