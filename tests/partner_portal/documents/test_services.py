"""A document's way: saved, waiting, read, found; replaced, read again, deleted."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from qudao_core.events.dispatch import dispatch
from qudao_core.events.models import Delivery, OutboxEvent
from qudao_core.events.periodic import run_due
from qudao_partner_portal import testing
from qudao_partner_portal.documents import services
from qudao_partner_portal.documents.models import DocumentAudience, DocumentText
from qudao_partner_portal.documents.services import read_document
from qudao_search import api as search
from qudao_search.models import QueryLog
from wagtail.documents.models import Document

from . import files
from .conftest import found, make_read


def text_of(document: Any) -> DocumentText:
    return DocumentText.objects.get(pk=document.pk)


def events() -> list[tuple[str, int]]:
    rows = OutboxEvent.objects.filter(topic="document.waiting").order_by("pk")
    return [(row.aggregate, row.payload["document"]) for row in rows]


def test_a_new_document_waits_is_read_by_the_dispatcher_and_found(people):
    document = testing.make_document(
        "Panel", files.pdf("嵌入式开孔 150 毫米"), name="LP-600.pdf", keys=["tier:gold"]
    )
    assert text_of(document).state == "waiting"
    assert events() == [(f"documents:{document.pk % 2}", document.pk)]
    assert found(people.buyer, "Panel") == {"document:Panel"} and found(people.buyer, "开孔") == set()
    assert dispatch() == 1
    text = text_of(document)
    assert (text.state, text.format, text.pages, text.language) == ("ready", "pdf", 1, "zh-hans")
    assert text.file_hash == document.file_hash and text.read_at <= timezone.now()
    assert found(people.buyer, "开孔") == found(people.buyer, "LP-600") == {"document:Panel"}
    assert found(people.silver, "开孔") == set()


def test_saving_the_same_file_again_reads_nothing(people):
    document = make_read()
    document.title = "Other title"
    document.save()
    assert text_of(document).state == "ready" and len(events()) == 1
    assert found(people.editor, "Other title") == {"document:Other title"}


@pytest.mark.parametrize("name", ["sheet.txt", "other.txt"])
def test_a_new_file_is_read_again_whatever_its_name(people, name):
    document = make_read("Sheet", b"old words", keys=["members"])
    document.file.storage.delete(document.file.name)
    document.file = ContentFile(b"new words", name)
    document._set_document_file_metadata()
    document.save()
    assert text_of(document).state == "waiting" and len(events()) == 2
    read_document(document_id=document.pk)
    assert found(people.buyer, "new words") == {"document:Sheet"}
    assert text_of(document).text == "new words"


def test_a_file_that_came_while_another_was_read_waits_for_its_turn(people, monkeypatch):
    document = testing.make_document(content=b"first")
    extract = services.extract

    def replaced_meanwhile(file: Any, limits: Any) -> Any:
        newer = Document.objects.get(pk=document.pk)
        newer.file = ContentFile(b"second", "second.txt")
        newer._set_document_file_metadata()
        newer.save()
        return extract(file, limits)

    monkeypatch.setattr(services, "extract", replaced_meanwhile)
    assert read_document(document_id=document.pk) == "waiting"
    monkeypatch.undo()
    assert text_of(document).text == ""
    read_document(document_id=document.pk)
    assert text_of(document).text == "second"


def test_reading_twice_reads_once(people):
    document = make_read()
    assert read_document(document_id=document.pk) == ""
    assert read_document(document_id=0) == ""


def test_a_deleted_document_is_gone(people):
    document = make_read("Panel", keys=["members"])
    document.delete()
    assert found(people.editor, "Panel") == set()
    assert not DocumentText.objects.exists() and not DocumentAudience.objects.exists()
    assert dispatch() == 1  # the event of a document that is gone is handled like any other


def test_a_bad_document_holds_up_nobody(people):
    bad = testing.make_document("Bad", files.zip_bomb(), name="bad.docx", keys=["members"])
    good = testing.make_document("Good", b"words inside", keys=["members"])
    assert dispatch() + dispatch() == 2
    assert (text_of(bad).state, text_of(bad).reason) == ("unreadable", "zip_bomb")
    assert text_of(good).state == "ready"
    assert not Delivery.objects.exclude(state="done").exists()
    assert found(people.buyer, "Bad") == {"document:Bad"}  # by its title it is still found


def test_one_batch_holds_as_many_documents_as_there_are_lanes(people):
    for number in range(5):
        testing.make_document(f"Sheet {number}")
    assert [dispatch() for _round in range(4)] == [2, 2, 1, 0]


def test_a_missing_file_is_unreadable(people):
    document = testing.make_document()
    Path(document.file.path).unlink()
    assert read_document(document_id=document.pk) == "unreadable"
    assert text_of(document).reason == "missing"


def test_a_process_that_dies_each_time_is_not_begun_a_fourth_time(people, monkeypatch):
    document = testing.make_document()

    def killed(*args: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "extract", killed)
    for _attempt in range(services.MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            read_document(document_id=document.pk)
    monkeypatch.undo()
    assert read_document(document_id=document.pk) == "unreadable"
    assert text_of(document).reason == "crashed"
    services.read_again(document_ids=[document.pk])
    assert read_document(document_id=document.pk) == "ready"


def test_what_was_there_before_the_portal_is_caught_up_with(people):
    document = testing.make_document()
    DocumentText.objects.all().delete()
    OutboxEvent.objects.all().delete()
    assert services.catch_up() == 1 and len(events()) == 1
    assert services.catch_up() == 0  # it waits, and not for long
    Document.objects.update(created_at=timezone.now() - timezone.timedelta(hours=2))
    assert services.catch_up() == 1
    assert text_of(document).state == "waiting"


def test_the_command_reads_what_waits_and_again_everything(people):
    def run(**options: Any) -> str:
        out = io.StringIO()
        call_command("read_documents", stdout=out, **options)
        return out.getvalue().rpartition("\r")[2].strip()

    testing.make_document("One")
    testing.make_document("Two", b"\x89PNG\r\n\x1a\n\x00")
    testing.make_document("Three", files.docx("x")[:-400])
    assert run() == "3 documents read: 1 ready, 1 skipped, 1 unreadable"
    assert run() == "0 documents read"
    assert run(unreadable=True) == "1 documents read: 1 unreadable"
    assert run(again=True) == "3 documents read: 1 ready, 1 skipped, 1 unreadable"


def test_settings_bound_the_reading(people, settings):
    settings.QUDAO_DOCUMENT_MAX_BYTES = 10
    document = testing.make_document(content=b"x" * 11)
    read_document(document_id=document.pk)
    assert text_of(document).reason == "too_large"
    settings.QUDAO_DOCUMENT_MAX_BYTES, settings.QUDAO_DOCUMENT_PAGES = 10_000, 1
    settings.QUDAO_SEARCH_LONGEST_TEXT, settings.QUDAO_DOCUMENT_SECONDS = 3, 30
    document = testing.make_document(content=files.pdf("一二三四", "五"))
    read_document(document_id=document.pk)
    assert (text_of(document).text, text_of(document).reason) == ("一二三", "too_many_pages")


def test_the_daily_work_looks_for_documents_and_forgets_old_searches(people):
    testing.make_document()
    DocumentText.objects.all().delete()
    search.search(testing.viewer_of(people.buyer), search.SearchRequest(text="lamp"))
    QueryLog.objects.update(asked_at=timezone.now() - timezone.timedelta(days=91))
    run_due()
    assert DocumentText.objects.get().state == "waiting"
    assert not QueryLog.objects.exists()


def test_the_hash_of_what_was_read_is_kept(people):
    """Computed where the document has none, kept where the file is gone: a file that comes back is not news."""
    document = testing.make_document(content=b"some words")
    known = document.file_hash
    Document.objects.update(file_hash="")
    services.read_again(document_ids=[document.pk])
    assert read_document(document_id=document.pk) == "ready"
    assert known and text_of(document).file_hash == known
    Document.objects.update(file_hash=known)
    document.file.storage.delete(document.file.name)
    services.read_again(document_ids=[document.pk])
    assert read_document(document_id=document.pk) == "unreadable"
    assert text_of(document).file_hash == known
