"""Whatever somebody outside may use or set is in the documents: settings, hooks, signals, commands."""

import ast
import importlib
import re
import subprocess

import pytest
from django.dispatch import Signal

from tests.architecture.sources import PACKAGES, PLUGINS, ROOT, modules, none, tree
from tests.docs.documents import named, text

pytestmark = pytest.mark.any_database

SETTINGS = ROOT / "docs" / "reference" / "settings.md"
READ = {
    "str",
    "bool",
    "int",
    "list",
    "dict",
    "dj_db_url",
    "dj_cache_url",
    "dj_email_url",
    "_secret",
    "secret",
}


def variables() -> set[str]:
    """The environment variables that the reference site reads."""
    return {
        str(node.args[0].value)
        for path in modules()
        if path.is_relative_to(PACKAGES["qudao_site"])
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if ast.unparse(node.func).split(".")[-1] in READ and re.fullmatch(r"[A-Z_]+", str(node.args[0].value))
    }


def django_settings() -> set[str]:
    """The settings of ours that a plugin asks Django for."""
    asked = re.compile(r"settings[^\n]{0,12}?[\"'.](QUDAO_[A-Z_]+)")
    return {
        name
        for path in modules()
        if not path.is_relative_to(PACKAGES["qudao_site"])
        for name in asked.findall(path.read_text(encoding="utf-8"))
    }


def test_every_setting_is_described() -> None:
    none(sorted(name for name in variables() | django_settings() if f"`{name}`" not in text(SETTINGS)))


def test_no_setting_is_described_that_does_not_exist() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules())
    described = set(re.findall(r"`(QUDAO_[A-Z_]+?)(?:_FILE)?`", text(SETTINGS)))
    none(sorted(name for name in described if name not in code))


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_every_signal_is_described(plugin: str) -> None:
    if not (PLUGINS[plugin] / "signals.py").exists():
        return
    signals = vars(importlib.import_module(f"{plugin}.signals"))
    none(sorted(name for name, value in signals.items() if isinstance(value, Signal) and name not in named()))


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_every_hook_is_described(plugin: str) -> None:
    if not (PLUGINS[plugin] / "hooks.py").exists():
        return
    hooks = importlib.import_module(f"{plugin}.hooks")
    registries = {
        name
        for name, value in vars(hooks).items()
        if type(value).__name__ == "Registry" and getattr(value, "name", name) == name
    }
    none(sorted(name for name in registries if name not in named()))


def test_every_management_command_is_described() -> None:
    commands = {
        path.stem
        for package in PACKAGES.values()
        for path in package.glob("management/commands/*.py")
        if not path.stem.startswith("_")
    }
    none(sorted(name for name in commands if name not in named()))


def test_every_command_of_the_house_is_described() -> None:
    shown = subprocess.run([ROOT / "qudao", "help"], capture_output=True, text=True, check=True).stdout
    commands = set(re.findall(r"^  ([a-z]+) ", shown, re.MULTILINE)) - {"help"}
    assert {"demo", "test", "bench", "lock"} <= commands
    none(
        sorted(
            name for name in commands if f"./qudao {name}" not in text(ROOT / "docs/reference/commands.md")
        )
    )
