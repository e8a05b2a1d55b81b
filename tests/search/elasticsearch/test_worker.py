"""In production a commit wakes a worker, and the worker tells the cluster: a changed title is found within moments."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from qudao_search import api as search
from qudao_search.entries.models import Pending
from qudao_search.testing import InMemorySource, Person

from tests import services
from tests.processes import PATIENCE
from tests.search.cluster import environment

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

#: A web process that changes a title.
CHANGE = """
import django
django.setup()
import qudao_site.celery
from qudao_search.testing import in_memory_sources
with in_memory_sources("product") as (products,):
    products.put("1", "Torch")
"""


@contextmanager
def worker(broker: str) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "--app", "qudao_site.celery", "worker", "--pool", "solo"]
    process = subprocess.Popen([*command, "--loglevel", "warning"], env=environment(QUDAO_BROKER_URL=broker))
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()


def found(text: str) -> bool:
    result = search.search(Person(), search.SearchRequest(text), log=False)
    return bool(result.hits) and not result.degraded


def test_a_worker_tells_the_cluster_what_a_web_process_committed(site: InMemorySource) -> None:
    if reason := services.missing("redis"):
        pytest.skip(reason)
    site.put("1", "Lamp")
    search.synchronise()
    with services.redis() as broker, worker(broker):
        changed = subprocess.run([sys.executable, "-c", CHANGE], env=environment(QUDAO_BROKER_URL=broker))
        assert changed.returncode == 0
        services.until(lambda: found("torch"))
    assert not Pending.objects.exists()
