"""The served document is valid OpenAPI 3.1 and passes the linter's recommended rules."""

import json
import shutil
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api_answers import document
from tests.node import SOURCE, run_tool

pytestmark = pytest.mark.any_database


def test_the_document_is_valid_openapi() -> None:
    problems = [f"{list(each.absolute_path)}: {each.message}"[:300] for each in _errors()]
    assert problems == []


def _errors() -> list[object]:
    return list(OpenAPIV31SpecValidator(document()).iter_errors())


def test_a_request_has_one_form_and_only_files_are_uploaded_in_parts() -> None:
    """Generators of clients choose one of several content types, or cannot tell them apart."""
    operations = [
        each for item in document()["paths"].values() for each in item.values() if "operationId" in each
    ]
    forms = {
        each["operationId"]: list(each["requestBody"]["content"])
        for each in operations
        if "requestBody" in each
    }
    assert {name: kinds for name, kinds in forms.items() if kinds != ["application/json"]} == {
        "create_import": ["multipart/form-data"]
    }


def test_only_a_post_needs_a_key() -> None:
    """docs/reference/api-conventions.md: PUT, PATCH and DELETE may be repeated as they are."""
    keyed = {
        (method, each["operationId"])
        for item in document()["paths"].values()
        for method, each in item.items()
        if "operationId" in each
        and any(one.get("name") == "Idempotency-Key" for one in each.get("parameters", []))
    }
    assert {method for method, _name in keyed} == {"post"}
    assert ("post", "preview_import_mapping") not in keyed


def test_what_is_json_in_a_form_is_declared_as_an_object() -> None:
    fields = document()["components"]["schemas"]["UploadInput"]["properties"]
    assert fields["options"]["additionalProperties"] == {"type": "string"}
    assert "MappingBody" in json.dumps(fields["mapping"])


@pytest.mark.slow
def test_the_document_passes_the_linters_recommended_rules(
    schema_file: Path, node: Path, tmp_path: Path
) -> None:
    shutil.copy(SOURCE / "redocly.yaml", tmp_path)
    shutil.copy(schema_file, tmp_path / "schema.json")
    done = run_tool("redocly", "lint", "schema.json", "--format", "json", cwd=tmp_path)
    found = json.loads(done.stdout[done.stdout.index("{") :])["problems"]
    assert [f"{each['ruleId']}: {each['message']}" for each in found] == []
    assert done.returncode == 0, done.stderr[-2000:]
