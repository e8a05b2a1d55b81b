"""Upload, preview, apply: nothing half-applied, everything safe to repeat, every row in error named."""

import csv
import io
import threading

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from qudao_core import api as core
from qudao_core.events.models import Delivery
from qudao_core.imports import queries, services
from qudao_core.imports.models import ImportJob
from qudao_partner_portal.companies.models import Tier
from qudao_partner_portal.testing import make_back_office, viewer_of

pytestmark = pytest.mark.django_db

GOOD = "code,name,rank\ngold,Gold,1\nsilver,Silver,2\nbronze,Bronze,\n"
BAD = "Code,Name,Rank,Colour\ngold,Gold,1,y\n=x,forbidden,2,\nsilver,Silver,two,\ngold,Again,3,\n,,4,\n"


def upload(user, text=GOOD, kind="test-tiers", language="en", **options):
    viewer = viewer_of(user, language=language)
    return services.upload(
        viewer=viewer, kind=kind, file=ContentFile(text.encode()), name="tiers.csv", options=options
    )


def apply(user, job, **options):
    return services.apply(viewer=viewer_of(user), job=job, **options)


def counts(job):
    return (job.created_count, job.updated_count, job.unchanged_count, job.rejected_count)


def rejected(job):
    with job.report.open("rb") as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))


def test_a_preview_says_what_would_happen_and_changes_nothing(olga):
    Tier.objects.create(code="gold", name="Gold", rank=1)
    Tier.objects.create(code="silver", name="Silver", rank=9)
    job = upload(olga)
    assert (job.state, counts(job), job.total) == ("checked", (1, 1, 1, 0), 3)
    assert set(Tier.objects.values_list("code", "rank")) == {("gold", 1), ("silver", 9)}
    assert [row["outcome"] for row in job.preview["sample"]] == ["unchanged", "updated", "created"]
    assert job.preview["sample"][2]["cells"] == {"Code": "bronze", "Name": "Bronze", "Rank": "100"}


def test_applying_imports_and_applying_again_changes_nothing(olga):
    job = apply(olga, upload(olga))
    assert (job.state, counts(job), job.progress) == ("done", (3, 0, 0, 0), 3)
    assert Tier.objects.get(code="bronze").rank == 100
    assert apply(olga, job).finished_at == job.finished_at
    again = upload(olga)
    assert counts(again) == (0, 0, 3, 0)
    assert "same file" in again.message
    assert [entry.action for entry in core.history(job)] == [
        "qudao.import.applied",
        "qudao.import.uploaded",
    ]
    assert core.history(job)[0].actor_name == "Olga Office"


def test_every_row_in_error_is_named_and_can_be_downloaded(olga):
    job = upload(olga, BAD)
    assert counts(job) == (1, 0, 0, 4)
    found = [(p["line"], p["column"], p["code"]) for p in job.preview["problems"]]
    assert found == [
        (3, "Name", "forbidden_name"),
        (4, "Rank", "not_a_number"),
        (5, "Code", "twice_in_file"),
        (6, "Code", "required"),
        (6, "Name", "required"),
    ]
    assert all(p["message"] for p in job.preview["problems"])
    assert job.preview["unused"] == ["Colour"]
    lines = rejected(job)
    assert lines[0] == ["Code", "Name", "Rank", "Colour", "Line in file", "Reason"]
    assert lines[1] == ["'=x", "forbidden", "2", "", "3", "[Name] This name is taken. Rename."]
    assert [line[4] for line in lines[1:]] == ["3", "4", "5", "6"]


def test_a_file_with_rejected_rows_is_refused_whole_unless_asked(olga):
    job = upload(olga, BAD)
    with pytest.raises(core.Refusal) as caught:
        apply(olga, job)
    assert (caught.value.code, caught.value.status) == ("rows_invalid", 422)
    assert not Tier.objects.exists()
    job = apply(olga, job, skip_rejected=True)
    assert (job.state, counts(job)) == ("done", (1, 0, 0, 4))
    assert list(Tier.objects.values_list("code", flat=True)) == ["gold"]
    assert len(rejected(job)) == 5


def test_the_corrected_file_of_rejected_rows_can_be_imported(olga):
    job = apply(olga, upload(olga, BAD), skip_rejected=True)
    lines = rejected(job)
    corrected = [lines[0], ["silver", "Silver", "2", "", *lines[2][4:]]]
    text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in corrected)
    again = upload(olga, text)
    assert (counts(again), again.preview["unused"]) == ((1, 0, 0, 0), ["Colour"])


def test_rows_that_go_bad_after_the_preview_leave_nothing_behind(olga, monkeypatch):
    job = upload(olga)
    monkeypatch.setattr("tests.core.imports.conftest.Tiers._save", _refuse_silver)
    job = apply(olga, job)
    assert (job.state, job.rejected_count) == ("failed", 0)
    assert "gone" in job.message
    assert not Tier.objects.exists()


def _refuse_silver(self, tier, row):
    if row["code"] == "silver":
        raise core.Refusal("gone", "The warehouse is gone.")
    Tier.objects.create(code=row["code"], name=row["name"])
    return "created"


def test_lines_of_a_document_go_in_together_or_not_at_all(olga):
    text = "code,name,rank\na,A,1\nb,B,2\nc,forbidden,1\nd,D,2\ne,E,x\nf,F,3\n"
    job = upload(olga, text, kind="test-documents")
    assert counts(job) == (3, 0, 0, 3)
    found = {(p["line"], p["code"]) for p in job.preview["problems"]}
    assert found == {(2, "other_line_in_error"), (4, "forbidden_name"), (6, "not_a_number")}
    job = apply(olga, job, skip_rejected=True)
    assert set(Tier.objects.values_list("code", flat=True)) == {"b", "d", "f"}
    assert job.preview["totals"] == [["Sum", "3"]]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("name,rank\nGold,1\n", "wrong_header", 1),
        ("code,name,name\na,b,c\n", "wrong_header", 1),
        ("Price list of May\n\nfoo,bar\n1,2\n", "wrong_header", 1),
        ("", "empty_file", None),
    ],
)
def test_the_wrong_file_is_refused_at_once_and_not_kept(olga, text, code, line):
    with pytest.raises(core.Refusal) as caught:
        upload(olga, text)
    assert (caught.value.code, caught.value.problem.line) == (code, line)
    assert caught.value.problem.remedy
    assert not ImportJob.objects.exists()


def test_a_header_below_titles_is_found(olga):
    assert counts(upload(olga, "Our tiers\n\n名称,代码\nGold,gold\n")) == (1, 0, 0, 0)


def test_messages_are_in_the_persons_language(olga):
    job = upload(olga, "code,name,rank\na,b,x\n", language="zh-hans")
    assert job.language == "zh-hans"
    assert rejected(job)[0][-2:] == ["原文件行号", "原因"]
    assert list(job.preview["sample"][0]["cells"]) == ["代码", "名称", "级别"]


def test_options_are_checked(olga):
    assert apply(olga, upload(olga, prefix="x-")).created_count == 3
    assert Tier.objects.filter(code="x-gold").exists()
    with pytest.raises(core.Refusal) as caught:
        upload(olga, mode="sideways")
    assert (caught.value.code, caught.value.problem.field) == ("invalid_option", "options.mode")


def test_who_may_import_what(olga, stranger):
    with pytest.raises(core.Forbidden):
        upload(stranger)
    with pytest.raises(core.Refusal) as caught:
        upload(olga, kind="nothing")
    assert caught.value.status == 404
    job = upload(olga)
    assert queries.get_job(viewer_of(olga), job.pk) == job
    with pytest.raises(core.NotFound):
        queries.get_job(viewer_of(stranger), job.pk)
    with pytest.raises(core.Forbidden):
        apply(stranger, job)


def test_a_colleague_sees_only_own_imports(olga):
    job = upload(olga)
    colleague = make_back_office("Carl Colleague", permissions=["qudao_partner_portal.change_tier"])
    overseer = make_back_office(
        "Ottilie Overseer",
        permissions=["qudao_partner_portal.change_tier", "qudao_core.view_importjob"],
    )
    assert list(queries.jobs(viewer_of(colleague))) == []
    assert list(queries.jobs(viewer_of(overseer))) == [job]


def test_a_large_file_is_handled_by_the_dispatcher(olga, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE_BYTES", 0)
    job = upload(olga)
    assert (job.state, job.total) == ("uploaded", 3)
    deliver(job, "import.check")
    assert (job.state, counts(job)) == ("checked", (3, 0, 0, 0))
    job = apply(olga, job)
    assert job.state == "running"
    deliver(job, "import.apply")
    assert (job.state, Tier.objects.count()) == ("done", 3)
    Tier.objects.all().delete()
    deliver(job, "import.apply")
    assert not Tier.objects.exists()
    handlers = Delivery.objects.filter(handler="imports").values_list("event__topic", flat=True)
    assert list(handlers) == ["import.check", "import.apply"]


def deliver(job, topic):
    services.handle_event(event_id=1, topic=topic, aggregate="", payload={"id": job.pk})
    job.refresh_from_db()


def test_progress_can_be_seen_while_it_runs(olga, monkeypatch):
    seen = []
    job = upload(olga)
    original = services.run

    def watched(importer, table, *, progress, **options):
        def step(rows):
            progress(rows)
            seen.append(services.progress_of(job))

        return original(importer, table, progress=step, **options)

    monkeypatch.setattr(services, "run", watched)
    job.progress = 0
    apply(olga, job)
    assert seen == [2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_people_pressing_apply_import_once(olga):
    job = upload(olga)
    created = []

    def press():
        fresh = ImportJob.objects.get(pk=job.pk)
        created.append(services.apply(viewer=viewer_of(olga), job=fresh).state)
        connection.close()

    threads = [threading.Thread(target=press) for _person in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(created) <= {"done", "running"}
    assert Tier.objects.count() == 3
    assert len([entry for entry in core.history(job) if entry.action == "qudao.import.applied"]) == 1


def test_rejected_rows_are_imported_again_with_the_codes_they_had(olga):
    """A code that looks like a formula is escaped in the report, and is the same code when the report comes back."""
    header, row, *_ = rejected(upload(olga, "Code,Name,Rank\n-X1,Minus,two\n"))
    assert row[0] == "'-X1"
    mended = "Code,Name,Rank\n" + ",".join([row[0], row[1], "2"]) + "\n"
    apply(olga, upload(olga, mended))
    assert Tier.objects.get(rank=2).code == "-X1"


def test_another_file_of_the_same_kind_was_not_imported_before(olga):
    apply(olga, upload(olga))
    assert upload(olga, GOOD.replace("Bronze", "Brass")).message == ""
    upload(olga, GOOD + "iron,Iron,4\n")
    assert upload(olga, GOOD + "iron,Iron,4\n").message == "", "checked, not imported"
