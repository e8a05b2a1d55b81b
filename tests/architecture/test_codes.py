"""Codes of refusals: one status each, one code for one thing, and a line for each in the reference.

``docs/reference/error-codes.md`` is written from the code: ``QUDAO_TEST_ACCEPT_CODES=1 python -m pytest
tests/architecture/test_codes.py`` writes it anew; read the difference as somebody whose program knows the old codes.
"""

import ast
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from qudao_core.errors import status_of

from tests.architecture.sources import ROOT

STATUS = {"Refusal": 422, "NotFound": 404, "Forbidden": 403, "Outdated": 412, "Conflict": 409}
PAGE = ROOT / "docs" / "reference" / "error-codes.md"
PLUGINS = ("core", "partner_portal", "catalog", "b2b_ordering", "search", "learning")
#: Words in which codes may differ although they mean the same.
SAME = {"needed": "required", "refused": "invalid", "rejected": "invalid"}
#: What is not raised as a refusal, or with a code that is computed.
OTHERS = {
    "authentication_failed": (401, "The credentials cannot be used."),
    "currency_changed": (409, "The currency is another than when the cart was shown."),
    "csrf_failed": (403, "A session writes only with the CSRF token."),
    "invalid_token": (401, "The token is unknown, revoked or expired."),
    "membership_ended": (401, "The person no longer works for the company of the token."),
    "line_added": (409, "The line was not there when the cart was shown."),
    "line_removed": (409, "The line was there when the cart was shown."),
    "method_not_allowed": (405, "See the header Allow."),
    "not_authenticated": (401, "Sign in first."),
    "on_request": (422, "Price on request."),
    "quantity_changed": (409, "The quantity was another when the cart was shown."),
    "read_only_token": (403, "The token is read-only."),
    "seller_changed": (409, "The seller is another than when the cart was shown."),
    "server_error": (500, "An error on the server; it has been logged."),
    "too_large": (413, "Send a smaller request, or upload a file instead."),
    "total_changed": (409, "The total was another when the cart was shown."),
    "unsupported_media_type": (415, "Send application/json, files as multipart/form-data."),
}
#: Tables of messages whose codes become problems: (file, name).
TABLES = {
    ("partner_portal/qudao_partner_portal/companies/validation.py", "_TEXTS"),
    ("core/qudao_core/imports/messages.py", "_CELLS"),
    ("core/qudao_core/imports/mapping/messages.py", "_INVALID"),
    ("partner_portal/qudao_partner_portal/people/services.py", "texts"),
    ("catalog/qudao_catalog/products/presenters.py", "MESSAGES"),
    ("catalog/qudao_catalog/product_editing/services.py", "MESSAGES"),
    ("b2b_ordering/qudao_b2b_ordering/flow/problems.py", "MESSAGES"),
    ("b2b_ordering/qudao_b2b_ordering/orders/problems.py", "MESSAGES"),
    ("b2b_ordering/qudao_b2b_ordering/pricing/services/rows.py", "fields"),
    ("search/qudao_search/querying/queries.py", "MESSAGES"),
    ("learning/qudao_learning/bank/messages.py", "FAULTS"),
    ("learning/qudao_learning/bank/messages.py", "ANSWERS"),
}
STATUS_BY_NAME = {"FORBIDDEN": 403, "NOT_FOUND": 404, "CONFLICT": 409}


@dataclass(frozen=True)
class Call:
    """A place that refuses with a code, or says it of a row or a field (then it is a problem, without status)."""

    code: str
    status: int | None
    message: str
    place: str


@cache
def calls() -> tuple[Call, ...]:
    """Each code that is raised or said of a row: directly, through a function that takes it, or from a table."""
    trees = {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for plugin in PLUGINS
        for path in sorted((ROOT / plugin).rglob("*.py"))
        if "migrations" not in path.parts
    }
    own = {file: dict(_passing(tree)) for file, tree in trees.items()}
    shared = {name: way for ways in own.values() for name, way in ways.items() if not name.startswith("_")}
    found: list[Call] = []
    for file, tree in trees.items():
        for node in ast.walk(tree):
            found += _in_table(node, file)
            found += _calls(node, shared | own[file], file)
    return tuple(found)


def _name(node: ast.expr) -> str:
    """`core.Refusal` → `Refusal`, `problems.lines_refusal` → `lines_refusal`; a method stays `self.problem`."""
    if isinstance(node, ast.Attribute):
        of = getattr(node.value, "id", "")
        return f"{of}.{node.attr}" if of in ("self", "work", "row") else node.attr
    return getattr(node, "id", "")


def _raises(node: ast.AST, file: str) -> bool:
    """Whether this makes a refusal or a problem; the search has problems of its own, which nobody is refused with."""
    return (
        isinstance(node, ast.Call)
        and bool(node.args)
        and _name(node.func) in (*STATUS, "Problem")
        and not (file.startswith("search/") and _name(node.func) == "Problem")
    )


def _passing(tree: ast.Module) -> Iterator[tuple[str, tuple[int, int | None]]]:
    """Functions that refuse with the code they are given: name → (place among the arguments, status)."""
    for holder in ast.walk(tree):
        for function in ast.iter_child_nodes(holder):
            if not isinstance(function, ast.FunctionDef) or function.name == "__init__":
                continue
            names = [each.arg for each in function.args.args]
            method = names[:1] == ["self"]
            for node in ast.walk(function):
                if _raises(node, "") and "code" in names and getattr(node.args[0], "id", "") == "code":
                    name = f"self.{function.name}" if method else function.name
                    yield name, (names.index("code") - method, _status(node))


def _status(call: ast.Call) -> int | None:
    given = next((each.value for each in call.keywords if each.arg == "status"), None)
    if isinstance(given, ast.Constant):
        return given.value  # type: ignore[return-value]
    return STATUS_BY_NAME.get(getattr(given, "attr", "")) or STATUS.get(_name(call.func))


def _calls(node: ast.AST, passing: dict[str, tuple[int, int | None]], file: str) -> Iterator[Call]:
    if not isinstance(node, ast.Call):
        return
    direct = _raises(node, file)
    place, status = (0, _status(node)) if direct else passing.get(_name(node.func), (0, None))
    if not (direct or _name(node.func) in passing) or len(node.args) <= place:
        return
    plain = (
        direct and _name(node.func) == "Refusal" and not any(each.arg == "status" for each in node.keywords)
    )
    given = node.args[place]
    for code in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            own = status_of(code.value) if plain else status
            yield Call(code.value, own, _words(node), f"{file}:{node.lineno}")


def _in_table(node: ast.AST, file: str) -> Iterator[Call]:
    """The codes of a table of messages."""
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    value = getattr(node, "value", None)
    if target is None or (file, _name(target)) not in TABLES or not isinstance(value, ast.Dict):
        return
    for key, texts in zip(value.keys, value.values, strict=True):
        if isinstance(key, ast.Constant):
            yield Call(str(key.value), None, _words(texts), f"{file}:{key.lineno}")


def _words(node: ast.AST) -> str:
    """The first text of the call in the order of the source: the message, not the remedy."""
    texts = [
        each for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    texts.sort(key=lambda each: (each.lineno, each.col_offset))
    return next((each.value for each in texts if " " in each.value), "")


@pytest.fixture(scope="module")
def codes() -> dict[str, dict[int | None, list[str]]]:
    found: dict[str, dict[int | None, list[str]]] = defaultdict(lambda: defaultdict(list))
    for call in calls():
        found[call.code][call.status].append(call.place)
    return found


@pytest.mark.any_database
def test_a_code_has_one_status(codes: dict[str, dict[int | None, list[str]]]) -> None:
    """Also when a problem of a row or field is the only one, and the refusal has its code (`errors.status_of`)."""
    several = {
        code: dict(found)
        for code, found in codes.items()
        if len({status or status_of(code) for status in found}) > 1
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
        "Every code of the API with its status; a code has one, wherever it is answered. In an entry of `errors` or\n"
        "at a row of a result, a code stands beside the status of the whole answer; where its problem is the only\n"
        "one and the answer carries its code, the answer has its status.\n\n"
        "400: malformed, of the wrong type, or a name that is not declared. 422: well-formed, but the value is not\n"
        "accepted. 409: in conflict with what is stored. Codes stay; messages are translated and may be improved.\n"
        "[API conventions](api-conventions.md) says how they are answered.\n\n"
        "| code | status | message |\n|---|---|---|\n"
    )
    lines: dict[str, tuple[set[int], str]] = {
        code: ({status}, words) for code, (status, words) in OTHERS.items()
    }
    for call in calls():
        statuses, words = lines.get(call.code, (set(), ""))
        lines[call.code] = (statuses | {call.status or status_of(call.code)}, words or call.message)
    for code, (statuses, words) in sorted(lines.items()):
        told = re.sub(r"%\((\w+)\)[sd]|\{(\w+)\}", r"*\1\2*", words).replace("|", "\\|")
        yield f"| `{code}` | {', '.join(map(str, sorted(statuses)))} | {told} |\n"
