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
