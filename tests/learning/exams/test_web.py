"""Pages of exams without scripts: everything works by forms."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from qudao_learning import api as learning
from qudao_learning.exams.models import Attempt
from qudao_learning.testing import every_kind, make_bank, make_exam
from qudao_partner_portal import testing as portal

from tests.learning.conftest import School

pytestmark = pytest.mark.django_db


def opened(user: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def begun(school: School, **exam: Any) -> tuple[Client, Attempt]:
    made = make_exam(make_bank(every_kind()), code="all", **exam)
    return opened(school.lin), learning.start_attempt(viewer=school.viewer(school.lin), exam=made)


def test_a_person_without_exams_is_told_so_and_sees_no_entry(school: School) -> None:
    client = opened(school.lin)
    page = client.get(reverse("learning:exams")).content.decode()
    assert "No exams are open to you." in page
    assert reverse("learning:exams") not in client.get("/").content.decode()
    make_exam()
    assert reverse("learning:exams") in client.get("/").content.decode()


def test_from_the_list_into_the_room_and_out(school: School) -> None:
    make_exam(make_bank(every_kind()), code="all", minutes=20, title="Everything")
    client = opened(school.lin)
    assert "Everything" in client.get("/exams/").content.decode()
    page = client.get("/exams/all/").content.decode()
    assert "20 minutes" in page and "Begin the exam" in page
    answer = client.post("/exams/all/")
    attempt = Attempt.objects.get()
    assert answer.url == f"/attempts/{attempt.key}/"  # type: ignore[attr-defined]
    room = client.get(answer.url)  # type: ignore[attr-defined]
    assert room.headers["Cache-Control"] == "no-store"
    assert "Names the risk" not in room.content.decode() and "Because of" not in room.content.decode()
    single = next(each for each in learning.paper(attempt).questions if each.content["kind"] == "single")
    data = {"form": "1", f"q{single.position}": "a"}
    assert "1 answer was saved." in client.post(answer.url, data, follow=True).content.decode()  # type: ignore[attr-defined]
    done = client.post(f"{answer.url}submit/", data, follow=True).content.decode()  # type: ignore[attr-defined]
    assert "Not passed" in done and "Because of single" in done
    assert client.get(answer.url).status_code == 302  # type: ignore[attr-defined]


def test_every_type_is_answered_by_a_form(school: School) -> None:
    client, attempt = begun(school)
    data: dict[str, Any] = {"form": "1"}
    for each in learning.paper(attempt).questions:
        name, kind = f"q{each.position}", each.content["kind"]
        if kind == "ordering":
            right = ["first", "second", "third"]
            data |= {
                f"{name}-{item['key']}": str(right.index(item["text"]) + 1) for item in each.content["items"]
            }
        elif kind == "matching":
            keys = {item["text"]: item["key"] for item in each.content["right"]}
            data |= {f"{name}-1": keys["live"], f"{name}-2": keys["neutral"]}
        else:
            given = {
                "single": "a",
                "multiple": ["a", "b"],
                "true_false": "true",
                "numeric": "12 mm",
                "essay": "Heat.",
            }
            data |= {name: given[kind]} if kind in given else {}
            data |= {f"{name}-0": "LED灯"} if kind == "fill_in" else {}
            data |= {f"{name}-p1": "false"} if kind == "case" else {}
    client.post(f"/attempts/{attempt.key}/", data)
    again = client.get(f"/attempts/{attempt.key}/").content.decode()
    assert again.count("data-done") == 9
    client.post(f"/attempts/{attempt.key}/submit/", data)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.earned) == ("grading", 8)


def test_a_wrong_number_is_named_and_the_rest_is_saved(school: School) -> None:
    client, attempt = begun(school)
    numeric = next(each for each in learning.paper(attempt).questions if each.content["kind"] == "numeric")
    single = next(each for each in learning.paper(attempt).questions if each.content["kind"] == "single")
    data = {"form": "1", f"q{numeric.position}": "twelve", f"q{single.position}": "b"}
    page = client.post(f"/attempts/{attempt.key}/", data, follow=True).content.decode()
    assert f"Question {numeric.position}:" in page and "1 answer was saved." in page


def test_why_an_exam_cannot_begin_is_said(school: School) -> None:
    make_exam(code="used", attempts=1)
    client = opened(school.lin)
    client.post("/exams/used/")
    attempt = Attempt.objects.get()
    client.post(f"/attempts/{attempt.key}/submit/")
    page = client.get("/exams/used/").content.decode()
    assert "You have used all attempts." in page and "Your trainer can grant you another one." in page
    assert "You have used all attempts." in client.post("/exams/used/", follow=True).content.decode()


def test_strangers_see_nothing(school: School) -> None:
    _client, attempt = begun(school, audience_keys=[f"company:{school.dealer.pk}"])
    outsider = portal.make_person(portal.make_company("Other", parent=portal.make_company("Root")))
    for person in (outsider, school.wei, school.trainer):
        client = opened(person)
        for path in ("", "result/"):
            assert client.get(f"/attempts/{attempt.key}/{path}").status_code == 404
        assert client.post(f"/attempts/{attempt.key}/submit/", {"form": "1"}).status_code == 404
    assert opened(outsider).get("/exams/all/").status_code == 404
    assert opened(outsider).post("/exams/all/").status_code == 404
    assert Client().get("/exams/").status_code == 302
    attempt.refresh_from_db()
    assert attempt.status == "running"


def test_the_result_shows_what_the_exam_shows(school: School) -> None:
    client, attempt = begun(school, shown="nothing")
    client.post(f"/attempts/{attempt.key}/submit/")
    page = client.get(f"/attempts/{attempt.key}/result/").content.decode()
    assert "Right answer" not in page and "0 %" in page


def test_chinese_titles(school: School) -> None:
    make_exam(code="zh", title="Lamps", title_zh="灯具")
    assert "灯具" in opened(school.lin, "zh-hans").get("/exams/").content.decode()
