"""Turn an OpenAPI document into what the reference page shows. Plain Python, no Django."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
#: Deeper fields are left to the schema itself: a table of them helps nobody.
MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a table of fields: ``name`` is dotted, ``place`` is path, query or header for parameters."""

    name: str
    kind: str
    required: bool
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    text: str
    fields: tuple[Field, ...]
    example: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    text: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    body_kind: str
    answers: tuple[Answer, ...]
    call: str
    example: str = ""


@dataclass(slots=True)
class Group:
    name: str
    anchor: str
    operations: list[Operation] = field(default_factory=list)


def groups(document: Mapping[str, Any]) -> list[Group]:
    """The operations by their first tag, both in the document's order."""
    found: dict[str, Group] = {}
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                name = (item[method].get("tags") or ["api"])[0]
                group = found.setdefault(name, Group(name.replace("_", " ").replace("-", " "), _anchor(name)))
                group.operations.append(_operation(document, path, method, item[method]))
    return list(found.values())


def _operation(document: Mapping[str, Any], path: str, method: str, spec: Mapping[str, Any]) -> Operation:
    kind, body = next(iter(spec.get("requestBody", {}).get("content", {}).items()), ("", {}))
    text = str(spec.get("description", "")).strip()
    summary = str(spec.get("summary", "")) or _first_sentence(text) or str(spec.get("operationId", ""))
    parameters = tuple(_parameter(document, each) for each in spec.get("parameters", []))
    example = _body_example(document, body)
    return Operation(
        anchor=_anchor(f"{method}-{path}"),
        method=method.upper(),
        path=path,
        summary=" ".join(summary.split()),
        text=text.removeprefix(_first_sentence(text)).strip(),
        parameters=parameters,
        body=tuple(_fields(document, body.get("schema", {}))),
        body_kind=kind,
        answers=tuple(
            _answer(document, status, each)
            for status, each in spec.get("responses", {}).items()
            if not status.startswith(("4", "5"))  # all problems have one shape, shown as the default
        ),
        call=_call(method, path, parameters, kind, example),
        example=example,
    )


def _first_sentence(text: str) -> str:
    paragraph = text.partition("\n\n")[0]
    found = re.match(r".*?[.!?](?=\s)", paragraph, re.DOTALL)
    return found[0] if found else paragraph


def _parameter(document: Mapping[str, Any], spec: Mapping[str, Any]) -> Field:
    return Field(
        spec["name"],
        _kind(document, spec.get("schema", {})),
        bool(spec.get("required")),
        str(spec.get("description", "")),
        spec.get("in", ""),
    )


def _answer(document: Mapping[str, Any], status: str, spec: Mapping[str, Any]) -> Answer:
    content = next(iter(spec.get("content", {}).values()), {})
    fields = () if status == "default" else tuple(_fields(document, content.get("schema", {})))
    return Answer(status, str(spec.get("description", "")), fields, _given_example(content))


def _fields(
    document: Mapping[str, Any], schema: Mapping[str, Any], prefix: str = "", depth: int = 0
) -> Iterator[Field]:
    schema = _resolve(document, schema)
    if schema.get("type") == "array":
        yield from _fields(document, schema.get("items", {}), prefix or "[]", depth)
        return
    required = set(schema.get("required", []))
    for name, inner in schema.get("properties", {}).items():
        dotted = f"{prefix}.{name}".lstrip(".")
        resolved = _resolve(document, inner)
        text = str(inner.get("description") or resolved.get("description") or resolved.get("title") or "")
        yield Field(dotted, _kind(document, inner), name in required, text)
        if depth < MAX_DEPTH and (
            _resolve(document, resolved.get("items", {})).get("properties") or resolved.get("properties")
        ):
            deeper = f"{dotted}[]" if resolved.get("type") == "array" else dotted
            yield from _fields(document, resolved.get("items", resolved), deeper, depth + 1)


def _resolve(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow ``$ref``; take the first of ``allOf``/``oneOf``/``anyOf`` that says something."""
    for _step in range(10):
        if "$ref" in schema:
            target: Any = document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            schema = target
            continue
        choice = next((schema[key] for key in ("allOf", "oneOf", "anyOf") if schema.get(key)), None)
        if choice is None or schema.get("properties"):
            return schema
        schema = next(
            (each for each in choice if each.get("type") != "null" and each.get("enum") != [None]), choice[0]
        )
    return schema


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """``string (date)``, ``array of object``, ``a | b | c`` …"""
    resolved = _resolve(document, schema)
    if resolved.get("enum"):
        return " | ".join(str(value) for value in resolved["enum"] if value not in ("", None))
    kind = resolved.get("type", "any")
    names = [each for each in kind if each != "null"] if isinstance(kind, list) else [kind]
    if names == ["array"]:
        return f"array of {_kind(document, resolved.get('items', {}))}"
    form = f" ({resolved['format']})" if resolved.get("format") else ""
    empty = " or null" if isinstance(kind, list) and "null" in kind else ""
    return " or ".join(names) + form + empty


def _given_example(content: Mapping[str, Any]) -> str:
    given = next(iter(content.get("examples", {}).values()), {}).get("value", content.get("example"))
    return "" if given is None else json.dumps(given, ensure_ascii=False, indent=2)


def _body_example(document: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """The example given, else one made of the required fields' kinds."""
    if not body:
        return ""
    return _given_example(body) or json.dumps(
        _sample(document, body.get("schema", {})), ensure_ascii=False, indent=2
    )


def _sample(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0) -> Any:
    resolved = _resolve(document, schema)
    if "example" in resolved or "default" in resolved:
        return resolved.get("example", resolved.get("default"))
    if resolved.get("enum"):
        return resolved["enum"][0]
    kind = resolved.get("type")
    kind = next((each for each in kind if each != "null"), None) if isinstance(kind, list) else kind
    if kind == "array":
        return [_sample(document, resolved.get("items", {}), depth + 1)] if depth <= MAX_DEPTH else []
    if kind == "object" or resolved.get("properties"):
        return _sample_object(document, resolved, depth)
    plain = {"integer": 1, "number": 1, "boolean": True, "null": None}
    return plain.get(str(kind), _SAMPLES.get(str(resolved.get("format")), "…"))


def _sample_object(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
    properties = schema.get("properties", {})
    names = [name for name in properties if name in set(schema.get("required", properties))]
    return (
        {name: _sample(document, properties[name], depth + 1) for name in names} if depth <= MAX_DEPTH else {}
    )


_SAMPLES = {"date": "2026-05-01", "date-time": "2026-05-01T09:00:00+08:00", "decimal": "12.0000", "uuid": "…"}


def _call(method: str, path: str, parameters: tuple[Field, ...], body_kind: str, example: str) -> str:
    """A curl command; ``$BASE`` and ``$TOKEN`` are the reader's."""
    query = "&".join(f"{each.name}=…" for each in parameters if each.place == "query" and each.required)
    address = f'"$BASE{path}{"?" + query if query else ""}"'
    parts = [f"curl {address}" if method == "get" else f"curl -X {method.upper()} {address}"]
    parts.append('-H "Authorization: Bearer $TOKEN"')
    if any(each.name == "Idempotency-Key" for each in parameters):
        parts.append('-H "Idempotency-Key: $(uuidgen)"')
    if body_kind.startswith("multipart"):
        parts.append("-F file=@file.csv")
    elif body_kind:
        compact = json.dumps(json.loads(example), ensure_ascii=False) if example else "{}"
        parts += ['-H "Content-Type: application/json"', f"-d '{compact}'"]
    return " \\\n  ".join(parts)


def _anchor(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
