"""What a host is told that set something wrong."""

from __future__ import annotations

from typing import Any

import pytest
from qudao_search import checks


@pytest.mark.parametrize(("engine", "found"), [("embedded", []), ("elasticsearch", []), ("sphinx", ["E001"])])
def test_the_engine_has_to_exist(settings: Any, engine: str, found: list[str]) -> None:
    settings.QUDAO_SEARCH_ENGINE = engine
    assert [message.id for message in checks.check_engine(None)] == [f"qudao_search.{code}" for code in found]


def test_the_clusters_client_has_to_be_installed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.QUDAO_SEARCH_ENGINE = "elasticsearch"
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    assert [message.id for message in checks.check_engine(None)] == ["qudao_search.E002"]


def test_the_database_can_search(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_database(None, databases=["default"]) == []
    assert checks.check_database(None) == []
    monkeypatch.setattr(checks.connection, "vendor", "mysql")
    assert [each.id for each in checks.check_database(None, databases=["default"])] == ["qudao_search.E003"]


def test_sqlite_without_fts5(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.connection, "vendor", "sqlite")
    monkeypatch.setattr(checks, "has_fts5", lambda: False)
    assert [each.id for each in checks.check_database(None, databases=["default"])] == ["qudao_search.E004"]
