"""A code has one status, also when a problem of one value becomes the refusal of the whole request."""

import uuid

import pytest
from django.test import Client
from qudao_core import api as core
from qudao_partner_portal.testing import (
    make_address,
    make_back_office,
    make_company,
    make_person,
    make_user,
)

WRITERS = [f"qudao_partner_portal.{name}" for name in ("view_company", "add_company", "change_company")]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("too_long", 422),
        ("unknown_product", 422),
        ("unknown_language", 422),
        ("external_key_taken", 409),
        ("phone_taken", 409),
        ("product_in_use", 409),
        ("ambiguous_reference", 409),
        ("unknown_field", 400),
    ],
)
def test_the_only_problem_decides_the_status(code: str, status: int) -> None:
    problem = core.Problem(code, "No.", field="name", remedy="Change it.", params={"value": "x"})
    refusal = core.refusal_of([problem])
    assert (refusal.code, refusal.status, refusal.problem) == (code, status, problem)
    assert core.Refusal(code, "No.").status == status


def test_several_problems_are_values_that_are_not_valid() -> None:
    problems = [
        core.Problem("code_taken", "No.", field="code"),
        core.Problem("required", "No.", field="name"),
    ]
    refusal = core.refusal_of(problems)
    assert (refusal.code, refusal.status, refusal.problem.field) == ("values_invalid", 422, "code")
    assert refusal.problems == tuple(problems)


@pytest.mark.django_db
def test_what_is_taken_is_a_conflict_wherever_it_is_sent() -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"), code="D-1", external_key="ERP-1")
    make_address(dealer, external_key="A-1")
    make_user("Other", phone="138 0013 8000")
    office = make_back_office("Mei Manager", permissions=WRITERS)
    anna = make_person(dealer, roles=["admin"])
    address = {"recipient": "Li", "phone": "13800138000", "street": "2 Road", "territory": "CN-5101"}
    sent = [
        (office, "post", "companies/", {"name": "New", "code": "D-1"}, "code_taken"),
        (office, "post", "companies/", {"name": "New", "external_key": "ERP-1"}, "external_key_taken"),
        (
            anna,
            "post",
            "addresses/",
            address | {"external_key": "A-1"},
            "external_key_taken",
        ),
        (anna, "patch", "me/", {"phone": "138 0013 8000"}, "phone_taken"),
    ]
    for person, method, path, body, code in sent:
        client = Client()
        client.force_login(person)
        answer = getattr(client, method)(
            f"/api/v1/{path}",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        assert (answer.status_code, answer.json()["code"]) == (409, code), (path, answer.json())
