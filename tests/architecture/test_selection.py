"""A test runs once instead of on both databases only where that is seen to be right (tests/selection.py)."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from tests import selection
from tests.architecture.sources import ROOT


def item(*markers: Any, function: Any = None) -> Any:
    found = {marker.name: marker for marker in markers}
    return SimpleNamespace(
        get_closest_marker=found.get,
        fixturenames=["db"] if "django_db" in found else [],
        function=function or test_it_needs_a_reason,
    )


def test_a_test_without_a_database_cannot_reach_one(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("no_database")
    with pytest.raises((RuntimeError, AssertionError), match="[Dd]atabase"):
        connection.cursor().execute("SELECT 1")


def test_nor_when_another_has_left_the_door_open(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        with pytest.raises(AssertionError, match="SELECT 1"):
            connection.cursor().execute("SELECT 1")
        connection.close()


@pytest.mark.django_db
def test_a_test_with_one_is_not_taken_for_one_without(request: pytest.FixtureRequest) -> None:
    assert not request.node.get_closest_marker("no_database")


def test_it_needs_a_reason() -> None:
    used = pytest.mark.django_db.mark
    assert selection.complaint_about(item(used)) == ""
    assert "say why" in selection.complaint_about(item(used, pytest.mark.any_database.mark))
    assert selection.complaint_about(item(used, pytest.mark.any_database("a reason").mark)) == ""
    assert (
        selection.complaint_about(item(used, pytest.mark.any_database.mark, pytest.mark.browser.mark)) == ""
    )


def test_no_reason_is_good_enough_where_the_test_asks_which_database_it_is() -> None:
    def asking() -> None:
        assert connection.vendor == "postgresql"

    marked = item(pytest.mark.django_db.mark, pytest.mark.any_database("a reason").mark, function=asking)
    assert "which database" in selection.complaint_about(marked)


@pytest.mark.parametrize(
    ("expression", "stage"),
    [
        ("browser", "browser"),
        ("services and not browser", "services"),
        ("elasticsearch", "elasticsearch"),
        ("not browser and not services", ""),
        ("browser or slow", ""),
        ("slow", ""),
        ("", ""),
    ],
)
def test_a_stage_of_one_marker_is_known_by_its_expression(expression: str, stage: str) -> None:
    assert selection.wanted_stage(expression) == stage


def test_markers_of_stages_are_written_by_name_where_the_tests_are() -> None:
    """Files that do not name one are not read for its stage."""
    other_ways = re.compile(r"import .*\bpytestmark\b|add_marker\([^)]*(browser|services|elasticsearch)")
    paths = [each for each in (ROOT / "tests").rglob("*.py") if each.name != "test_selection.py"]
    assert [each.name for each in paths if other_ways.search(each.read_text(encoding="utf-8"))] == []
