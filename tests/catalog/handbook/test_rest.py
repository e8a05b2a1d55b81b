"""Handbooks by API: the same content as the pages, with blocks resolved; drafts by the editor's token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from PIL import Image as Picture
from qudao_catalog.handbook import pdf, queries, services
from qudao_catalog.handbook.models import HandbookExport
from qudao_catalog.testing import grant, make_product
from qudao_core import api as core
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from ..conftest import Channel
from .conftest import Book

API = "/api/v1"
#: Who asks, the page with its products, links, documents with their access rules, pictures, product facts and offers.
TOPIC_STATEMENTS = 25


@pytest.fixture
def get(client: Client, channel: Channel) -> Callable[..., Any]:
    def fetch(path: str, person: Any = None, **headers: str) -> Any:
        client.force_login(person or channel.buyer)
        return client.get(f"{API}{path}", headers=headers)

    return fetch


def image(name: str = "Drawing") -> Any:
    content = ContentFile(b"", name="drawing.png")
    Picture.new("RGB", (1600, 900), "white").save(content, "PNG")
    content.seek(0)
    return get_image_model().objects.create(title=name, file=content)


def test_handbooks_come_with_what_the_caller_may_read(get: Any, channel: Channel, book: Book) -> None:
    assert [(row["title"], row["topics"]) for row in get("/handbooks/").json()["results"]] == [
        ("Light handbook", 4)
    ]
    assert get("/handbooks/", channel.stranger).json()["results"][0]["topics"] == 3


def test_contents_are_a_tree(get: Any, channel: Channel, book: Book) -> None:
    contents = get(f"/handbooks/{book.handbook.pk}/", channel.stranger).json()
    tree = [(each["title"], [topic["title"] for topic in each["children"]]) for each in contents["children"]]
    assert tree == [("Mounting", ["Recessed downlights", "Rails"]), ("Selling", ["Say hello"])]
    assert contents["children"][1]["summary"] == "", "what the chapter says is for gold dealers"


def test_topics_are_listed_by_handbook_kind_and_product(get: Any, channel: Channel, book: Book) -> None:
    def titles(query: str, person: Any = None) -> list[str]:
        return [row["title"] for row in get(f"/handbook-topics/{query}", person).json()["results"]]

    assert titles("") == ["Recessed downlights", "Rails", "It is too dear", "Say hello"]
    assert titles("?kind=installation&kind=objection") == ["Recessed downlights", "It is too dear"]
    assert titles(f"?handbook={book.handbook.pk}&sku=lh-d09") == ["Recessed downlights"]
    assert titles("?handbook=1") == []
    assert get("/handbook-topics/?sku=LH-X1", channel.stranger).json()["code"] == "product_not_found"
    for query, field in (
        ("?kind=poem", "kind"),
        ("?handbook=٣", "handbook"),
        ("?handbook=" + "9" * 40, "handbook"),
    ):
        problem = get(f"/handbook-topics/{query}").json()
        named = [entry["field"] for entry in problem["errors"]]
        assert (problem["status"], problem["code"], named) == (400, "invalid_filter", [field])


def test_a_topic_has_its_blocks_resolved(get: Any, channel: Channel, book: Book) -> None:
    paper = get_document_model().objects.create(title="Sheet", file=ContentFile(b"%PDF-", name="sheet.pdf"))
    topic = services.save_topic(
        parent=book.mounting,
        slug="all",
        title="All",
        body=[
            ("heading", "Before you start"),
            ("text", f'<p>See <a linktype="page" id="{book.rails.pk}">rails</a>.</p>'),
            ("drawing", {"image": image(), "caption": "Cut-out", "number": "D-1"}),
            ("downloads", [paper]),
            ("products", ["LH-D09", "LH-X1"]),
        ],
    )
    document = get(f"/handbook-topics/{topic.pk}/", channel.stranger).json()
    heading, text, drawing, downloads, products = document["blocks"]
    assert (heading["text"], heading["level"], heading["anchor"]) == (
        "Before you start",
        2,
        "before-you-start",
    )
    assert 'href="/' in text["html"] and "linktype" not in text["html"]
    assert drawing["image"]["src"].startswith("http://testserver/media/images/")
    assert (drawing["image"]["width"], drawing["number"]) == (720, "D-1")
    assert [each["filename"] for each in downloads["documents"]] == [paper.filename]
    assert downloads["documents"][0]["url"].startswith("http://testserver/documents/")
    assert [each["sku"] for each in products["products"]] == ["LH-D09"], "the other one is for gold dealers"
    assert "offer" in products["products"][0]
    assert document["chapter"]["title"] == "Mounting"
    assert (document["previous"]["title"], document["next"]["title"]) == ("Rails", "Selling")


def test_a_topic_is_not_sent_twice(get: Any, book: Book) -> None:
    first = get(f"/handbook-topics/{book.rails.pk}/")
    assert get(f"/handbook-topics/{book.rails.pk}/", **{"If-None-Match": first["ETag"]}).status_code == 304


def test_strangers_find_no_topic_of_others(get: Any, channel: Channel, book: Book) -> None:
    problem = get(f"/handbook-topics/{book.objection.pk}/", channel.stranger).json()
    assert (problem["status"], problem["code"]) == (404, "topic_not_found")


@pytest.mark.parametrize("count", [1, 3])
def test_a_topic_costs_the_same_whatever_it_shows(get: Any, client: Client, book: Book, count: int) -> None:
    skus = [f"P-{number}" for number in range(count)]
    grant("members", products=[make_product(sku) for sku in skus])
    papers = [
        get_document_model().objects.create(title=f"S{n}", file=ContentFile(b"%PDF-", name=f"s{n}.pdf"))
        for n in range(count)
    ]
    blocks = [("drawing", {"image": image()}) for _each in range(count)]
    topic = services.save_topic(
        parent=book.mounting,
        slug="many",
        title="Many",
        body=[("products", skus), ("downloads", papers), *blocks],
    )
    get(f"/handbook-topics/{topic.pk}/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{API}/handbook-topics/{topic.pk}/")
    statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == TOPIC_STATEMENTS, "\n".join(statements)


def test_a_draft_is_shown_to_who_holds_the_editors_token(
    book: Book, client: Client, rf: RequestFactory, settings: LazySettings
) -> None:
    settings.WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {"default": "https://app.example.com/preview"}}
    assert (queries.MODE, "In the app (headless)") in [
        (mode, str(label)) for mode, label in book.rails.preview_modes
    ]
    book.rails.title = "Rails, better"
    page = book.rails.serve_preview(rf.get("/"), queries.MODE).content.decode()
    assert "https://app.example.com/preview" in page
    token = page.partition("token=")[2].partition('"')[0]
    document = client.get(f"{API}/handbook-preview/?token={token}")
    assert document.json()["title"] == "Rails, better"
    assert document.json()["blocks"][0]["html"] == "<p>Level them.</p>"
    assert document["Cache-Control"] == "no-store"
    for wrong in ("", "id=1", token[:-1] + "x"):
        assert client.get(f"{API}/handbook-preview/", {"token": wrong}).json()["code"] == "preview_not_found"


def test_without_clients_editors_are_offered_the_page_only(book: Book) -> None:
    assert queries.MODE not in dict(book.rails.preview_modes)


def test_a_program_has_a_pdf_made(channel: Channel, book: Book, client: Client) -> None:
    client.force_login(channel.buyer)
    body = {"page": book.mounting.pk, "scope": "chapter"}
    asked = client.post(
        f"{API}/handbook-exports/", body, "application/json", headers={"Idempotency-Key": "pdf-key-0001"}
    )
    assert (asked.status_code, asked.json()["state"], asked.json()["total"]) == (202, "waiting", 2)
    where = asked["Location"]
    pending = client.get(f"{API}/handbook-exports/{asked.json()['id']}/file/").json()
    assert pending["code"] == "export_not_ready"
    if core.pdf_available():
        pdf.make_export(export_id=HandbookExport.objects.get().pk)
        made = client.get(where).json()
        assert (made["state"], made["done"]) == ("done", 2)
        assert b"".join(client.get(made["file"]).streaming_content).startswith(b"%PDF-")
    client.force_login(channel.learner)
    assert client.get(where).json()["code"] == "export_not_found"
