"""Read secrets from the environment or from the files it names; used by the settings only."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv

_env = FileAwareEnv(strip_whitespace=True)


def secret(name: str, default: str | None = None) -> str:
    """Return the secret `name` from the environment or from the file named by ``<name>_FILE``; empty is not set.

    :raises ImproperlyConfigured: it is set nowhere and there is no default, or the file cannot be read.
    """
    try:
        value: str = _env.str(name, "")
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error}") from error
    if not value and default is None:
        raise ImproperlyConfigured(
            f"{name} (or {name}_FILE) must be set in production. See docs/reference/settings.md."
        )
    return value or str(default)


def local_secret_key(directory: Path) -> str:
    """A random key kept in the data directory, so that even a forgotten demo has a key of its own."""
    path = directory / "secret_key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return path.read_text(encoding="utf-8")
