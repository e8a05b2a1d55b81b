"""Which migrations are installed, which are applied, and which ones the snapshot holds."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

DIRECTORY = Path(__file__).resolve().parent
MANIFEST = DIRECTORY / "migrations.txt"
#: Settings that migrations read. The language decides which rows are loaded, and stands in their file name.
SETTINGS = ("AUTH_USER_MODEL", "DEFAULT_AUTO_FIELD", "LANGUAGES", "SITE_ID", "WAGTAIL_CONTENT_LANGUAGES")


def written_migrations() -> set[tuple[str, str]]:
    """App label and name of every migration that is installed; none is imported."""
    written = set()
    for config in apps.get_app_configs():
        module, _explicit = MigrationLoader.migrations_module(config.label)
        found = find_spec(module) if module else None
        for _finder, name, is_package in iter_modules(found.submodule_search_locations if found else []):
            if not is_package and not name.startswith("_"):
                written.add((config.label, name))
    return written


def missing_migrations(connection: Any) -> set[tuple[str, str]]:
    """Those that are installed and not applied. Names are compared, which costs milliseconds."""
    return written_migrations() - set(MigrationRecorder(connection).applied_migrations())


def content() -> dict[str, str]:
    """What decides a migrated database: a hash of each migration's file, and of each setting they read."""
    found = {f"settings/{name}": _hash(_plain(getattr(settings, name)).encode()) for name in SETTINGS}
    for config in apps.get_app_configs():
        for path in sorted(Path(config.path).glob("migrations/**/*.py")):
            found[f"{config.label}/{path.relative_to(config.path)}"] = _hash(path.read_bytes())
    return found


def kept() -> dict[str, str]:
    """The same of the snapshot; empty when there is none."""
    if not MANIFEST.exists():
        return {}
    return dict(line.split() for line in MANIFEST.read_text(encoding="utf-8").splitlines() if line)


def differences(kept: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """Why a database from the snapshot `kept` could not be migrated to `wanted`: what is gone or has changed.

    Further migrations are no reason: they are applied on top.
    """
    if not kept:
        return ["there is none"]
    gone = [f"{name} is gone" for name in kept if name not in wanted]
    return gone + [f"{name} has changed" for name in kept if wanted.get(name, kept[name]) != kept[name]]


def _plain(value: Any) -> str:
    """Names of languages are translated lazily: the text, whatever the active language."""
    if isinstance(value, (list, tuple)):
        return repr([str(each[0]) if isinstance(each, (list, tuple)) else str(each) for each in value])
    return repr(value)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
