"""The search on the cluster that ``QUDAO_TEST_SEARCH_URL`` names; without one such tests are skipped."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

NO_CLUSTER = "no cluster: python tests/services.py elasticsearch -- python -m pytest …"
__all__ = ["cluster_settings", "on_elasticsearch"]


@pytest.fixture
def cluster_settings(settings: Any) -> Iterator[Any]:
    """The site is set to a cluster, with an index of its own that does not exist yet and is removed afterwards."""
    if not os.environ.get("QUDAO_TEST_SEARCH_URL"):
        pytest.skip(NO_CLUSTER)
    use(settings, [os.environ["QUDAO_TEST_SEARCH_URL"]])
    yield settings
    remove_indices()


def use(settings: Any, hosts: list[str]) -> None:
    """Set the site to the cluster at ``hosts``, with an index of its own."""
    settings.QUDAO_SEARCH_ENGINE = "elasticsearch"
    settings.QUDAO_SEARCH_ELASTICSEARCH = {"hosts": hosts}
    settings.QUDAO_SEARCH_INDEX = f"test-{os.getpid()}-{secrets.token_hex(3)}"
    settings.QUDAO_SEARCH_TIMEOUT = 20.0  # a busy machine is no cluster that is away


def environment(**more: str) -> dict[str, str]:
    """For a process of its own that is the same site, on the same database and index."""
    return os.environ | {
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONWARNINGS": "ignore",
        "QUDAO_SEARCH_ENGINE": "elasticsearch",
        "QUDAO_SEARCH_URL": ",".join(settings.QUDAO_SEARCH_ELASTICSEARCH["hosts"]),
        "QUDAO_SEARCH_INDEX": settings.QUDAO_SEARCH_INDEX,
        **more,
    }


def remove_indices() -> None:
    from qudao_search.engines.elasticsearch import client, mapping  # noqa: PLC0415 - only where there is a cluster

    cluster = client.cluster()
    for name in cluster.indices.get_alias(index=mapping.all_indices()):
        cluster.indices.delete(index=name, ignore_unavailable=True)


def settle() -> None:
    """Until the cluster has every change and searches see it."""
    from qudao_search.engines.elasticsearch import client, mapping  # noqa: PLC0415 - only where there is a cluster
    from qudao_search.index.services import synchronise  # noqa: PLC0415 - likewise

    while synchronise():
        pass
    client.cluster().indices.refresh(index=mapping.all_indices())


@pytest.fixture
def on_elasticsearch(settings: Any) -> Iterator[Callable[[], None]]:
    """Call it to have everything that is in the index searched in the cluster from then on."""
    url = os.environ.get("QUDAO_TEST_SEARCH_URL", "")
    if not url:
        pytest.skip(NO_CLUSTER)
    switched: list[bool] = []

    def switch() -> None:
        from qudao_search.engines.elasticsearch.rebuild import rebuild_cluster  # noqa: PLC0415 - likewise

        use(settings, [url])
        switched.append(True)
        rebuild_cluster()

    yield switch
    if switched:
        remove_indices()
