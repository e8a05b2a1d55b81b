"""The exam room in Chromium: nothing that was answered is lost, on whatever way it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer
from qudao_learning import api as learning
from qudao_learning.exams.models import Attempt, PaperItem
from qudao_learning.testing import every_kind, make_bank, make_exam

from tests.learning.conftest import School

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Open = Callable[..., BrowserContext]


@pytest.fixture
def device(chromium: Browser, live_server: LiveServer, school: School) -> Iterator[Open]:
    """``device(width=390)``: a browser of its own in which the learner is signed in."""
    contexts = []

    def opened(width: int = 390) -> BrowserContext:
        client = Client()
        client.force_login(school.lin)
        context = chromium.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()


def begin(school: School, **values: Any) -> Attempt:
    exam = make_exam(make_bank(every_kind()), code="all", shuffle_questions=False, **values)
    return learning.start_attempt(viewer=school.viewer(school.lin), exam=exam)


def enter(context: BrowserContext, live_server: LiveServer, attempt: Attempt) -> Page:
    page = context.new_page()
    page.goto(f"{live_server.url}/attempts/{attempt.key}/")
    return page


def question(page: Page, kind: str) -> Any:
    return page.locator(f".qd-question[data-kind={kind}]")


def answer_of(attempt: Attempt, kind: str) -> Any:
    return PaperItem.objects.get(attempt=attempt, version__question__kind=kind).answer


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("Saved")


@pytest.mark.parametrize("width", [390, 1280])
def test_every_type_is_saved_as_it_is_answered(
    school: School, device: Open, live_server: LiveServer, width: int
) -> None:
    attempt = begin(school)
    page = enter(device(width), live_server, attempt)
    assert (
        question(page, "single").bounding_box()["width"] >= min(width, 736) - 40
    )  # nothing squeezes the paper
    question(page, "single").get_by_label("Right").check()
    question(page, "multiple").get_by_label("A", exact=True).check()
    question(page, "multiple").get_by_label("B", exact=True).check()
    question(page, "true_false").get_by_label("True").check()
    question(page, "fill_in").get_by_role("textbox").fill("LED灯")
    question(page, "numeric").get_by_role("textbox").fill("12 mm")
    for place, text in enumerate(("first", "second", "third"), start=1):
        question(page, "ordering").get_by_label(text).select_option(str(place))
    question(page, "matching").get_by_label("red").select_option(label="live")
    question(page, "matching").get_by_label("blue").select_option(label="neutral")
    question(page, "case").get_by_label("False").check()
    question(page, "essay").get_by_role("textbox").fill("Heat.")
    question(page, "essay").get_by_role("textbox").press("Tab")
    expect(page.locator("[data-answered]")).to_have_text("9")
    expect_saved(page)
    page.reload()
    expect(page.locator(".qd-question[data-done]")).to_have_count(9)
    expect(question(page, "essay").get_by_role("textbox")).to_have_value("Heat.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("All questions are answered.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/result/")
    attempt.refresh_from_db()
    assert (attempt.status, attempt.earned) == ("grading", 8)


def test_answers_given_offline_survive_a_reload_and_arrive(
    school: School, device: Open, live_server: LiveServer
) -> None:
    attempt = begin(school)
    context = device()
    page = enter(context, live_server, attempt)
    context.set_offline(True)
    question(page, "single").get_by_label("Right").check()
    expect(page.get_by_role("alert").filter(has_text="No connection")).to_be_visible()
    assert answer_of(attempt, "single") is None
    context.set_offline(False)
    page.close()  # before anything was sent again
    again = enter(context, live_server, attempt)
    expect(question(again, "single").get_by_label("Right")).to_be_checked()
    expect_saved(again)
    assert answer_of(attempt, "single") == "a"


def test_a_lost_answer_of_the_server_is_sent_again(
    school: School, device: Open, live_server: LiveServer
) -> None:
    attempt = begin(school)
    page = enter(device(), live_server, attempt)
    failures = iter([True, True])
    page.route("**/answers/", lambda route: route.abort() if next(failures, False) else route.continue_())
    question(page, "fill_in").get_by_role("textbox").fill("LED灯")
    question(page, "fill_in").get_by_role("textbox").press("Enter")
    expect_saved(page)
    assert answer_of(attempt, "fill_in") == ["LED灯"]
    assert Attempt.objects.get().status == "running"  # Enter hands nothing in


def test_another_device_goes_on_where_this_one_stopped(
    school: School, device: Open, live_server: LiveServer
) -> None:
    attempt = begin(school)
    phone, desk = enter(device(390), live_server, attempt), enter(device(1280), live_server, attempt)
    question(phone, "single").get_by_label("Right").check()
    expect_saved(phone)
    # The desk has not heard of it, answers under the same number, and is told which answer stands.
    question(desk, "single").get_by_label("Wrong").check()
    expect(question(desk, "single").get_by_role("alert")).to_contain_text("on another device")
    expect(question(desk, "single").get_by_label("Right")).to_be_checked()
    question(desk, "single").get_by_label("Wrong").check()
    expect_saved(desk)
    assert answer_of(attempt, "single") == "b"


def test_a_number_that_cannot_be_read_is_said_beside_it(
    school: School, device: Open, live_server: LiveServer
) -> None:
    attempt = begin(school)
    page = enter(device(), live_server, attempt)
    question(page, "numeric").get_by_role("textbox").fill("12 kg")
    question(page, "numeric").get_by_role("textbox").press("Tab")
    expect(question(page, "numeric").get_by_role("alert")).to_contain_text("kg")
    question(page, "numeric").get_by_role("textbox").fill("12 mm")
    question(page, "numeric").get_by_role("textbox").press("Tab")
    expect(question(page, "numeric").get_by_role("alert")).to_be_hidden()
    expect_saved(page)
    assert answer_of(attempt, "numeric")["number"] == "12"


def test_when_the_time_is_up_everything_is_handed_in(
    school: School, device: Open, live_server: LiveServer
) -> None:
    attempt = begin(school, minutes=10)
    Attempt.objects.update(deadline=timezone.now() + timedelta(seconds=6))
    page = enter(device(), live_server, attempt)
    expect(page.locator("[data-clock]")).to_contain_text("0:0")
    question(page, "single").get_by_label("Right").check()
    page.wait_for_url("**/result/", timeout=40_000)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.earned) == ("graded", 1)


def test_a_wrong_clock_of_the_browser_changes_nothing(
    school: School, device: Open, live_server: LiveServer
) -> None:
    attempt = begin(school, minutes=10)
    context = device()
    context.add_init_script("const now = Date.now; Date.now = () => now() - 86400000;")
    page = enter(context, live_server, attempt)
    expect(page.locator("[data-clock]")).to_contain_text("9:5")
    question(page, "single").get_by_label("Right").check()
    expect_saved(page)
    assert answer_of(attempt, "single") == "a"


def test_the_whole_exam_by_keyboard(school: School, device: Open, live_server: LiveServer) -> None:
    attempt = begin(school)
    page = enter(device(1280), live_server, attempt)
    question(page, "single").get_by_label("Right").focus()
    page.keyboard.press("Space")
    question(page, "ordering").get_by_label("first").focus()
    page.keyboard.press("1")
    expect_saved(page)
    page.get_by_role("button", name="Hand in").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Hand in").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/result/")
    assert answer_of(attempt, "single") == "a" and len(answer_of(attempt, "ordering")) == 1
