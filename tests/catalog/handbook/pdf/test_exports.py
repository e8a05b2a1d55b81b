"""PDFs of handbooks: what stands in them, who may have them made and fetch them, and what happens when it fails."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from qudao_catalog.handbook import services as handbook
from qudao_catalog.handbook.pdf import queries, services
from qudao_catalog.handbook.pdf.models import HandbookExport
from qudao_core import api as core
from qudao_core.events.periodic import run_due
from qudao_core.exports import services as exports
from qudao_core.exports.queries import RETENTION
from qudao_core.models import OutboxEvent

from ...conftest import Channel
from ..conftest import Book

pytestmark = pytest.mark.skipif(not core.pdf_available(), reason="WeasyPrint finds no Pango on this machine")


def make(viewer: core.Viewer, page: Any, scope: str = "handbook") -> HandbookExport:
    export = services.request_export(viewer=viewer, page_id=page.pk, scope=scope)
    services.make_export(export_id=export.pk)
    return queries.get_export(viewer, export.pk)


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def words(export: HandbookExport) -> str:
    with export.file.open("rb") as file:
        return text_of(file.read())


def test_a_gold_dealers_handbook_holds_everything(channel: Channel, book: Book) -> None:
    export = make(channel.sees(channel.buyer), book.handbook)
    assert (export.state, export.done, export.total, export.title) == ("done", 4, 4, "Light handbook")
    found = words(export)
    for text in (
        "Contents",
        "Recessed downlights",
        "Use a hole saw of 75 mm.",
        "Too dear!",
        "Count the hours.",
        "Hi.",
    ):
        assert text in found
    assert "Chengdu" in found, "for whom it was made"


def test_another_dealers_holds_only_what_is_for_members(channel: Channel, book: Book) -> None:
    found = words(make(channel.sees(channel.stranger), book.handbook))
    assert "Say hello" in found and "Use a hole saw" in found
    assert "dear" not in found and "For gold." not in found


def test_contents_name_the_pages_the_topics_stand_on(channel: Channel, book: Book) -> None:
    export = make(channel.sees(channel.buyer), book.handbook)
    with export.file.open("rb") as file:
        reader = PdfReader(io.BytesIO(file.read()))
    contents = reader.pages[1].extract_text()
    place = next(
        number
        for number, page in enumerate(reader.pages, 1)
        if number > 2 and "hole saw" in page.extract_text()
    )
    line = next(line for line in contents.splitlines() if "Recessed downlights" in line)
    assert line.rstrip().endswith(str(place))
    assert f"{place} / {len(reader.pages)}" in reader.pages[place - 1].extract_text()
    assert "Mounting" in reader.pages[place - 1].extract_text(), "the running header names the chapter"


def test_a_chapter_holds_its_topics_only(channel: Channel, book: Book) -> None:
    found = words(make(channel.sees(channel.buyer), book.mounting, "chapter"))
    assert "Level them." in found and "Say hello" not in found
    assert found.count("Mounting") >= 2, "on the cover and above its pages"


def test_a_product_the_reader_may_not_see_is_not_on_paper(channel: Channel, book: Book) -> None:
    handbook.save_topic(
        parent=book.mounting, slug="all", title="All", body=[("products", ["LH-D09", "LH-X1"])]
    )
    assert "Secret beam" in words(make(channel.sees(channel.buyer), book.mounting, "chapter"))
    found = words(make(channel.sees(channel.stranger), book.mounting, "chapter"))
    assert "Downlight 9 W" in found and "Secret beam" not in found


def test_chinese_readers_get_chinese(channel: Channel, book: Book) -> None:
    handbook.translate_handbook(handbook=book.handbook, language="zh-hans", title="灯具手册")
    handbook.translate_topic(
        topic=book.rails, language="zh-hans", title="导轨", body=[("text", "<p>调平导轨。</p>")]
    )
    found = words(make(channel.sees(channel.buyer, "zh-hans"), book.handbook))
    assert "灯具手册" in found and "调平导轨" in found
    assert "Use a hole saw" in found, "what is not translated stands there in the original"


def test_asking_twice_makes_one(channel: Channel, book: Book) -> None:
    viewer = channel.sees(channel.buyer)
    first = services.request_export(viewer=viewer, page_id=book.handbook.pk, scope="handbook")
    again = services.request_export(viewer=viewer, page_id=book.handbook.pk, scope="handbook")
    assert first.pk == again.pk
    assert OutboxEvent.objects.filter(topic=services.REQUESTED).count() == 1
    services.make_export(export_id=first.pk)
    services.make_export(export_id=first.pk)
    assert HandbookExport.objects.get().attempts == 1, "the second delivery of the event finds it made"


def test_a_colleagues_pdf_is_not_found(channel: Channel, book: Book) -> None:
    export = make(channel.sees(channel.buyer), book.handbook)
    for somebody in (channel.learner, channel.parent_buyer, channel.stranger):
        with pytest.raises(core.NotFound) as caught:
            queries.get_file(channel.sees(somebody), export.pk)
        assert caught.value.code == "export_not_found"


def test_what_may_no_longer_be_read_may_not_be_fetched(channel: Channel, book: Book) -> None:
    export = make(channel.sees(channel.buyer), book.handbook)
    handbook.save_chapter(
        parent=book.handbook, slug="selling", title="Selling", summary="For gold.", audience=["tier:silver"]
    )
    with pytest.raises(core.Refusal) as caught:
        queries.get_file(channel.sees(channel.buyer), export.pk)
    assert caught.value.code == "export_outdated"


def test_a_part_the_reader_does_not_see_cannot_be_asked_for(channel: Channel, book: Book) -> None:
    for page, scope in ((book.selling, "handbook"), (book.handbook, "shelf"), (book.downlights, "chapter")):
        with pytest.raises(core.NotFound):
            services.request_export(viewer=channel.sees(channel.buyer), page_id=page.pk, scope=scope)


def test_nobody_has_everything_made_at_once(channel: Channel, book: Book) -> None:
    viewer = channel.sees(channel.buyer)
    for number in range(exports.MAX_UNFINISHED):
        extra = handbook.save_handbook(slug=f"h{number}", title=f"Handbook {number}")
        part = handbook.save_chapter(parent=extra, slug="c", title="C")
        handbook.save_topic(parent=part, slug="t", title="T", body=[("text", "<p>x</p>")])
        services.request_export(viewer=viewer, page_id=extra.pk, scope="handbook")
    with pytest.raises(core.Refusal) as caught:
        services.request_export(viewer=viewer, page_id=book.handbook.pk, scope="handbook")
    assert (caught.value.code, caught.value.status) == ("too_many_exports", 429)


def test_a_maker_that_was_killed_is_followed_by_another(channel: Channel, book: Book) -> None:
    viewer = channel.sees(channel.buyer)
    export = services.request_export(viewer=viewer, page_id=book.handbook.pk, scope="handbook")
    rows = HandbookExport.objects.filter(pk=export.pk)
    rows.update(state="running", attempts=1, changed_at=timezone.now())
    services.make_export(export_id=export.pk)
    assert rows.get().state == "running", "somebody is at it"
    rows.update(changed_at=timezone.now() - exports.STALLED_AFTER - timedelta(seconds=1))
    services.make_export(export_id=export.pk)
    assert (rows.get().state, rows.get().attempts) == ("done", 2)


def test_the_event_of_a_maker_that_was_killed_waits_until_it_is_known_to_be_dead(
    channel: Channel, book: Book
) -> None:
    """An event's lease ends before the silence does: the event must not pass for handled meanwhile."""
    export = services.request_export(
        viewer=channel.sees(channel.buyer), page_id=book.mounting.pk, scope="chapter"
    )
    rows = HandbookExport.objects.filter(pk=export.pk)
    rows.update(state="running", attempts=1, changed_at=timezone.now())
    told = {"payload": {"id": export.pk}, "event_id": 1, "topic": services.REQUESTED, "aggregate": ""}
    with pytest.raises(exports.StillRunning):
        services.handle_event(**told)
    rows.update(changed_at=timezone.now() - exports.STALLED_AFTER - timedelta(seconds=1))
    services.handle_event(**told)
    assert (rows.get().state, rows.get().attempts) == ("done", 2)


def test_asking_again_has_it_made_when_its_maker_died(channel: Channel, book: Book) -> None:
    asked = {"viewer": channel.sees(channel.buyer), "page_id": book.mounting.pk, "scope": "chapter"}
    export = services.request_export(**asked)
    rows = HandbookExport.objects.filter(pk=export.pk)
    rows.update(state="running", attempts=12, changed_at=timezone.now())
    assert services.request_export(**asked).state == "running"
    rows.update(changed_at=timezone.now() - exports.STALLED_AFTER - timedelta(seconds=1))
    assert services.request_export(**asked).state == "waiting"
    assert OutboxEvent.objects.filter(topic=services.REQUESTED).count() == 2


@pytest.mark.parametrize("number", [2**63, 99999999999999999999])
def test_numbers_beyond_every_database_are_not_found(
    channel: Channel, book: Book, client: Client, number: int
) -> None:
    client.force_login(channel.buyer)
    for path in (
        f"/handbook-pdf/{number}/topic/",
        f"/handbook-pdf/{number}/handbook/",
        f"/handbook-exports/{number}/",
        f"/handbook-exports/{number}/file/",
        f"/api/v1/handbooks/{number}/",
        f"/api/v1/handbook-topics/{number}/",
        f"/api/v1/handbook-exports/{number}/",
        f"/api/v1/handbook-exports/{number}/file/",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post(f"/handbook-pdf/{number}/handbook/").status_code == 404


def test_an_empty_part_is_said_at_once(channel: Channel, book: Book) -> None:
    empty = handbook.save_chapter(parent=book.handbook, slug="empty", title="Empty")
    with pytest.raises(core.Refusal) as caught:
        services.request_export(viewer=channel.sees(channel.buyer), page_id=empty.pk, scope="chapter")
    assert caught.value.code == "nothing_to_print"


def test_a_refusal_on_the_way_is_told_and_may_be_tried_again(channel: Channel, book: Book) -> None:
    viewer = channel.sees(channel.buyer)
    export = services.request_export(viewer=viewer, page_id=book.handbook.pk, scope="handbook")
    book.handbook.unpublish()
    services.make_export(export_id=export.pk)
    failed = queries.get_export(viewer, export.pk)
    assert (failed.state, failed.message) == ("failed", "There is no such page in your handbook.")
    book.handbook.get_latest_revision().publish()
    assert (
        services.request_export(viewer=viewer, page_id=book.handbook.pk, scope="handbook").state == "waiting"
    )


def test_old_files_are_deleted_with_their_rows(channel: Channel, book: Book) -> None:
    export = make(channel.sees(channel.buyer), book.mounting, "chapter")
    name, storage = export.file.name, export.file.storage
    assert services.forget_exports() == 0 and storage.exists(name)
    HandbookExport.objects.update(created_at=timezone.now() - RETENTION - timedelta(hours=1))
    run_due()
    assert not storage.exists(name) and not HandbookExport.objects.exists()


def test_pages_lead_from_asking_to_the_file(channel: Channel, book: Book, client: Client) -> None:
    client.force_login(channel.buyer)
    asked = client.get(f"/handbook-pdf/{book.handbook.pk}/handbook/")
    assert "4 topics" in asked.content.decode()
    sent = client.post(f"/handbook-pdf/{book.handbook.pk}/handbook/")
    status = sent["Location"]
    assert "Waiting for its turn" in client.get(status).content.decode()
    assert client.get(f"{status}file/")["Location"] == status, "not ready: back to the progress"
    services.make_export(export_id=HandbookExport.objects.get().pk)
    assert f'href="{status}file/"' in client.get(status, headers={"HX-Request": "true"}).content.decode()
    file = client.get(f"{status}file/")
    assert file["Content-Disposition"] == 'attachment; filename="Light handbook.pdf"'
    assert "Too dear!" in text_of(b"".join(file.streaming_content))


def test_a_topic_is_made_in_the_background_and_then_comes_at_once(
    channel: Channel, book: Book, client: Client
) -> None:
    client.force_login(channel.stranger)
    address = f"/handbook-pdf/{book.downlights.pk}/topic/"
    assert "1 topic" in client.get(address).content.decode()
    assert not HandbookExport.objects.exists(), "looking has nothing made"
    status = client.post(address)["Location"]
    assert "Waiting for its turn" in client.get(status).content.decode()
    assert client.get(address)["Content-Type"].startswith("text/html"), "not ready yet"
    services.make_export(export_id=HandbookExport.objects.get().pk)
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="Recessed downlights.pdf"'
    assert "Use a hole saw of 75 mm." in text_of(b"".join(answer.streaming_content))
    assert client.get(f"/handbook-pdf/{book.objection.pk}/topic/").status_code == 404


def test_a_topic_that_changed_is_made_again(channel: Channel, book: Book, client: Client) -> None:
    client.force_login(channel.buyer)
    address = f"/handbook-pdf/{book.rails.pk}/topic/"
    make(core.viewer_for(channel.buyer), book.rails, "topic")
    ready = client.get(address)
    assert ready["Content-Type"] == "application/pdf" and b"".join(ready.streaming_content)
    handbook.save_topic(parent=book.mounting, slug="rails", title="Rails", body=[("text", "<p>Anew.</p>")])
    assert client.get(address)["Content-Type"].startswith("text/html")


def test_nobody_gets_a_colleagues_topic(channel: Channel, book: Book, client: Client) -> None:
    make(core.viewer_for(channel.buyer), book.rails, "topic")
    client.force_login(channel.stranger)
    answer = client.get(f"/handbook-pdf/{book.rails.pk}/topic/")
    assert answer["Content-Type"].startswith("text/html")


def test_asking_again_while_it_waits_begins_nothing_new_however_long(channel: Channel, book: Book) -> None:
    """A full queue is no dead maker, and a file that is there is not made twice for its age in hours."""
    asked = {"viewer": channel.sees(channel.buyer), "page_id": book.mounting.pk, "scope": "chapter"}
    export = services.request_export(**asked)
    rows = HandbookExport.objects.filter(pk=export.pk)
    long_ago = timezone.now() - exports.STALLED_AFTER - timedelta(seconds=1)
    rows.update(changed_at=long_ago)
    assert services.request_export(**asked).pk == export.pk
    assert OutboxEvent.objects.filter(topic=services.REQUESTED).count() == 1
    services.make_export(export_id=export.pk)
    rows.update(changed_at=long_ago)
    assert services.request_export(**asked).state == "done"
    rows.update(created_at=timezone.now() - RETENTION - timedelta(seconds=1))
    assert services.request_export(**asked).state == "waiting", "about to be deleted"


def test_a_file_is_kept_to_the_last_moment_of_its_time(channel: Channel, book: Book) -> None:
    export = make(channel.sees(channel.buyer), book.mounting, "chapter")
    asked = {"viewer": channel.sees(channel.buyer), "page_id": book.mounting.pk, "scope": "chapter"}
    rows = HandbookExport.objects.filter(pk=export.pk)
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False):
        rows.update(created_at=timezone.now() - RETENTION)
        assert services.forget_exports() == 0
        assert services.request_export(**asked).state == "done"
        rows.update(created_at=timezone.now() - RETENTION - timedelta(seconds=1))
        assert services.request_export(**asked).state == "waiting"


def test_a_lost_file_is_made_again(channel: Channel, book: Book) -> None:
    viewer = channel.sees(channel.buyer)
    export = make(viewer, book.mounting, "chapter")
    export.file.storage.delete(export.file.name)
    asked = services.request_export(viewer=viewer, page_id=book.mounting.pk, scope="chapter")
    assert (asked.pk, asked.state, asked.attempts, asked.done) == (export.pk, "waiting", 0, 0)
