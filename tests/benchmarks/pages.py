"""The product list over HTTP, beside the barest view that returns as many rows, under the same server."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test import Client
from qudao_core import api as core
from qudao_core.headless.services import create_token

from tests import services
from tests.benchmarks import load
from tests.benchmarks.dataset import Dataset
from tests.benchmarks.measure import Figure, statements

ROOT = Path(__file__).resolve().parent.parent.parent
SIZES = (24, 100)


def figures(data: Dataset) -> Iterator[Figure]:
    headers = {"Authorization": f"Bearer {_token(data)}"}
    yield from _statements(headers)
    with _server("tests.benchmarks.floor:application", {"FLOOR_PRICE_LIST": str(data.base_list_id)}) as floor:
        bare = {size: load.sequential(floor, f"/?n={size}", {}) for size in SIZES}
        bare_rate = {size: load.at_once(floor, f"/?n={size}", {}) for size in SIZES}
    with _server("qudao_site.wsgi:application", {}) as site:
        for size in SIZES:
            path = f"/api/v1/products/?limit={size}"
            ours = load.sequential(site, path, headers)
            rate = load.at_once(site, path, headers)
            note = f"{ours.median:.1f} ms (p95 {ours.p95:.1f}) / {bare[size].median:.2f} ms"
            yield Figure(
                f"list of {size}: median ÷ bare view", ours.median / bare[size].median, "×", 4, note=note
            )
            note = f"{rate:.0f} / {bare_rate[size]:.0f} pages a second at 8 connections"
            yield Figure(
                f"list of {size}: pages a second ÷ bare view", rate / bare_rate[size], "×", 0.20, True, note
            )


def _token(data: Dataset) -> str:
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - needs Django to be set up

    buyer = get_user_model().objects.get(pk=data.user_id)
    _record, token = create_token(viewer=core.viewer_for(buyer), name="benchmark")
    return token


def _statements(headers: dict[str, str]) -> Iterator[Figure]:
    client = Client(headers=headers)
    counts = {}
    for size in SIZES:
        path = f"/api/v1/products/?limit={size}"
        answer = client.get(path)
        rows = answer.json()["results"]
        if answer.status_code != 200 or len(rows) != size or rows[0]["offer"]["unit_price"] is None:
            raise RuntimeError(f"{path} did not return {size} priced rows: {answer.content[:500]!r}")
        counts[size] = statements(lambda path=path: client.get(path))
    note = "the same for both" if len(set(counts.values())) == 1 else f"NOT the same: {counts}"
    yield Figure("list: SQL statements", max(counts.values()), "", 12, note=note)


@contextmanager
def _server(application: str, environment: dict[str, str]) -> Iterator[int]:
    """gunicorn with 2 workers of 4 threads, as in production, whatever the application."""
    port = services.free_port()
    command = [
        str(Path(sys.executable).parent / "gunicorn"),
        "--workers=2",
        "--worker-class=gthread",
        "--threads=4",
        "--preload",
        f"--bind=127.0.0.1:{port}",
        application,
    ]
    given = (
        os.environ | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "qudao_site.settings"} | environment
    )
    given |= {"QUDAO_API_RATES": "read=1000000/s"}
    with (
        tempfile.TemporaryDirectory() as folder,
        services.running(command, folder=Path(folder), port=port, environment=given, cwd=ROOT),
    ):
        yield port
