"""Codes of refusals: one status each, one code for one thing, and a line for each in the reference.

``docs/reference/error-codes.md`` is written from the code: ``QUDAO_TEST_ACCEPT_CODES=1 python -m pytest
tests/architecture/test_codes.py`` writes it anew; read the difference as somebody whose program knows the old codes.
"""

import ast
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

STATUS = {"Refusal": 422, "NotFound": 404, "Forbidden": 403, "Outdated": 412, "Conflict": 409}
PAGE = ROOT / "docs" / "reference" / "error-codes.md"
PLUGINS = ("partner_portal", "catalog", "b2b_ordering", "search", "learning")
#: Words in which codes may differ although they mean the same.
SAME = {"needed": "required", "refused": "invalid", "rejected": "invalid"}
#: What is not raised as a refusal.
OTHERS = {
    "authentication_failed": (401, "The credentials cannot be used."),
    "csrf_failed": (403, "A session writes only with the CSRF token."),
    "invalid_token": (401, "The token is unknown, revoked or expired."),
    "membership_ended": (401, "The person no longer works for the company of the token."),
    "method_not_allowed": (405, "See the header Allow."),
    "not_authenticated": (401, "Sign in first."),
    "read_only_token": (403, "The token is read-only."),
    "server_error": (500, "An error on the server; it has been logged."),
    "too_large": (413, "Send a smaller request, or upload a file instead."),
    "unsupported_media_type": (415, "Send application/json, files as multipart/form-data."),
}
STATUS_BY_NAME = {"FORBIDDEN": 403, "NOT_FOUND": 404, "CONFLICT": 409}


def calls() -> Iterator[tuple[str, int | None, str, str]]:
    """Each code that is raised: code, status (``None`` for a problem of a row), message, place."""
    for plugin in PLUGINS:
        for path in sorted((ROOT / plugin).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                found = _call(node)
                if found is not None:
                    yield (*found, f"{path.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]


def _call(node: ast.AST) -> tuple[str, int | None, str] | None:
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    code = node.args[0]
    if (
        name not in (*STATUS, "Problem")
        or not isinstance(code, ast.Constant)
        or not isinstance(code.value, str)
    ):
        return None
    status = STATUS.get(name)
    for keyword in node.keywords:
        if keyword.arg == "status":
            value = keyword.value
            status = (
                value.value
                if isinstance(value, ast.Constant)
                else STATUS_BY_NAME.get(getattr(value, "attr", ""))
            )
    words = [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return code.value, status, next((word for word in words[1:] if " " in word), "")


@pytest.fixture(scope="module")
def codes() -> dict[str, dict[int | None, list[str]]]:
    found: dict[str, dict[int | None, list[str]]] = defaultdict(lambda: defaultdict(list))
    for code, status, _message, place in calls():
        found[code][status].append(place)
    return found


@pytest.mark.any_database
def test_a_code_has_one_status(codes: dict[str, dict[int | None, list[str]]]) -> None:
    several = {
        code: {status: places for status, places in found.items() if status is not None}
        for code, found in codes.items()
        if len({status for status in found if status is not None}) > 1
    }
    assert several == {}


@pytest.mark.any_database
def test_a_thing_has_one_code(codes: dict[str, dict[int | None, list[str]]]) -> None:
    """``permission_needed`` and ``permission_required``, ``unknown_tier`` and ``tier_unknown`` are one."""
    by_words: dict[frozenset[str], set[str]] = defaultdict(set)
    for code in codes:
        by_words[frozenset(SAME.get(word, word) for word in code.split("_"))].add(code)
    assert [sorted(same) for same in by_words.values() if len(same) > 1] == []


@pytest.mark.any_database
def test_every_code_stands_in_the_reference() -> None:
    page = "".join(reference())
    if os.environ.get("QUDAO_TEST_ACCEPT_CODES"):
        Path(PAGE).write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def reference() -> Iterator[str]:
    yield (
        "# Error codes\n\n"
        "Every code of the API, with the status of a whole answer. A code without a status stands at a row or line\n"
        "of an answer or of `errors`. Codes stay; messages are translated and may be improved.\n"
        "[API conventions](api-conventions.md) says how they are answered.\n\n"
        "| code | status | message |\n|---|---|---|\n"
    )
    lines: dict[str, tuple[set[int], str]] = {
        code: ({status}, words) for code, (status, words) in OTHERS.items()
    }
    for code, status, message, _place in calls():
        statuses, words = lines.get(code, (set(), ""))
        lines[code] = (statuses | ({status} if status else set()), words or message)
    for code, (statuses, words) in sorted(lines.items()):
        told = re.sub(r"%\((\w+)\)[sd]", r"*\1*", words).replace("|", "\\|")
        yield f"| `{code}` | {', '.join(map(str, sorted(statuses)))} | {told} |\n"
