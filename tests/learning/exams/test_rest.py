"""An exam through the API, as a phone app sits it and as a training system keeps it."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_learning.exams.models import Attempt
from qudao_learning.testing import every_kind, make_bank, make_exam
from qudao_partner_portal import testing as portal

from tests.learning.conftest import School

pytestmark = pytest.mark.django_db
API = "/api/v1"


class Caller:
    """A signed-in person at the API."""

    def __init__(self, user: Any) -> None:
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(user)

    def get(self, path: str, status: int = 200) -> Any:
        return self._answer(self.client.get(API + path), status)

    def post(self, path: str, body: Any = None, status: int = 200, key: str = "") -> Any:
        headers = {"idempotency-key": key or str(uuid.uuid4())}
        answer = self.client.post(API + path, body or {}, content_type="application/json", headers=headers)
        return self._answer(answer, status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        return self._answer(self.client.put(API + path, body, content_type="application/json"), status)

    def _answer(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.content.decode()


def test_from_the_list_to_the_review(school: School) -> None:
    make_exam(
        make_bank(each for each in every_kind() if each.content.kind != "essay"), code="lamps", minutes=30
    )
    lin = Caller(school.lin)
    (exam,) = lin.get("/exams/")["results"]
    assert (exam["code"], exam["minutes"], exam["attempts_left"], exam["refusal"]) == ("lamps", 30, 3, None)
    paper = lin.post("/exams/lamps/attempts/", status=201, key="start")
    assert lin.post("/exams/lamps/attempts/", status=201, key="start")["id"] == paper["id"]
    assert lin.post("/exams/lamps/attempts/", status=201)["id"] == paper["id"]
    assert 29 * 60_000 < paper["remaining_ms"] <= 30 * 60_000 and len(paper["questions"]) == 8
    single = next(each for each in paper["questions"] if each["content"]["kind"] == "single")
    path = f"/attempts/{paper['id']}"
    saved = lin.put(
        f"{path}/answers/", {"answers": [{"position": single["position"], "sequence": 1, "answer": "a"}]}
    )
    assert saved["answers"] == [
        {"position": single["position"], "outcome": "saved", "answer": "a", "sequence": 1, "problem": None}
    ]
    again = next(each for each in lin.get(f"{path}/")["questions"] if each["position"] == single["position"])
    assert (again["answer"], again["sequence"]) == ("a", 1)
    lin.get(f"{path}/review/", status=422)
    done = lin.post(f"{path}/submit/")
    assert (done["status"], done["passed"], done["earned"]) == ("graded", False, "1.00")
    review = lin.get(f"{path}/review/")
    assert sum(each["is_right"] for each in review["questions"]) == 1
    assert all(each["right_answer"] is not None for each in review["questions"])
    assert lin.put(f"{path}/answers/", {"answers": [{"position": 1, "sequence": 9, "answer": "a"}]}, 409)[
        "code"
    ] == ("attempt_over")
    assert [each["id"] for each in lin.get("/attempts/")["results"]] == [paper["id"]]


def test_problems_are_said_per_answer(school: School) -> None:
    make_exam(code="lamps")
    lin = Caller(school.lin)
    paper = lin.post("/exams/lamps/attempts/", status=201)
    rows = [
        {"position": 1, "sequence": 1, "answer": "z"},
        {"position": 150, "sequence": 1, "answer": "a"},
        {"position": 2, "sequence": 1, "answer": {"x": 1}},
        {"position": 3, "sequence": 1, "answer": None},
    ]
    found = lin.put(f"/attempts/{paper['id']}/answers/", {"answers": rows})["answers"]
    assert [each["problem"] and each["problem"]["code"] for each in found] == [
        "unknown_choice",
        "not_on_paper",
        "wrong_type",
        None,
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answers": []},
        {"answers": "a"},
        {"answers": [{"position": 0, "sequence": 1, "answer": "a"}]},
        {"answers": [{"position": 1, "sequence": 0, "answer": "a"}]},
        {"answers": [{"position": 1, "sequence": "one", "answer": "a"}]},
        {"answers": [{"position": 1, "sequence": 1, "answer": "a", "right": True}]},
    ],
)
def test_malformed_answers_are_refused(school: School, body: Any) -> None:
    make_exam(code="lamps")
    lin = Caller(school.lin)
    paper = lin.post("/exams/lamps/attempts/", status=201)
    lin.put(f"/attempts/{paper['id']}/answers/", body, status=400)


def test_strangers_find_nothing(school: School) -> None:
    make_exam(code="lamps", audience_keys=[f"company:{school.dealer.pk}"])
    paper = Caller(school.lin).post("/exams/lamps/attempts/", status=201)
    outsider = portal.make_person(portal.make_company("Other", parent=portal.make_company("Root")))
    stranger = Caller(outsider)
    assert stranger.get("/exams/")["results"] == []
    stranger.get("/exams/lamps/", status=404)
    stranger.post("/exams/lamps/attempts/", status=404)
    rows = {"answers": [{"position": 1, "sequence": 5, "answer": "b"}]}
    for person in (outsider, school.wei, school.trainer):
        caller = Caller(person)
        for path in (
            f"/attempts/{paper['id']}/",
            f"/attempts/{paper['id']}/review/",
            f"/attempts/{uuid.uuid4()}/",
        ):
            caller.get(path, status=404)
        caller.put(f"/attempts/{paper['id']}/answers/", rows, status=404)
        caller.post(f"/attempts/{paper['id']}/submit/", status=404)
    assert Client().get(f"{API}/exams/").status_code == 401
    assert Attempt.objects.get().status == "running"


def test_a_saved_answer_and_a_start_take_few_statements(school: School) -> None:
    make_exam(make_bank(every_kind()), code="lamps")
    lin = Caller(school.lin)
    with CaptureQueriesContext(connection) as started:
        paper = lin.post("/exams/lamps/attempts/", status=201)
    rows = {"answers": [{"position": 1, "sequence": 1, "answer": None}]}
    lin.put(f"/attempts/{paper['id']}/answers/", rows)
    rows["answers"][0]["sequence"] = 2
    with CaptureQueriesContext(connection) as saved:
        lin.put(f"/attempts/{paper['id']}/answers/", rows)
    assert len(started) <= 25, len(started)
    told = [
        each["sql"][:90]
        for each in saved
        if not each["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    assert len(told) <= 7, told


def test_exams_are_kept_through_the_api(school: School) -> None:
    bank = make_bank(every_kind(), code="all")
    trainer = Caller(school.trainer)
    body = {
        "code": "first",
        "bank": "all",
        "title": "First",
        "sections": [{"count": 2}, {"count": 1, "topic": "essay", "points": "5"}],
        "audience_keys": ["everyone"],
    }
    made = trainer.post("/exam-definitions/", body, status=201)
    assert made["status"] == "draft" and made["sections"][1]["points"] == "5.00"
    assert Caller(school.lin).get("/exams/")["results"] == []
    assert trainer.post("/exam-definitions/first/status/", {"status": "open"})["status"] == "open"
    assert len(Caller(school.lin).get("/exams/")["results"]) == 1
    body["sections"] = [{"count": 10}]
    refused = trainer.put(
        "/exam-definitions/first/", {key: body[key] for key in body if key != "code"}, status=422
    )
    assert refused["code"] == "bank_too_small" and "1 question is missing" in refused["errors"][0]["message"]
    trainer.post("/exam-definitions/", {**body, "bank": "none"}, status=404)
    for path in (
        "/exam-definitions/",
        "/exam-definitions/first/",
        "/question-banks/",
        f"/question-banks/{bank.code}/questions/",
    ):
        Caller(school.lin).get(path, status=403)


def test_an_essay_is_graded_through_the_api(school: School) -> None:
    make_exam(make_bank(each for each in every_kind() if each.content.kind == "essay"), code="essay")
    lin, trainer = Caller(school.lin), Caller(school.trainer)
    paper = lin.post("/exams/essay/attempts/", status=201)
    rows = {"answers": [{"position": 1, "sequence": 1, "answer": "Heat."}]}
    assert lin.post(f"/attempts/{paper['id']}/submit/", rows)["status"] == "grading"
    lin.post(f"/attempts/{paper['id']}/grades/", {"position": 1, "share": "1"}, status=403)
    graded = trainer.post(
        f"/attempts/{paper['id']}/grades/", {"position": 1, "share": "0.75", "feedback": "Good."}
    )
    assert (graded["percent"], graded["passed"], graded["person"]) == ("75.00", True, "Lin Hua")
    (row,) = trainer.get("/exam-definitions/essay/attempts/")["results"]
    assert row["company"] == "Chen Electric" and row["passed"]


def test_more_time_is_granted_through_the_api(school: School) -> None:
    make_exam(code="lamps", minutes=10)
    trainer, lin = Caller(school.trainer), Caller(school.lin)
    body = {"person": school.lin.pk, "extra_minutes": 5, "reason": "Dyslexia"}
    lin.post("/exam-definitions/lamps/terms/", body, status=403)
    assert trainer.post("/exam-definitions/lamps/terms/", body)["extra_minutes"] == 5
    assert lin.get("/exams/lamps/")["minutes"] == 15
    trainer.post("/exam-definitions/lamps/terms/", {**body, "person": 10**9}, status=404)


def test_banks_and_questions_through_the_api(school: School) -> None:
    trainer = Caller(school.trainer)
    trainer.post("/question-banks/", {"code": "new", "name": "New"}, status=201)
    trainer.post("/question-banks/", {"code": "new", "name": "New"}, status=409)
    question = {
        "text": "Which?",
        "content": {
            "kind": "single",
            "choices": [{"key": "a", "text": "Yes", "weight": "100"}, {"key": "b", "text": "No"}],
        },
        "external_key": "Q1",
    }
    made = trainer.post("/question-banks/new/questions/", question, status=201)
    assert made["version"] == 1 and made["content"]["choices"][0]["text"] == "Yes"
    path = f"/question-banks/new/questions/{made['id']}/"
    assert trainer.put(path, {**question, "text": "Which one?"})["version"] == 2
    question["content"]["choices"][0]["weight"] = "50"  # type: ignore[index]
    refused = trainer.post("/question-banks/new/questions/", {**question, "external_key": ""}, status=422)
    assert refused["errors"][0]["code"] == "no_right_choice"
    assert trainer.post("/question-banks/new/retire/", {"questions": [made["id"]]}) == {"changed": 1}
    assert trainer.get("/question-banks/new/")["size"] == 0
    assert [
        each["text"] for each in trainer.get("/question-banks/new/questions/?retired=true")["results"]
    ] == ["Which one?"]


GIFT = """// question: 1
::One:: Two plus two? {=4 ~5}

Broken { =a
"""


def test_files_through_the_api(school: School) -> None:
    make_bank(code="new")
    trainer = Caller(school.trainer)
    shown = trainer.post("/question-banks/new/import/", {"name": "x.txt", "content": GIFT, "preview": True})
    assert (shown["format"], shown["created"], [each["code"] for each in shown["problems"]]) == (
        "gift",
        1,
        ["unbalanced_braces"],
    )
    assert trainer.get("/question-banks/new/")["size"] == 0
    refused = trainer.post("/question-banks/new/import/", {"name": "x.txt", "content": GIFT}, status=422)
    assert refused["errors"][0]["line"] == 4
    assert (
        trainer.post("/question-banks/new/import/", {"name": "x", "content": GIFT, "partial": True})[
            "created"
        ]
        == 1
    )
    again = trainer.post("/question-banks/new/import/", {"name": "x", "content": GIFT, "partial": True})
    assert (again["created"], again["unchanged"]) == (0, 1)
    for content, code in (("", "nothing_in_it"), ("<x/>", "not_a_quiz"), ("<quiz>", "not_xml")):
        body = {"name": "x", "content": content or " \n"}
        assert trainer.post("/question-banks/new/import/", body, status=422)["code"] == code
    assert "Two plus two?" in trainer.get("/question-banks/new/export/?as=gift")
    assert "<quiz>" in trainer.get("/question-banks/new/export/?as=moodle")
    assert "ANSWER: A" in trainer.get("/question-banks/new/export/?as=aiken")
