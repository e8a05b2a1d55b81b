"""Reads docker-compose.yml, so that what the tests start natively is what production starts in containers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<text>[^}]*))?\}")


@dataclass(frozen=True)
class Service:
    """One service of the compose file: its command and variables with the values of `.env` filled in."""

    name: str
    command: list[str]
    environment: dict[str, str]
    volumes: list[str]


def required_variables() -> set[str]:
    """The variables the operator has to give: `${NAME:?why}`."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return {match["name"] for match in _VARIABLE.finditer(text) if match["kind"] == "?"}


def services(values: Mapping[str, str], *, translate: Mapping[str, str]) -> dict[str, Service]:
    """Every service with `values` filled in and each text of `translate` (host names, folders) replaced.

    Raises KeyError when a required variable has no value.
    """
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)

    def native(value: object) -> str:
        filled = _VARIABLE.sub(lambda match: _value(match, values), str(value))
        for old, new in translate.items():
            filled = filled.replace(old, new)
        return filled

    return {
        name: Service(
            name=name,
            command=[native(part) for part in service.get("command", [])],
            environment={key: native(value) for key, value in service.get("environment", {}).items()},
            volumes=[str(volume) for volume in service.get("volumes", [])],
        )
        for name, service in _services_of(document).items()
    }


def _services_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return dict(document["services"])


def _value(match: re.Match[str], values: Mapping[str, str]) -> str:
    if match["kind"] == "-":
        return values.get(match["name"], match["text"])
    return values[match["name"]]
