"""Undoing an import by page and API, and after its process has died."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from qudao_b2b_ordering.pricing.importer import PriceImporter
from qudao_b2b_ordering.pricing.models import PriceRow
from qudao_b2b_ordering.pricing.undoing import PriceUndo
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_product
from qudao_core.events.dispatch import dispatch
from qudao_core.imports import services
from qudao_core.imports.undoing import services as undoing
from qudao_core.imports.undoing.services import undo
from qudao_partner_portal.testing import make_back_office, make_company, viewer_of
from rest_framework.test import APIClient

LATER = timedelta(minutes=5)


@pytest.fixture
def ida():
    return make_back_office("Ida Import", is_superuser=True)


@pytest.fixture
def job(ida):
    make_price_list("base", seller=make_company("Maker"))
    for number in (1, 2, 3):
        make_product(f"LH-{number}")
    return bring(ida, "sku,price\nLH-1,1\nLH-2,2\nLH-3,3\n")


def bring(user, text):
    file = ContentFile(text.encode())
    return services.import_now(
        viewer=viewer_of(user), kind="prices", file=file, name="p.csv", options={"price_list": "base"}
    )


@pytest.mark.django_db
def test_through_the_api(ida, job):
    client = APIClient()
    client.force_authenticate(ida)
    address = f"/api/v1/imports/{job.pk}/undo/"
    assert client.get(f"/api/v1/imports/{job.pk}/").json()["can_be_undone"] is True
    plan = client.get(address).json()
    assert (plan["is_possible"], plan["remove"], plan["rows"][0]["name"]) == (True, 3, "LH-1")
    done = client.post(address, headers={"Idempotency-Key": "undo-1"})
    assert (done.status_code, done.json()["state"]) == (200, "undone")
    assert client.post(address, headers={"Idempotency-Key": "undo-1"}).json() == done.json()
    again = client.post(address, headers={"Idempotency-Key": "undo-2"})
    assert (again.status_code, again.json()["undone_at"]) == (200, done.json()["undone_at"])
    assert client.get(address).json()["code"] == "already_undone"
    assert not PriceRow.objects.exists()


@pytest.mark.django_db
def test_what_stands_in_the_way_is_named_through_the_api(ida, job):
    bring(ida, "sku,price\nLH-2,22\n")
    client = APIClient()
    client.force_authenticate(ida)
    address = f"/api/v1/imports/{job.pk}/undo/"
    plan = client.get(address).json()
    assert (plan["is_possible"], plan["blocked"]) == (False, 1)
    assert plan["obstacles"] == [
        {"name": "LH-2", "code": "changed_since", "message": "It has been changed since the import."}
    ]
    refused = client.post(address, headers={"Idempotency-Key": "undo-3"})
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_blocked")
    assert refused.json()["errors"][0]["field"] == "LH-2"


@pytest.mark.django_db
def test_on_the_page(ida, job, client):
    client.force_login(ida)
    page = client.get(reverse("qudao_imports:job", args=[job.pk])).content.decode()
    address = reverse("qudao_imports:undo", args=[job.pk])
    assert address in page
    page = client.get(address).content.decode()
    assert "Undo the whole import" in page and "LH-1" in page
    answer = client.post(address, follow=True)
    assert "Imported, then undone" in answer.content.decode()
    assert not PriceRow.objects.exists()
    assert client.get(address).status_code == 302


@pytest.mark.django_db
def test_on_the_page_with_something_in_the_way(ida, job, client):
    bring(ida, "sku,price\nLH-2,22\n")
    client.force_login(ida)
    address = reverse("qudao_imports:undo", args=[job.pk])
    page = client.get(address).content.decode()
    assert "It has been changed since the import." in page and "Undo the whole import" not in page
    answer = client.post(address, follow=True)
    assert "1 record prevents the undo" in answer.content.decode()
    assert PriceRow.objects.count() == 3


class Killed(BaseException):
    """As if the process ended: nothing of ours runs after it."""


@pytest.mark.django_db
def test_an_interrupted_undo_is_continued_by_the_dispatcher_or_a_person(ida, job, monkeypatch, client):
    def die(self, changes):
        raise Killed

    monkeypatch.setattr(PriceUndo, "take_back", die)
    with pytest.raises(Killed):
        undo(viewer=viewer_of(ida), job=job)
    monkeypatch.undo()
    job.refresh_from_db()
    assert (job.state, PriceRow.objects.count()) == ("undoing", 3)
    assert undo(viewer=viewer_of(ida), job=job).state == "undoing"  # somebody holds its lease
    with time_machine.travel(timezone.now() + LATER):
        client.force_login(ida)
        page = client.get(reverse("qudao_imports:job", args=[job.pk])).content.decode()
        assert "Undoing this import was interrupted" in page
        while dispatch():
            pass
    job.refresh_from_db()
    assert (job.state, PriceRow.objects.count()) == ("undone", 0)


@pytest.mark.django_db
def test_an_unexpected_error_leaves_the_import_as_it_was(ida, job, monkeypatch, caplog):
    def fail(self, changes):
        PriceRow.objects.all().delete()
        raise RuntimeError("a bug")

    monkeypatch.setattr(PriceUndo, "take_back", fail)
    job = undo(viewer=viewer_of(ida), job=job)
    job.refresh_from_db()
    assert (job.state, job.undone_at, PriceRow.objects.count()) == ("done", None, 3)
    assert "Nothing was changed" in job.message
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("late", [False, True])
def test_an_undo_that_met_another_writer_is_done_again(ida, job, monkeypatch, late):
    """In the middle of its work, or at its very end."""
    met = []

    def meet(work):
        def once(*given, **named):
            result = work(*given, **named)
            if not met:
                met.append(1)
                raise busy_database()
            return result

        return once

    if late:
        monkeypatch.setattr(undoing, "emit", meet_at("import.undone", undoing.emit, meet))
    else:
        monkeypatch.setattr(PriceUndo, "take_back", meet(PriceUndo.take_back))
    done = undo(viewer=viewer_of(ida), job=job)
    assert (met, done.state, PriceRow.objects.count()) == ([1], "undone", 0)


def meet_at(topic, emit, meet):
    """Events of this topic meet another writer."""
    meeting = meet(emit)
    return lambda name, **named: (meeting if name == topic else emit)(name, **named)


@pytest.mark.django_db(transaction=True)
def test_a_request_of_the_api_that_met_another_writer_is_done_again(ida, job, monkeypatch):
    """It is one transaction with its key: an answer "not undone" would be kept and given again."""
    met = []
    take_back = PriceUndo.take_back

    def meet(self, changes):
        take_back(self, changes)
        if not met:
            met.append(1)
            raise busy_database()

    monkeypatch.setattr(PriceUndo, "take_back", meet)
    client = APIClient()
    client.force_authenticate(ida)
    answer = client.post(f"/api/v1/imports/{job.pk}/undo/", headers={"Idempotency-Key": "undo-4"})
    assert (met, answer.status_code, answer.json()["state"]) == ([1], 200, "undone"), answer.json()
    assert not PriceRow.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["api", "page"])
def test_what_gets_in_the_way_at_the_last_moment_is_said(ida, job, monkeypatch, client, door):
    def change(self, batches):
        PriceRow.objects.filter(product__profile__sku="LH-2").update(unit_price=22)

    monkeypatch.setattr(PriceUndo, "hold", change)
    if door == "api":
        api = APIClient()
        api.force_authenticate(ida)
        answer = api.post(f"/api/v1/imports/{job.pk}/undo/", headers={"Idempotency-Key": "undo-5"})
        assert (answer.status_code, answer.json()["code"]) == (409, "undo_blocked"), answer.json()
    else:
        client.force_login(ida)
        page = client.post(reverse("qudao_imports:undo", args=[job.pk]), follow=True).content.decode()
        assert "1 record prevents the undo" in page
    job.refresh_from_db()
    assert (job.state, PriceRow.objects.count()) == ("done", 3)


@pytest.mark.django_db(transaction=True)
def test_so_is_an_import(ida, job, monkeypatch):
    met = []
    write = PriceImporter.write

    def meet(self, rows):
        result = write(self, rows)
        if not met:
            met.append(1)
            raise busy_database()
        return result

    file = ContentFile(b"sku,price\nLH-1,17\n")
    ready = services.upload(
        viewer=viewer_of(ida),
        kind="prices",
        file=file,
        name="q.csv",
        options={"price_list": "base"},
        wait=True,
    )
    monkeypatch.setattr(PriceImporter, "write", meet)
    client = APIClient()
    client.force_authenticate(ida)
    answer = client.post(f"/api/v1/imports/{ready.pk}/apply/", headers={"Idempotency-Key": "apply-1"})
    assert (met, answer.status_code, answer.json()["state"]) == ([1], 200, "done"), answer.json()
    assert PriceRow.objects.filter(unit_price=17).exists()


def meeting(monkeypatch, times: int, name: str = "write") -> list[int]:
    """Let so many calls of the importer end in a busy database; the list grows with each."""
    met: list[int] = []
    work = getattr(PriceImporter, name)

    def meet(self, rows):
        result = work(self, rows)
        if len(met) < times:
            met.append(1)
            raise busy_database()
        return result

    monkeypatch.setattr(PriceImporter, name, meet)
    return met


def uploaded(ida, price: str):
    return services.upload(
        viewer=viewer_of(ida),
        kind="prices",
        file=ContentFile(f"sku,price\nLH-1,{price}\n".encode()),
        name="q.csv",
        options={"price_list": "base"},
        wait=True,
    )


@pytest.mark.django_db(transaction=True)
def test_so_is_an_import_of_the_back_office(ida, job, monkeypatch, client):
    ready = uploaded(ida, "17")
    met = meeting(monkeypatch, 2)
    client.force_login(ida)
    client.post(reverse("qudao_imports:job", args=[ready.pk]))
    ready.refresh_from_db()
    assert (met, ready.state, ready.message) == ([1, 1], "done", "")
    assert PriceRow.objects.filter(unit_price=17).exists()


@pytest.mark.django_db(transaction=True)
def test_so_is_a_check(ida, job, monkeypatch):
    met = meeting(monkeypatch, 2)
    ready = uploaded(ida, "17")
    assert (met, ready.state, ready.updated_count) == ([1, 1], "checked", 1)
    assert not PriceRow.objects.filter(unit_price=17).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["check", "apply"])
def test_what_meets_others_all_the_time_is_finished_in_the_background(ida, job, monkeypatch, client, step):
    ready = uploaded(ida, "17") if step == "apply" else None
    monkeypatch.setattr("qudao_core.contention.ATTEMPTS", 2)
    met = meeting(monkeypatch, 2)
    if step == "apply":
        client.force_login(ida)
        client.post(reverse("qudao_imports:job", args=[ready.pk]))
        ready.refresh_from_db()
    else:
        ready = uploaded(ida, "17")
    waiting, ready_at = {"check": ("uploaded", "checked"), "apply": ("running", "done")}[step]
    assert (met, ready.state, ready.lease) == ([1, 1], waiting, "")
    dispatch()
    ready.refresh_from_db()
    assert (ready.state, ready.message) == (ready_at, "")
    assert PriceRow.objects.filter(unit_price=17).exists() == (step == "apply")


def busy_database():
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
    error = OperationalError("database is locked")
    error.__cause__ = locked
    return error


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kill_nine_in_the_middle_of_an_undo(ida, job):
    script = Path(__file__).with_name("crashing_undo.py")
    paths = [str(Path(__file__).parents[3]), *filter(None, sys.path)]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qudao_site.settings",
        "PYTHONPATH": os.pathsep.join(paths),
    }
    command = [sys.executable, "-W", "ignore", str(script), str(job.pk), str(ida.pk)]
    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL
    job.refresh_from_db()
    assert (job.state, PriceRow.objects.count()) == ("undoing", 3)
    with time_machine.travel(timezone.now() + LATER):
        while dispatch():
            pass
    job.refresh_from_db()
    assert (job.state, PriceRow.objects.count()) == ("undone", 0)
