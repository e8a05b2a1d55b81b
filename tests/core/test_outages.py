"""The database is away, or a disk is full or cannot be written: 503 with a time to come back, never a server error."""

from __future__ import annotations

import errno
import io
import os
import sqlite3
import uuid
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone
from psycopg import errors
from qudao_core import outages
from qudao_core.imports import services
from qudao_core.models import ImportJob
from qudao_partner_portal import testing
from qudao_partner_portal.models import Company
from qudao_site.urls import handler400, handler403, handler404, handler500  # noqa: F401
from qudao_site.urls import urlpatterns as site_urlpatterns
from qudao_site.views import server_error as handler500_view

from tests.processes import LOOPBACK, free_port

COMPANIES = b"Code,Name\nC1,First\n"


def away(request: HttpRequest, kind: str) -> HttpResponse:
    raise MET[kind]


MET: dict[str, Exception] = {
    "disk": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/srv/secret/place"),
    "database": OperationalError("secret host"),
}
MET["database"].__cause__ = errors.CannotConnectNow("the database system is starting up")
urlpatterns = [path("away/<str:kind>/", away), *site_urlpatterns]


def read_only(patch: pytest.MonkeyPatch) -> None:
    """Private files go to a place where the kernel lets nobody make any, root included."""
    storage = ImportJob._meta.get_field("file").storage  # type: ignore[union-attr]
    patch.setattr(storage, "_private", FileSystemStorage(location="/sys/qudao"))


@pytest.fixture
def read_only_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    read_only(monkeypatch)


@pytest.fixture
def office(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(testing.make_back_office(is_superuser=True))
    return client


# --- What counts ---


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (errors.AdminShutdown, "database_unavailable"),
        (errors.CannotConnectNow, "database_unavailable"),
        (errors.DiskFull, "database_unavailable"),
        (errors.TooManyConnections, "database_unavailable"),
        (errors.ConnectionFailure, "database_unavailable"),
        (errors.ReadOnlySqlTransaction, "database_unavailable"),
        (errors.DeadlockDetected, None),
        (errors.QueryCanceled, None),
        (errors.UndefinedTable, None),
    ],
)
def test_what_postgresql_says(kind: type[Exception], expected: str | None) -> None:
    error = OperationalError("as Django wraps it")
    error.__cause__ = kind("as the driver says it")
    found = outages.outage_of(error)
    assert (found.code if found else None) == expected


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(host=LOOPBACK, port=free_port(), connect_timeout=2)
    error = OperationalError("as Django wraps it")
    error.__cause__ = refused.value
    assert outages.outage_of(error)


def test_a_value_the_driver_refuses_is_no_outage() -> None:
    error = DataError("as Django wraps it")
    error.__cause__ = psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    assert outages.outage_of(error) is None


def test_what_sqlite_says(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "kept").execute("CREATE TABLE t (x)").connection.close()
    reader = sqlite3.connect(f"file:{tmp_path / 'kept'}?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError) as unwritable:
        reader.execute("INSERT INTO t VALUES (1)")
    with pytest.raises(sqlite3.OperationalError) as wrong:
        reader.execute("SELECT nothing")
    reader.close()
    found = []
    for each in (unwritable, wrong):
        error = OperationalError("as Django wraps it")
        error.__cause__ = each.value
        found.append(outages.outage_of(error))
    assert found[0]
    assert found[1] is None


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, True),
        (errno.EDQUOT, True),
        (errno.EROFS, True),
        (errno.EACCES, True),
        (errno.ENOENT, False),
        (errno.ECONNREFUSED, False),
    ],
)
def test_what_a_disk_says(number: int, expected: bool) -> None:
    assert bool(outages.outage_of(OSError(number, "said"))) is expected


# --- What is answered ---


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("kind", ["disk", "database"])
def test_a_page_says_what_is_the_matter(office: Client, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    response = office.get(f"/away/{kind}/")
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "right now. Your request was not completed." in page
    assert "secret" not in page
    assert [each.exc_info for each in caplog.records if "outage" in each.message] == [None]


@pytest.mark.urls(__name__)
def test_a_script_of_a_page_gets_a_problem(office: Client) -> None:
    response = office.post("/away/disk/", headers={"HX-Request": "true"})
    assert response.status_code == 503
    assert response.json()["code"] == "storage_unavailable"


def test_an_upload_through_the_api(office: Client, read_only_disk: None) -> None:
    data = {"kind": "companies", "file": SimpleUploadedFile("c.csv", COMPANIES)}
    response = office.post("/api/v1/imports/", data, headers={"idempotency-key": str(uuid.uuid4())})
    assert response.status_code == 503, response.content
    assert response.json()["code"] == "storage_unavailable"
    assert response["Retry-After"] == "30"
    assert not ImportJob.objects.exists()


def test_an_upload_in_the_back_office(office: Client, read_only_disk: None) -> None:
    data = {"file": SimpleUploadedFile("c.csv", COMPANIES)}
    response = office.post("/admin/imports/new/companies/", data)
    assert response.status_code == 503
    assert "The server cannot save files right now." in response.content.decode()
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("address", ["/company/", "/api/v1/me/"])
def test_what_a_middleware_met_is_answered_without_the_database(rf: RequestFactory, address: str) -> None:
    """No `db` fixture: touching the database would raise."""
    try:
        raise MET["database"]
    except OperationalError:
        response = handler500_view(rf.get(address))
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "right now. Your request was not completed." in response.content.decode()


def test_an_import_that_meets_it_goes_on_afterwards(db: None) -> None:
    """The file of rejected rows cannot be kept: nothing is imported, and the event of the import does it again."""
    viewer = testing.viewer_of(testing.make_back_office(is_superuser=True))
    rows = io.BytesIO(COMPANIES + b",Nameless\n")
    job = services.upload(viewer=viewer, kind="companies", file=rows, name="c.csv")
    assert (job.state, job.rejected_count) == ("checked", 1)
    with pytest.MonkeyPatch.context() as patch:
        read_only(patch)
        with pytest.raises(PermissionError):
            services.apply(viewer=viewer, job=job, skip_rejected=True)
        assert not Company.objects.filter(code="C1").exists()
        later = timezone.now() + timedelta(minutes=5)
        with time_machine.travel(later), pytest.raises(PermissionError):
            applied(job)
    job.refresh_from_db()
    assert (job.state, job.lease) == ("running", "")
    applied(job)
    job.refresh_from_db()
    assert (job.state, job.created_count) == ("done", 1)
    assert Company.objects.filter(code="C1").exists()


def applied(job: ImportJob) -> None:
    payload = {"id": job.pk, "kind": job.kind}
    services.handle_event(event_id=1, topic=services.APPLY, aggregate=f"import:{job.pk}", payload=payload)
