"""The questions of the machinery around us."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from qudao_core.api import system_viewer
from qudao_core.events.dispatch import dispatch
from qudao_partner_portal.api import invite
from qudao_partner_portal.testing import make_company
from qudao_site import health


@pytest.fixture(autouse=True)
def _ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrations_done", [])


def test_the_process_lives_without_its_database(client: Client) -> None:
    """No `db` fixture: touching the database would raise."""
    response = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.json()) == (
        200,
        {"ok": True, "degraded": [], "parts": {"process": {"ok": True}}},
    )


def test_ready_names_each_part(client: Client, db: None) -> None:
    response = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert response.status_code == 200
    assert response.json() == {
        "ok": True,
        "degraded": [],
        "parts": {
            "database": {"ok": True},
            "migrations": {"ok": True},
            "cache": {"ok": True},
            "background": {"ok": True},
            "search": {"ok": True, "engine": connection.vendor, "degraded": False, "waiting": 0},
        },
    }
    assert response["Cache-Control"] == "no-store"


def test_a_part_that_fails_is_named_without_its_secrets_and_leaves_the_site_ready(
    client: Client, db: None, settings: Any
) -> None:
    settings.CELERY_BROKER_URL = "redis://:hunter2@127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert (response.json()["ok"], response.json()["degraded"]) == (True, ["broker"])
    assert response.json()["parts"]["broker"]["ok"] is False
    assert response.json()["parts"]["database"] == {"ok": True}
    assert "hunter2" not in response.content.decode()


def test_a_cluster_that_is_away_is_told_and_leaves_the_site_ready(
    client: Client, db: None, settings: Any
) -> None:
    settings.QUDAO_SEARCH_ENGINE = "elasticsearch"
    settings.QUDAO_SEARCH_ELASTICSEARCH = {"hosts": ["http://127.0.0.1:1"]}
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["parts"]["search"] == {
        "ok": True,
        "engine": connection.vendor,
        "degraded": True,
        "waiting": 0,
    }


def test_a_cache_that_forgets_is_not_ready(client: Client, db: None, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    caches.settings = caches.configure_settings(settings.CACHES)
    assert client.get("/readyz").json()["parts"]["cache"] == {
        "ok": False,
        "error": "does not keep what is put in",
    }


def test_deliveries_that_nobody_makes_are_told(client: Client, db: None) -> None:
    company = make_company("Brand")
    invite(viewer=system_viewer(), company_id=company.pk, email="x@example.com", roles=["buyer"])
    assert client.get("/readyz").json()["degraded"] == []
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        told = client.get("/readyz")
        assert (told.status_code, told.json()["degraded"]) == (200, ["background"])
        while dispatch():
            pass
        assert client.get("/readyz").json()["degraded"] == []


def test_new_code_on_an_old_schema_is_not_ready(client: Client, db: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="qudao_site").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "not applied" in response.json()["parts"]["migrations"]["error"]
