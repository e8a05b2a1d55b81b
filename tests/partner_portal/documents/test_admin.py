"""Documents in Wagtail's admin: whom they are for, what could be read, and the report."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from qudao_partner_portal import testing
from qudao_partner_portal.documents.models import DocumentText
from qudao_partner_portal.documents.services import audience_of
from qudao_search import api as search
from wagtail.documents.models import Document
from wagtail.models import Collection, ModelLogEntry

from . import files
from .conftest import browser, found, make_read

REPORT = "qudao_document_report"


@pytest.fixture
def editor(people: Any) -> Any:
    return browser(people.editor)


def form(document: Any, **changes: Any) -> dict[str, Any]:
    return {"title": document.title, "tags": "", "collection": document.collection_id, **changes}


def test_an_editor_uploads_and_aims_a_document(people, editor):
    upload = SimpleUploadedFile("terms.txt", "质保条款".encode(), "text/plain")
    values = {"title": "Guarantee", "file": upload, "tags": "", "audience_keys": "tier:gold\n"}
    values["collection"] = Collection.get_first_root_node().pk
    assert editor.post(reverse("wagtaildocs:add"), values).status_code == 302
    document = Document.objects.get()
    assert audience_of(document) == ["tier:gold"]
    assert DocumentText.objects.get().state == "waiting"
    assert found(people.buyer, "Guarantee") == {"document:Guarantee"} and not found(
        people.silver, "Guarantee"
    )
    page = editor.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert "tier:gold" in page and "Waiting" in page


def test_the_audience_is_changed_recorded_and_kept_where_a_form_does_not_show_it(people, editor):
    document = make_read("Guarantee", keys=["tier:gold"])
    address = reverse("wagtaildocs:edit", args=[document.pk])
    editor.post(address, form(document, title="Renamed"))
    assert audience_of(document) == ["tier:gold"]
    editor.post(address, form(document, audience_keys="members tier:gold members"))
    assert audience_of(document) == ["members", "tier:gold"]
    entry = ModelLogEntry.objects.filter(action="qudao.document.audience").latest("pk")
    assert entry.data == {"changes": {"audience": ["tier:gold", "members, tier:gold"]}}
    assert entry.user == people.editor
    editor.post(address, form(document, audience_keys=""))
    assert audience_of(document) == []


def test_an_audience_that_does_not_exist_is_refused(people, editor):
    document = make_read("Guarantee")
    answer = editor.post(
        reverse("wagtaildocs:edit", args=[document.pk]), form(document, audience_keys="tier:brass")
    )
    assert "There is no audience tier:brass." in answer.content.decode()
    assert audience_of(document) == []


def test_the_document_says_what_became_of_its_text(people, editor):
    document = make_read("Locked", files.locked_pdf("x", password="x"))
    page = editor.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert "Unreadable" in page and "protected by a password" in page and "Read again" in page
    answer = editor.post(reverse("qudao_document_read_again"), {"document": document.pk})
    assert answer["Location"] == reverse("wagtaildocs:edit", args=[document.pk])
    assert DocumentText.objects.get().state == "waiting"


def test_the_report_lists_filters_and_exports_what_could_not_be_read(people, editor):
    make_read("Fine")
    locked = make_read("Locked", files.locked_pdf("x", password="x"))
    make_read("Broken", files.docx("x")[:-400])
    page = editor.get(reverse(REPORT)).content.decode()
    assert page.index("Broken") < page.index("Fine") and "damaged" in page
    assert reverse(REPORT) in editor.get(reverse("wagtailadmin_home")).content.decode()
    page = editor.get(reverse(REPORT), {"state": "unreadable", "reason": "encrypted"}).content.decode()
    assert "Locked" in page and "Broken" not in page and "Fine" not in page
    assert f'name="document" value="{locked.pk}"' in page
    export = b"".join(editor.get(reverse(REPORT), {"export": "csv"}).streaming_content).decode()
    assert "Locked,locked" not in export and "Unreadable,protected by a password" in export


def test_the_report_costs_the_same_for_one_and_for_three(people, editor, django_assert_max_num_queries):
    make_read("One")
    editor.get(reverse(REPORT))
    with django_assert_max_num_queries(60) as one:
        editor.get(reverse(REPORT))
    make_read("Two")
    make_read("Three")
    with django_assert_max_num_queries(len(one.captured_queries)):
        editor.get(reverse(REPORT))


@pytest.mark.parametrize("name", [REPORT, "qudao_document_report_results"])
def test_only_those_who_may_change_documents_see_the_report(people, name):
    other = testing.make_back_office("Olga Office", permissions=["wagtailadmin.access_admin"])
    assert browser(other).get(reverse(name)).status_code == 302
    assert reverse(REPORT) not in browser(other).get(reverse("wagtailadmin_home")).content.decode()
    document = make_read("Sheet")
    browser(other).post(reverse("qudao_document_read_again"), {"document": document.pk})
    assert DocumentText.objects.get().state == "ready"
    assert browser(people.buyer).get(reverse(name)).status_code == 302


def test_documents_moved_in_bulk_are_counted_where_they_are(people, editor):
    terms = Collection.get_first_root_node().add_child(name="Terms")
    document = make_read("Lamp", keys=["members"])
    address = reverse("wagtail_bulk_action", args=["wagtaildocs", "document", "add_to_collection"])
    editor.post(f"{address}?id={document.pk}", {"collection": terms.pk})
    request = search.SearchRequest(text="Lamp", facets={"collection": (str(terms.pk),)})
    assert search.search(testing.viewer_of(people.buyer), request, log=False).total == 1
