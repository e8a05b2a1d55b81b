"""Documents as the search shows them."""

from django.test import RequestFactory
from qudao_partner_portal import testing
from qudao_partner_portal.documents.search_source import DocumentSource
from qudao_partner_portal.documents.services import read_document
from qudao_search import api as search
from qudao_search.entries import group_cache
from wagtail.models import Collection

from . import files
from .conftest import make_read
from .test_doors import attach, shelf  # noqa: F401 - a fixture


def cards(user, *documents, language="en"):
    request = RequestFactory().get("/", SERVER_NAME="testserver")
    viewer = testing.viewer_of(user, language=language)
    return DocumentSource().cards(viewer, [str(each.pk) for each in documents], request)


def test_a_card_says_what_it_is_and_what_it_belongs_to(people, shelf):  # noqa: F811
    document = make_read("面板灯 Data sheet", files.pdf("一", "二"), name="LP-600.pdf")
    attach(shelf, document, "Sunshine")
    attach(shelf, document, "Moonlight", name="Secret lamp")
    card = cards(people.buyer, document)[str(document.pk)]
    assert (card.title, card.url, card.path) == ("面板灯 Data sheet", document.url, ("Lamp",))
    assert card.summary.startswith("PDF · 2 pages · ")
    assert card.data == {
        "id": document.pk,
        "title": "面板灯 Data sheet",
        "url": f"http://testserver{document.url}",
        "format": "pdf",
        "size": document.file_size,
        "pages": 2,
        "belongs_to": [{"name": "Lamp", "url": "/lamp/"}],
    }
    assert cards(people.buyer, document, language="zh-hans")[str(document.pk)].path == ("灯",)
    assert cards(people.stranger, document) == {}
    attach(shelf, document, "Sunshine", name="Panel")
    attach(shelf, document, "Sunshine", name="Lamp")
    assert cards(people.buyer, document)[str(document.pk)].path == ("Lamp and 1 more",)


def test_any_number_of_cards_costs_the_same(people, django_assert_num_queries):
    documents = [make_read(f"Sheet {number}", keys=["members"]) for number in range(3)]
    viewer = testing.viewer_of(people.buyer)
    for count in (1, 3):
        with django_assert_num_queries(7):
            assert len(DocumentSource().cards(viewer, [str(each.pk) for each in documents[:count]])) == count


def test_any_number_of_documents_is_described_in_the_same_statements(people, django_assert_num_queries):
    documents = [make_read(f"Sheet {number}", keys=["members"]) for number in range(3)]
    for count in (1, 3):
        with django_assert_num_queries(4):
            items = [str(each.pk) for each in documents[:count]]
            assert [each.item for each in DocumentSource().documents(items)] == items


def test_formats_and_collections_filter_and_count(people):
    terms = Collection.get_first_root_node().add_child(name="Terms")
    make_read("Lamp one", files.pdf("x"), keys=["members"], collection=terms)
    make_read("Lamp two", files.docx("x"), keys=["members"])
    make_read("Lamp three", files.xlsx([["x"]]), keys=["tier:silver"], collection=terms)
    request = search.SearchRequest(text="Lamp", kinds=("document",))
    result = search.search(testing.viewer_of(people.buyer), request, log=False)
    counts = {facet.key: {each.label: each.count for each in facet.values} for facet in result.facets}
    assert counts == {"format": {"PDF": 1, "Word": 1}, "collection": {"Terms": 1}}
    chosen = search.SearchRequest(text="Lamp", facets={"format": ("docx",)})
    assert search.search(testing.viewer_of(people.buyer), chosen, log=False).total == 1


def test_text_in_a_document_is_marked_where_it_stands(people):
    make_read("Guarantee", files.docx("本产品质保五年，自交货之日起计算。"), keys=["members"])
    result = search.search(
        testing.viewer_of(people.buyer, language="zh-hans"), search.SearchRequest(text="质保五年"), log=False
    )
    assert [piece.text for piece in result.hits[0].excerpt if piece.marked] == ["质保五年"]


def test_an_unreadable_document_has_its_extension_as_format(people):
    document = make_read("Plan", b"\x00\x01", name="plan.dwg", keys=["members"])
    [described] = DocumentSource().documents([str(document.pk)])
    assert described.facets == {"format": ("dwg",)} and described.texts == {}
    assert cards(people.buyer, document)[str(document.pk)].summary.startswith("DWG · ")


def test_the_entry_follows_in_the_same_transaction(people):
    document = testing.make_document("Lamp", b"first", keys=["members"])
    read_document(document_id=document.pk)
    document.title = "Renamed"
    document.save()
    result = search.search(testing.viewer_of(people.buyer), search.SearchRequest(text="Renamed"), log=False)
    assert result.total == 1


def test_a_collection_that_cannot_exist_filters_like_one_that_does_not(people):
    terms = Collection.get_first_root_node().add_child(name="Terms")
    make_read("Lamp one", files.pdf("x"), keys=["members"], collection=terms)
    for value in ("99999999999999999999", "9" * 30, "-1", "one", "²"):
        request = search.SearchRequest(text="Lamp", facets={"collection": (value,)})
        result = search.search(testing.viewer_of(people.buyer), request, log=False)
        counts = {facet.key: {each.label: each.count for each in facet.values} for facet in result.facets}
        assert (result.total, counts) == (0, {"collection": {"Terms": 1, value: 0}})


def test_nobody_is_told_the_name_of_a_collection_they_see_nothing_of(people):
    """By trying numbers in the address: a chosen value is named although nothing of it is counted."""
    group_cache.clear()  # groups of other tests, where this number was somebody else's collection
    terms, secret = (
        Collection.get_first_root_node().add_child(name=name) for name in ("Terms", "Secret deal")
    )
    make_read("Lamp one", files.pdf("x"), keys=["members"], collection=terms)
    make_read("Lamp two", files.pdf("x"), keys=["tier:silver"], collection=secret)
    request = search.SearchRequest(text="Lamp", facets={"collection": (str(secret.pk),)})
    named = {}
    for person in (people.buyer, people.silver):
        result = search.search(testing.viewer_of(person), request, log=False)
        named[person] = {each.label for facet in result.facets for each in facet.values}
    assert named == {people.buyer: {"Terms", str(secret.pk)}, people.silver: {"Terms", "Secret deal", "PDF"}}
