"""Imports through the API, as an ERP's programmer meets them."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from qudao_core.imports import services
from qudao_core.imports.models import ImportJob
from qudao_partner_portal.companies.models import Tier

pytestmark = pytest.mark.django_db

CSV = "code,name,rank\ngold,Gold,1\nsilver,Silver,two\n"


@pytest.fixture
def api(client, olga):
    client.force_login(olga)
    return client


def send(client, text=CSV, kind="test-tiers", key="k-1", options=None):
    data = {"kind": kind, "file": SimpleUploadedFile("tiers.csv", text.encode())}
    if options is not None:
        data["options"] = json.dumps(options)
    return client.post("/api/v1/imports/", data, headers={"Idempotency-Key": key})


def test_upload_preview_apply(api):
    answer = send(api)
    job = answer.json()
    assert (answer.status_code, job["state"], job["created"], job["rejected"]) == (201, "checked", 1, 1)
    assert answer["Location"].endswith(f"/api/v1/imports/{job['id']}/")
    assert job["preview"]["problems"][0]["line"] == 3
    refused = api.post(f"/api/v1/imports/{job['id']}/apply/", headers={"Idempotency-Key": "k-2"})
    assert (refused.status_code, refused.json()["code"]) == (422, "rows_invalid")
    done = api.post(
        f"/api/v1/imports/{job['id']}/apply/",
        {"skip_rejected": True},
        content_type="application/json",
        headers={"Idempotency-Key": "k-3"},
    ).json()
    assert (done["state"], done["created"]) == ("done", 1)
    assert list(Tier.objects.values_list("code", flat=True)) == ["gold"]
    rejected = api.get(done["rejected_url"])
    content = b"".join(rejected.streaming_content).decode("utf-8-sig")
    assert content.splitlines()[1].startswith("silver,Silver,two,3,")
    assert rejected["Content-Disposition"] == 'attachment; filename="tiers-rejected.csv"'


def test_a_repeated_upload_is_the_first_one(api):
    first, second = send(api), send(api)
    assert first.json()["id"] == second.json()["id"]
    assert second["Idempotency-Replayed"] == "true"
    assert ImportJob.objects.count() == 1


def test_bad_uploads_are_problems_not_errors(api, monkeypatch):
    wrong = send(api, "name\nGold\n").json()
    assert (wrong["status"], wrong["code"], wrong["errors"][0]["line"]) == (422, "wrong_header", 1)
    assert send(api, kind="nothing", key="k-4").json()["code"] == "unknown_import"
    assert send(api, options=["x"], key="k-5").json()["errors"][0]["field"] == "options"
    for text in ("\ud800", "a\x00"):  # no text in UTF-8, none for PostgreSQL
        answer = send(api, options={"mode": text}, key="k-6")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "options")
    monkeypatch.setattr("qudao_core.conf.import_max_bytes", lambda: 10)
    assert send(api, key="k-6").json()["code"] == "file_too_large"
    assert api.get("/api/v1/imports/99999/").status_code == 404
    assert not ImportJob.objects.exists()


def test_kinds_and_templates(api):
    kinds = {kind["kind"]: kind for kind in api.get("/api/v1/imports/kinds/").json()}
    assert [column["name"] for column in kinds["test-tiers"]["columns"]] == ["code", "name", "rank"]
    assert kinds["test-tiers"]["options"][1]["choices"] == [["all", "All"], ["new", "New only"]]
    book = api.get("/api/v1/imports/kinds/test-tiers/template/", headers={"Accept-Language": "zh-hans"})
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["代码", "名称", "级别"],
        ["gold", "Gold", "1"],
    ]
    text = api.get("/api/v1/imports/kinds/test-tiers/template/?as=csv").content.decode("utf-8-sig")
    assert text == "Code,Name,Rank\r\ngold,Gold,1\r\n"


def test_a_template_can_be_imported_as_it_is(api):
    for form in ("xlsx", "csv"):
        content = api.get(f"/api/v1/imports/kinds/test-tiers/template/?as={form}").content
        file = SimpleUploadedFile(f"t.{form}", content)
        answer = api.post(
            "/api/v1/imports/",
            {"kind": "test-tiers", "file": file},
            headers={"Idempotency-Key": form},
        )
        assert (answer.json()["state"], answer.json()["created"]) == ("checked", 1)


def test_the_stranger_finds_nothing(api, client, stranger):
    job = send(api).json()
    client.force_login(stranger)
    assert client.get("/api/v1/imports/kinds/").json() == []
    assert client.get("/api/v1/imports/").json()["results"] == []
    assert client.get(f"/api/v1/imports/{job['id']}/").json()["code"] == "not_found"
    assert send(client, key="k-7").json()["code"] == "import_not_allowed"


def test_the_list_costs_the_same_for_one_and_three(api, django_assert_num_queries):
    def look():
        return api.get("/api/v1/imports/?kind=test-tiers&state=checked").json()["results"]

    send(api)
    look()
    with django_assert_num_queries(4):
        assert len(look()) == 1
    for number in range(2):
        send(api, f"code,name\na{number},B\n", key=f"n-{number}")
    with django_assert_num_queries(4):
        assert len(look()) == 3


def test_polling_shows_progress_of_a_background_import(api, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE_BYTES", 0)
    job = send(api).json()
    assert (job["state"], job["total"], job["progress"]) == ("uploaded", 2, 0)
    services.check(job=ImportJob.objects.get(pk=job["id"]))
    assert api.get(f"/api/v1/imports/{job['id']}/").json()["progress"] == 2
