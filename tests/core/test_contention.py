"""Two writers in each other's way: done again, or answered 503 ``busy``; never a server error."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from psycopg import errors
from qudao_core import contention
from qudao_core.checks import check_installation
from qudao_core.errors import Refusal
from qudao_core.headless.models import IdempotencyRecord
from qudao_partner_portal import testing
from qudao_partner_portal.models import Tier

from tests.core.contended import Meeting

pytestmark = pytest.mark.urls("tests.core.contended")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contention.random, "uniform", lambda low, high: 0.001)


@pytest.fixture
def client(transactional_db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(testing.make_person(testing.make_company("Maker"), roles=["admin"]))
    return client


def send(client: Client, method: str, path: str, body: Any, key: str = "") -> Any:
    headers = {"idempotency-key": key or str(uuid.uuid4())}
    return getattr(client, method)(path, body, content_type="application/json", headers=headers)


# --- What counts ---


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (errors.DeadlockDetected, True),
        (errors.SerializationFailure, True),
        (errors.LockNotAvailable, True),
        (errors.QueryCanceled, False),
        (errors.AdminShutdown, False),
    ],
)
def test_what_postgresql_says(kind: type[Exception], expected: bool) -> None:
    error = OperationalError("as Django wraps it")
    error.__cause__ = kind("as the driver says it")
    assert contention.is_contention(error) is expected


def test_what_sqlite_says(tmp_path: Path) -> None:
    first, second = (
        sqlite3.connect(tmp_path / "locked", timeout=0, isolation_level=None) for _each in range(2)
    )
    first.execute("CREATE TABLE t (x)")
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        second.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as wrong:
        second.execute("SELECT nothing")
    first.close()
    second.close()
    assert contention.is_contention(locked.value)
    assert not contention.is_contention(wrong.value)
    assert not contention.is_contention(None)


@pytest.mark.django_db
def test_a_row_that_exists_is_a_duplicate_and_no_contention() -> None:
    Tier.objects.create(code="gold", name="Gold")
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        Tier.objects.create(code="gold", name="Gold again")
    with pytest.raises(IntegrityError) as nameless, transaction.atomic():
        Tier.objects.create(code="silver", name=None)
    assert contention.is_duplicate(twice.value) and contention.may_pass(twice.value)
    assert not contention.is_contention(twice.value)
    assert not contention.is_duplicate(nameless.value)
    assert not contention.is_duplicate(Refusal("exists", "Another has this code."))


# --- Units of work ---


@pytest.mark.django_db(transaction=True)
def test_a_duplicate_is_looked_at_again_and_stays_what_it_is() -> None:
    seen: list[bool] = []
    begun: list[int] = []

    def looked_too_early() -> bool:
        seen.append(Tier.objects.filter(code="gold").exists())
        if not seen[-1]:
            Tier.objects.create(code="gold", name="Another writer's")
            Tier.objects.create(code="gold", name="Ours")
        return seen[-1]

    def never_looks() -> None:
        begun.append(1)
        Tier.objects.create(code="gold", name="Ours")

    assert contention.repeat(looked_too_early) is True
    assert seen == [False, True]
    with pytest.raises(IntegrityError):
        contention.repeat(never_looks)
    assert len(begun) == contention.ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_a_unit_of_work_is_done_again_until_it_gets_through() -> None:
    Meeting.prepare(3)

    def work() -> int:
        with transaction.atomic():
            made = Tier.objects.create(code="gold", name="Gold")
            Meeting.happen()
        return int(made.pk)

    assert contention.repeat(work) == Tier.objects.get().pk
    assert Meeting.begun == 4


@pytest.mark.django_db(transaction=True)
def test_it_is_given_up_after_a_while_and_other_faults_at_once() -> None:
    Meeting.prepare(99)
    with pytest.raises(Refusal) as caught:
        contention.repeat(Meeting.happen)
    assert (caught.value.code, caught.value.status, Meeting.begun) == ("busy", 503, contention.ATTEMPTS)
    with pytest.raises(ZeroDivisionError):
        contention.repeat(lambda: 1 / 0)


@pytest.mark.django_db
def test_inside_a_transaction_whoever_began_it_repeats_it() -> None:
    Meeting.prepare(1)
    with pytest.raises(OperationalError):
        contention.repeat(Meeting.happen)
    assert Meeting.begun == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_is_noticed_and_what_was_rolled_back_is_not() -> None:
    with contention.watching() as watch:
        list(Tier.objects.all())
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Tier.objects.create(code="gold", name="Gold")
            raise ZeroDivisionError
        assert watch.may_repeat
        with transaction.atomic(), pytest.raises(ZeroDivisionError), transaction.atomic():
            Tier.objects.create(code="gold", name="Gold")
            raise ZeroDivisionError
        assert watch.may_repeat
        with transaction.atomic():
            Tier.objects.create(code="gold", name="Gold")
            assert not watch.may_repeat
        assert watch.committed
    with contention.watching() as watch:
        Tier.objects.update(name="Silver")
        assert watch.committed


# --- Requests ---


@pytest.mark.parametrize("method", ["post", "put"])
def test_a_call_is_done_again_and_acts_once(client: Client, method: str) -> None:
    Meeting.prepare(3)
    answer = send(client, method, "/api/v1/contended/", {"code": "gold"})
    assert (answer.status_code, Meeting.begun) == (201 if method == "post" else 200, 4)
    assert Tier.objects.filter(code="gold").count() == 1


@pytest.mark.parametrize("method", ["post", "put"])
def test_a_call_that_does_not_get_through_is_asked_to_come_back(client: Client, method: str) -> None:
    Meeting.prepare(99)
    answer = send(client, method, "/api/v1/contended/", {"code": "gold"}, "one")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["remedy"]) == ("busy", "Try again in a few seconds.")
    assert not Tier.objects.exists()
    Meeting.prepare(0)
    assert send(client, method, "/api/v1/contended/", {"code": "gold"}, "one").status_code < 300


def test_what_is_done_again_is_checked_again(client: Client) -> None:
    Meeting.prepare(1)
    answer = client.get("/api/v1/closed/")
    assert (answer.status_code, Meeting.begun) == (403, 2)


def test_a_page_is_done_again(client: Client) -> None:
    Meeting.prepare(2)
    assert client.get("/contended/").content == b"read"
    Meeting.prepare(2)
    assert client.post("/contended/", {"code": "gold"}).content == b"made"
    assert Tier.objects.filter(code="gold").count() == 1


def test_a_page_that_does_not_get_through_says_so(client: Client) -> None:
    Meeting.prepare(99)
    answer = client.post("/contended/", {"code": "gold"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "Others are changing the same data right now." in answer.content.decode()
    assert "what you typed is still there" in answer.content.decode()
    Meeting.prepare(99)
    assert 'href="/contended/?a=1"' in client.get("/contended/?a=1").content.decode()
    Meeting.prepare(99)
    live = client.post("/contended/", {"code": "gold"}, headers={"hx-request": "true"})
    assert (live.status_code, live.json()["code"]) == (503, "busy")


def test_a_request_that_has_committed_something_is_not_done_again(client: Client) -> None:
    Meeting.prepare(1)
    answer = client.post("/contended/", {"first": "silver", "code": "gold"})
    assert (answer.status_code, Meeting.begun) == (503, 1)
    assert list(Tier.objects.values_list("code", flat=True)) == ["silver"]


def test_what_a_middleware_meets_is_no_server_error(client: Client, settings: Any) -> None:
    settings.MIDDLEWARE = ["tests.core.test_contention.failing", *settings.MIDDLEWARE]
    Meeting.prepare(1)
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    Meeting.prepare(1)
    assert client.get("/api/v1/nothing/").json()["code"] == "busy"


def failing(get_response: Any) -> Any:
    def middleware(request: Any) -> Any:
        Meeting.happen()
        return get_response(request)

    return middleware


def test_a_host_that_forgot_the_middleware_is_told(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Contention" not in name]
    assert "qudao_core.W003" in {each.id for each in check_installation(None)}


# --- Many parts under one key ---


def test_parts_are_done_once_per_key(client: Client) -> None:
    Meeting.prepare(0)
    first = send(client, "post", "/api/v1/parted/", {"codes": ["a", "b"], "unfinished": True}, "k")
    assert first.json() == {"made": ["a", "b"]}
    again = send(client, "post", "/api/v1/parted/", {"codes": ["a", "b"], "unfinished": True}, "k")
    assert (again.json(), again.has_header("Idempotency-Replayed")) == ({"made": []}, False)
    other = send(client, "post", "/api/v1/parted/", {"codes": ["c"]}, "k")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert not Tier.objects.filter(code="c").exists()


def test_a_finished_answer_is_repeated(client: Client) -> None:
    Meeting.prepare(0)
    for replayed in (False, True):
        answer = send(client, "post", "/api/v1/parted/", {"codes": ["a", "b"]}, "k")
        assert answer.json() == {"made": ["a", "b"]}
        assert answer.has_header("Idempotency-Replayed") is replayed


def test_a_repeat_goes_on_where_the_first_broke_off(client: Client) -> None:
    Meeting.prepare(0)
    broken = send(client, "post", "/api/v1/parted/", {"codes": ["a", None, "b"]}, "k")
    assert broken.status_code == 500
    made = set(Tier.objects.values_list("code", flat=True))
    again = send(client, "post", "/api/v1/parted/", {"codes": ["a", None, "b"]}, "k")
    assert again.status_code == 500
    assert set(Tier.objects.values_list("code", flat=True)) == made


def test_a_refused_request_leaves_its_key_free(client: Client) -> None:
    Meeting.prepare(99)
    busy = send(client, "post", "/api/v1/parted/", {"codes": ["a"]}, "k")
    assert busy.status_code == 503
    Meeting.prepare(0)
    assert send(client, "post", "/api/v1/parted/", {"codes": ["a"]}, "k").json() == {"made": ["a"]}
    assert IdempotencyRecord.objects.filter(key="k", status=200).exists()


def test_two_at_once_with_one_key_share_the_parts(client: Client) -> None:
    Meeting.prepare(0)
    codes = [f"t-{number}" for number in range(12)]
    twin = Client()
    twin.cookies = client.cookies
    start, answers = threading.Barrier(2), []

    def call(caller: Client) -> None:
        try:
            start.wait(30)
            answers.append(send(caller, "post", "/api/v1/parted/", {"codes": codes}, "k"))
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=(caller,)) for caller in (client, twin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Tier.objects.filter(code__in=codes).count() == 12
