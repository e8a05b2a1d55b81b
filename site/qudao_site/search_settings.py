"""Which engine searches, and where its cluster is, from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from qudao_site.environment import secret

env = Env()

QUDAO_SEARCH_ENGINE = env.str("QUDAO_SEARCH_ENGINE", "embedded")
QUDAO_SEARCH_INDEX = env.str("QUDAO_SEARCH_INDEX", "qudao")
QUDAO_SEARCH_ANALYZERS: dict[str, str] = env.dict("QUDAO_SEARCH_ANALYZERS", {})
QUDAO_SEARCH_TIMEOUT = env.float("QUDAO_SEARCH_TIMEOUT", 2.0)


def _cluster() -> dict[str, Any]:
    """The client's arguments: addresses, who we are there, and whose certificate it shows."""
    return {"hosts": _addresses(), **_identity(), **_certificate()}


def _addresses() -> list[str]:
    urls = [each.strip() for each in env.str("QUDAO_SEARCH_URL", "").split(",") if each.strip()]
    if QUDAO_SEARCH_ENGINE == "elasticsearch" and not urls:
        raise ImproperlyConfigured(
            "QUDAO_SEARCH_ENGINE is elasticsearch: set QUDAO_SEARCH_URL to the cluster's addresses."
        )
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.port:
            raise ImproperlyConfigured(
                "QUDAO_SEARCH_URL has an address that is not like https://search.example.com:9200."
            )
    return urls


def _identity() -> dict[str, Any]:
    """User and password, or a key; never both."""
    key = secret("QUDAO_SEARCH_API_KEY", "")
    user, password = env.str("QUDAO_SEARCH_USER", ""), secret("QUDAO_SEARCH_PASSWORD", "")
    if key and password:
        raise ImproperlyConfigured("Set QUDAO_SEARCH_API_KEY or QUDAO_SEARCH_PASSWORD, not both.")
    if key:
        return {"api_key": key}
    if bool(user) != bool(password):
        raise ImproperlyConfigured("QUDAO_SEARCH_USER and QUDAO_SEARCH_PASSWORD go together.")
    return {"basic_auth": (user, password)} if user else {}


def _certificate() -> dict[str, Any]:
    path = env.str("QUDAO_SEARCH_CA", "")
    if path and not Path(path).is_file():
        raise ImproperlyConfigured(f"QUDAO_SEARCH_CA names {path}, which is no file.")
    return {"ca_certs": path} if path else {}


QUDAO_SEARCH_ELASTICSEARCH = _cluster()
