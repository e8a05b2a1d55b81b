"""Questions written down: one's own recent searches, and reports that name nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from qudao_search.query_log import queries, services
from qudao_search.query_log.admin import Row
from qudao_search.query_log.models import Click, QueryLog
from qudao_search.query_log.services import click, forget, log_query, prune

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def person(name: str) -> int:
    return int(get_user_model().objects.create_user(f"{name}@example.com", "x" * 12).pk)


@pytest.fixture
def amy() -> int:
    return person("amy")


@pytest.fixture
def ben() -> int:
    return person("ben")


def rows(found: Any) -> list[tuple[str, int, int]]:
    return [(row["shown"], row["asked"], row["clicked"]) for row in found]


def test_recent_searches_are_ones_own_newest_first_each_once(clock: Any, amy: int, ben: int) -> None:
    for text in ("Switch", "cable", "ＳＷＩＴＣＨ"):
        log_query(text=text, user_id=amy, total=1)
        clock.shift(timedelta(hours=1))
    log_query(text="lamp", user_id=ben, total=1)
    assert queries.recents(user_id=amy) == ["ＳＷＩＴＣＨ", "cable"]
    assert queries.recents(user_id=amy, limit=1) == ["ＳＷＩＴＣＨ"]
    assert queries.recents(user_id=None) == []


def test_one_question_or_all_are_taken_out_and_only_ones_own(clock: Any, amy: int, ben: int) -> None:
    for user in (amy, ben):
        for text in ("switch", "cable"):
            log_query(text=text, user_id=user, total=1)
            clock.shift(timedelta(minutes=1))
    assert forget(user_id=amy, text="SWITCH ") == 1
    assert queries.recents(user_id=amy) == ["cable"]
    assert forget(user_id=amy) == 1
    assert queries.recents(user_id=amy) == []
    assert queries.recents(user_id=ben) == ["cable", "switch"]
    assert len(queries.most_searched(days=7)) == 2, "reports still count them"


def test_asking_again_within_minutes_counts_once(
    clock: Any, amy: int, ben: int, django_assert_num_queries: Any
) -> None:
    first = log_query(text="switch", user_id=amy, total=0)
    with django_assert_num_queries(2):
        assert log_query(text="Switch ", user_id=amy, total=3) == first
    assert QueryLog.objects.get().total == 3
    assert log_query(text="switch", user_id=ben) != first
    clock.shift(services.SAME_SEARCH_WITHIN + timedelta(seconds=1))
    with django_assert_num_queries(2):
        assert log_query(text="switch", user_id=amy) != first
    assert log_query(text="switch") != log_query(text="switch"), "of strangers nothing is known"


@pytest.mark.parametrize("text", ["", "  ", "\x00", "\x01\x02", "\u200b", "\x07 \u202e\x7f", "\ue000"])
def test_nothing_is_written_for_a_question_without_content(text: str) -> None:
    assert log_query(text=text) is None
    assert not QueryLog.objects.exists()


@pytest.mark.parametrize(
    "text", ["switch cable", "switch\x00\x01cable", " switch\t\ncable\x7f", "swi\u200btch \u202ecable"]
)
def test_control_characters_make_no_row_of_their_own(text: str) -> None:
    log_query(text=text)
    (row,) = queries.most_searched(days=7)
    assert (row["shown"], row["folded"]) == ("switch cable", "switch cable")


def test_what_kind_of_match_it_was_is_kept_and_reported(amy: int, ben: int) -> None:
    log_query(text="lamp", user_id=amy, total=3)
    log_query(text="lamp orbital", user_id=amy, total=40, partial=True)
    log_query(text="lmap", user_id=amy, total=3, corrected="lamp")
    log_query(text="zzz", user_id=amy, total=0)
    assert dict(QueryLog.objects.values_list("text", "matched")) == {
        "lamp": "all",
        "lamp orbital": "some",
        "lmap": "corrected",
        "zzz": "nothing",
    }
    assert {row["shown"] for row in queries.without_hits(days=7)} == {"lamp orbital", "lmap", "zzz"}
    assert {row["shown"] for row in queries.partly(days=7)} == {"lamp orbital", "lmap"}
    assert {row["shown"] for row in queries.never_clicked(days=7)} == {"lamp"}
    log_query(text="lamp orbital", user_id=ben, total=1)
    assert "lamp orbital" not in {row["shown"] for row in queries.without_hits(days=7)}, (
        "one who sees more found it"
    )


def test_the_report_says_what_was_shown(amy: int) -> None:
    for text, came in {"lamp": {}, "lamp x": {"partial": True}, "lmap": {"corrected": "lamp"}}.items():
        log_query(text=text, user_id=amy, total=7, **came)
    log_query(text="zzz", user_id=amy)
    shown = {row.question: row.matched for row in map(Row.of, queries.most_searched(days=7))}
    assert shown == {
        "lamp": "All words",
        "lamp x": "7 with some of the words",
        "lmap": "7 for “lamp” instead",
        "zzz": "Nothing",
    }


def test_what_was_found_by_some_words_only_is_suggested_to_nobody(amy: int, ben: int) -> None:
    for user in (amy, ben, person("cem")):
        log_query(text="switch cabinet", language="en", user_id=user, total=2, partial=True)
    assert queries.popular(begins="switch", language="en") == []


def test_long_and_strange_questions_are_kept_as_far_as_they_fit() -> None:
    log_query(text="ﷺ" * 300, language="zh-hans", total=1)
    kept = QueryLog.objects.get()
    assert len(kept.text) == 200 and len(kept.folded) == 200


def test_a_click_counts_once_and_only_for_ones_own_question(clock: Any, amy: int, ben: int) -> None:
    query = log_query(text="switch", user_id=amy, total=5)
    assert query
    assert click(query_id=query, user_id=amy, kind="product", item="7", position=3)
    assert not click(query_id=query, user_id=amy, kind="product", item="7", position=3)
    assert not click(query_id=query, user_id=ben, kind="product", item="8", position=1)
    assert not click(query_id=query, user_id=None, kind="product", item="8", position=1)
    assert not click(query_id=query + 99, user_id=amy, kind="product", item="8", position=1)
    assert not click(query_id=query, user_id=amy, kind="product", item="8", position=0)
    assert list(Click.objects.values_list("item", "position")) == [("7", 3)]


def test_the_reports(clock: Any, amy: int, ben: int) -> None:
    for user in (amy, ben):
        query = log_query(text="switch", language="en", user_id=user, total=5)
        log_query(text="orbital", language="en", user_id=user, total=0)
    assert query
    click(query_id=query, user_id=ben, kind="product", item="7", position=3)
    click(query_id=query, user_id=ben, kind="product", item="9", position=6)
    log_query(text="swtich", language="en", user_id=amy, total=5, corrected="switch")
    log_query(text="交换机", language="zh-hans", user_id=amy, total=4)
    clock.shift(timedelta(minutes=1))
    assert rows(queries.most_searched(days=7, language="en")) == [
        ("orbital", 2, 0),
        ("switch", 2, 1),
        ("swtich", 1, 0),
    ]
    assert rows(queries.without_hits(days=7)) == [("orbital", 2, 0), ("swtich", 1, 0)]
    assert rows(queries.never_clicked(days=7)) == [("交换机", 1, 0)]
    (switch,) = [row for row in queries.most_searched(days=7) if row["folded"] == "switch"]
    assert (switch["position"], switch["most_hits"]) == (4.5, 5)
    clock.shift(timedelta(days=8))
    assert rows(queries.most_searched(days=7)) == []


def test_a_question_is_popular_when_several_people_asked_it(clock: Any, amy: int, ben: int) -> None:
    cem = person("cem")
    for user in (amy, ben, cem):
        log_query(text="Switch cabinet", language="en", user_id=user, total=2)
        log_query(text="switch nothing", language="en", user_id=user, total=0)
    for _again in range(5):
        log_query(text="switch secret", language="en", user_id=amy, total=1)
        clock.shift(timedelta(hours=1))
    assert queries.popular(begins="switch", language="en") == ["switch cabinet"]
    assert queries.popular(begins="swi", language="zh-hans") == []
    assert queries.popular(begins="%", language="en") == []


def test_old_questions_go_with_their_clicks(clock: Any, amy: int, settings: Any) -> None:
    settings.QUDAO_SEARCH_LOG_DAYS = 30
    query = log_query(text="old", user_id=amy, total=1)
    assert query
    click(query_id=query, user_id=amy, kind="product", item="7", position=1)
    clock.shift(timedelta(days=20))
    newer = log_query(text="newer", user_id=amy, total=1)
    assert newer
    click(query_id=newer, user_id=amy, kind="product", item="7", position=1)
    clock.shift(timedelta(days=11))
    assert prune() == 1
    assert queries.recents(user_id=amy) == ["newer"]
    assert list(Click.objects.values_list("query_id", flat=True)) == [newer]
    assert (prune(days=0), Click.objects.count()) == (1, 0)


def test_many_old_questions_go_in_portions(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PRUNED_AT_ONCE", 2)
    for number in range(5):
        log_query(text=f"old {number}")
    clock.shift(timedelta(days=100))
    assert prune() == 5


def test_a_persons_questions_go_with_the_person(amy: int) -> None:
    log_query(text="switch", user_id=amy)
    get_user_model().objects.get(pk=amy).delete()
    assert not QueryLog.objects.exists()


def abandoned() -> list[tuple[str, int, int]]:
    return [(row["shown"], row["asked"], row["abandoned"]) for row in queries.abandoned(days=7)]


def test_a_search_is_abandoned_when_nothing_is_opened_and_something_else_searched(
    clock: Any, amy: int
) -> None:
    for text in ("kitchen lamp", "panel"):
        log_query(text=text, user_id=amy, total=9)
        clock.shift(timedelta(minutes=1))
    assert abandoned() == [("kitchen lamp", 1, 1)], "what was searched last was not given up"


@pytest.mark.parametrize(
    ("came", "counted"),
    [
        ({"total": 4}, 1),
        ({"total": 4, "partial": True}, 1),
        ({"total": 4, "corrected": "panel"}, 1),
        ({"total": 0}, 0),
    ],
)
def test_partial_and_corrected_results_can_be_abandoned_nothing_cannot(
    clock: Any, amy: int, came: dict[str, Any], counted: int
) -> None:
    log_query(text="kitchen lamp", user_id=amy, **came)
    clock.shift(timedelta(minutes=1))
    log_query(text="panel", user_id=amy, total=1)
    assert len(abandoned()) == counted


def test_an_opened_hit_a_repeated_search_and_a_later_one_are_no_abandonment(
    clock: Any, amy: int, ben: int
) -> None:
    opened = log_query(text="panel", user_id=amy, total=9)
    assert opened
    click(query_id=opened, user_id=amy, kind="product", item="7", position=1)
    log_query(text="kitchen lamp", user_id=ben, total=9)
    log_query(text="guest", total=9)
    clock.shift(timedelta(minutes=1))
    log_query(text="Kitchen  LAMP", user_id=ben, total=9)
    log_query(text="strip", user_id=amy, total=9)
    log_query(text="another guest", total=9)
    clock.shift(queries.GIVEN_UP_WITHIN + timedelta(seconds=1))
    log_query(text="cable", user_id=ben, total=9)
    log_query(text="cable", user_id=amy, total=9)
    assert abandoned() == []


def test_the_report_has_the_share_of_abandoned_searches(clock: Any, amy: int, ben: int) -> None:
    for user in (amy, ben):
        log_query(text="kitchen lamp", user_id=user, total=9)
        clock.shift(timedelta(minutes=1))
    log_query(text="panel", user_id=ben, total=9)
    (row,) = map(Row.of, queries.abandoned(days=7))
    assert (row.question, row.asked, row.opened, row.abandoned) == ("kitchen lamp", 2, "0 %", "50 %")
