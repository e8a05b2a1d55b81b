"""Which engine searches, and where its cluster is, from the environment."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from qudao_site.environment import secret

env = Env()

QUDAO_SEARCH_ENGINE = env.str("QUDAO_SEARCH_ENGINE", "embedded")
QUDAO_SEARCH_INDEX = env.str("QUDAO_SEARCH_INDEX", "qudao")
QUDAO_SEARCH_ANALYZERS: dict[str, str] = env.dict("QUDAO_SEARCH_ANALYZERS", {})


def _cluster() -> dict[str, Any]:
    """The client's arguments from ``QUDAO_SEARCH_URL`` (addresses separated by commas), user and password."""
    urls = [each.strip() for each in env.str("QUDAO_SEARCH_URL", "").split(",") if each.strip()]
    if QUDAO_SEARCH_ENGINE == "elasticsearch" and not urls:
        raise ImproperlyConfigured(
            "QUDAO_SEARCH_ENGINE is elasticsearch: set QUDAO_SEARCH_URL to the cluster's addresses."
        )
    arguments: dict[str, Any] = {"hosts": urls}
    if user := env.str("QUDAO_SEARCH_USER", ""):
        arguments["basic_auth"] = (user, secret("QUDAO_SEARCH_PASSWORD", ""))
    if certificate := env.str("QUDAO_SEARCH_CA", ""):
        arguments["ca_certs"] = certificate
    return arguments


QUDAO_SEARCH_ELASTICSEARCH = _cluster()
