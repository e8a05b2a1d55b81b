"""What holds for every endpoint of every plugin, read from the OpenAPI document, and what no input may do."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from qudao_core.headless import web
from qudao_core.headless.services import create_token
from qudao_partner_portal import testing
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

Operation = tuple[str, str, dict[str, Any]]
NAMES = Path(__file__).with_name("operations.txt")

#: POSTs that may be sent twice without a key, and why.
REPEATABLE = {
    "/api/v1/prices/": "asks only",
    "/api/v1/prices/explain/": "asks only",
    "/api/v1/stock/": "asks only",
    "/api/v1/imports/{id}/mapping/preview/": "asks only",
    "/api/v1/invitations/lookup/": "asks only",
    "/api/v1/invitations/accept/": "an invitation is accepted once",
    "/api/v1/invitations/register/": "an invitation is accepted once",
    "/api/v1/search/clicks/": "the same hit opened twice is one click",
    "/api/v1/me/company/": "the same choice twice is one choice",
    "/api/v1/tokens/": "the answer holds a secret, which must be kept nowhere; a repeat is seen in the list",
}


@pytest.fixture(scope="module")
def operations() -> list[Operation]:
    web.document.cache_clear()
    paths = web.document("en")["paths"]
    return [(method, path, operation) for path, item in paths.items() for method, operation in item.items()]


def complaints(found: Iterator[str]) -> str:
    return "\n".join(sorted(found))


def test_every_operation_says_what_it_does(operations: list[Operation]) -> None:
    silent = (f"{method} {path}" for method, path, each in operations if not each.get("summary"))
    assert complaints(silent) == ""
    summaries = Counter((each["tags"][0], each["summary"]) for _method, _path, each in operations)
    assert complaints(f"{tag}: {text}" for (tag, text), count in summaries.items() if count > 1) == ""


def test_every_operation_declares_its_problems_and_headers(operations: list[Operation]) -> None:
    def silent() -> Iterator[str]:
        for method, path, each in operations:
            answers = each["responses"]
            wanted = {"400", "401", "403", "404", "429", "default"} | ({"422"} if method != "get" else set())
            problems = [answers.get(status, {}).get("content", {}) for status in wanted]
            if any("application/problem+json" not in content for content in problems):
                yield f"{method} {path}: {sorted(wanted - answers.keys())}"
            if "Retry-After" not in answers["429"]["headers"]:
                yield f"{method} {path}: Retry-After"
            if any("RateLimit-Remaining" not in answer["headers"] for answer in answers.values()):
                yield f"{method} {path}: RateLimit-Remaining"

    assert complaints(silent()) == ""


def test_operations_keep_their_names(operations: list[Operation]) -> None:
    """Generated clients are written against them. After a change that is meant: QUDAO_TEST_ACCEPT_MATRIX=1."""
    found = "".join(
        f"{each['operationId']:32} {method.upper():6} {path}\n" for method, path, each in operations
    )
    found = "".join(sorted(found.splitlines(keepends=True)))
    if os.environ.get("QUDAO_TEST_ACCEPT_MATRIX"):
        NAMES.write_text(found, encoding="utf-8")
    assert found == NAMES.read_text(encoding="utf-8")


def test_every_post_acts_once(operations: list[Operation]) -> None:
    def careless() -> Iterator[str]:
        for method, path, each in operations:
            headers = {parameter["name"] for parameter in each.get("parameters", [])}
            if method == "post" and "Idempotency-Key" not in headers and path not in REPEATABLE:
                yield path

    assert complaints(careless()) == ""


def test_every_address_ends_with_a_slash(operations: list[Operation]) -> None:
    wrong = (path for _method, path, _each in operations if not path.endswith(("/", ".pdf")))
    assert complaints(wrong) == ""


def test_names_of_operations_are_unique(operations: list[Operation]) -> None:
    names = [each["operationId"] for _method, _path, each in operations]
    assert len(names) == len(set(names))


@pytest.fixture
def program(db: None, settings: Any) -> dict[str, str]:
    """Headers of an administrator of a selling company: nothing is closed to the fuzzer."""
    settings.QUDAO_API_RATES = dict.fromkeys(("guest", "read", "write", "import", "search"), "100000/min")
    settings.ALLOWED_HOSTS = ["*"]
    maker = testing.make_company("Maker")
    admin = testing.make_person(maker, roles=["admin"], name="Ada Admin", is_staff=True, is_superuser=True)
    _token, secret = create_token(viewer=testing.viewer_of(admin), name="fuzzer")
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """As Django's test client does: the end of a request does not close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("_one_connection")
def test_no_input_is_a_crash_and_answers_have_the_promised_shape(program: dict[str, str]) -> None:
    """Every operation with generated input; all findings are told at once."""
    web.document.cache_clear()
    application = get_wsgi_application()
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    findings = [
        finding
        for result in schema.get_all_operations()
        for finding in fuzz(result.ok(), application, program)
    ]
    assert not findings, "\n\n".join(findings)


def fuzz(operation: Any, application: Any, headers: dict[str, str]) -> list[str]:
    checks = [not_a_server_error, content_type_conformance, response_schema_conformance]

    @hypothesis_settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def probe(case: schemathesis.Case) -> None:
        response = case.call(app=application, headers=headers)
        case.validate_response(response, checks=checks)

    try:
        probe()
    except FailureGroup as group:  # every operation is heard before the test fails
        name = f"{operation.method.upper()} {operation.path}"
        return [f"{name}: {each} {getattr(each, 'message', '')}"[:700] for each in group.exceptions]
    return []
