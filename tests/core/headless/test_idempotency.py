"""A POST sent twice acts once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from qudao_core.headless.models import IdempotencyRecord
from qudao_core.headless.services import forget_idempotency_records
from qudao_partner_portal import testing
from qudao_partner_portal.models import Company, Tier

pytestmark = pytest.mark.urls("tests.core.headless.endpoints")


def create(client: Client, code: str, key: str | None = "order-1", name: str = "Gold") -> Any:
    headers = {"idempotency-key": key} if key is not None else {}
    body = {"code": code, "name": name}
    return client.post("/api/v1/tiers/", body, content_type="application/json", headers=headers)


def test_a_repeat_gets_the_first_answer_and_acts_once(api: Client) -> None:
    first, again = create(api, "gold"), create(api, "gold")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert not first.has_header("Idempotency-Replayed")
    assert Tier.objects.filter(code="gold").count() == 1


def test_the_key_is_required_and_plain(api: Client) -> None:
    assert create(api, "gold", key=None).json()["code"] == "idempotency_key_required"
    assert create(api, "gold", key="x" * 201).json()["code"] == "invalid_idempotency_key"
    assert create(api, "gold", key="钥匙").json()["code"] == "invalid_idempotency_key"
    assert not Tier.objects.filter(code="gold").exists()


def test_the_same_key_for_another_request_is_refused(api: Client) -> None:
    create(api, "gold")
    response = create(api, "silver")
    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"
    assert not Tier.objects.filter(code="silver").exists()


def test_the_key_belongs_to_the_person(api: Client, dealer: Company) -> None:
    create(api, "gold")
    colleague = Client()
    colleague.force_login(testing.make_person(dealer, name="Cai Colleague"))
    assert create(colleague, "silver").status_code == 201


def test_the_key_belongs_to_the_company_acted_for(
    buyer: Any, dealer: Company, maker: Company, program: Any
) -> None:
    other = testing.make_company("Other dealer", parent=maker)
    testing.add_member(buyer, other, ["buyer"])
    assert create(program(buyer, dealer), "gold").status_code == 201
    assert create(program(buyer, other), "gold").json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("code", "status"), [("refused", 422), ("answered", 409), ("crash", 500), ("a b", 400)]
)
def test_what_fails_leaves_nothing_and_frees_its_key(api: Client, code: str, status: int) -> None:
    api.raise_request_exception = False
    before = Tier.objects.count()
    assert create(api, code).status_code == status
    assert Tier.objects.count() == before
    assert not IdempotencyRecord.objects.exists()
    assert create(api, "gold").status_code == 201


def test_an_uploaded_file_is_part_of_the_request(api: Client) -> None:
    def upload(content: bytes) -> Any:
        file = SimpleUploadedFile("a.csv", content)
        return api.post("/api/v1/upload/", {"file": file}, headers={"idempotency-key": "file-1"})

    assert upload(b"one").json() == {"size": 3}
    assert upload(b"one")["Idempotency-Replayed"] == "true"
    assert upload(b"two").json()["code"] == "idempotency_key_reused"


def test_old_records_are_forgotten(api: Client) -> None:
    create(api, "gold")
    create(api, "silver", key="order-2")
    IdempotencyRecord.objects.filter(key="order-1").update(created_at=timezone.now() - timedelta(hours=73))
    assert forget_idempotency_records() == 1
    assert list(IdempotencyRecord.objects.values_list("key", flat=True)) == ["order-2"]


@pytest.mark.django_db(transaction=True)
def test_duplicates_that_arrive_together_act_once(buyer: Any) -> None:
    """Real threads with connections of their own, on whichever database the run uses."""
    together, answers = threading.Barrier(4), []

    def call() -> None:
        client = Client()
        client.force_login(buyer)
        together.wait()
        try:
            answers.append(create(client, "gold"))
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum(answer.has_header("Idempotency-Replayed") for answer in answers) == 3
    assert Tier.objects.filter(code="gold").count() == 1
