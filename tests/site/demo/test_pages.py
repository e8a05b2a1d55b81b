"""The demo's pages are read and found in both languages."""

from django.test import Client
from qudao_partner_portal import testing
from qudao_search import api as search
from qudao_site.demo import pages
from qudao_site.demo.channel import SHIPPED, load
from qudao_site.models import User


def test_pages_are_found_and_read_in_both_languages(channel) -> None:
    buyer = User.objects.get(email="buyer@example.com")
    for language, words, title in (
        ("en", "freight county seat", "Delivery and freight"),
        ("zh-hans", "交货 运费", "交货与运费"),
    ):
        viewer = testing.viewer_of(buyer, language=language)
        found = search.search(viewer, search.SearchRequest(words, kinds=("page",)), log=False)
        assert ["".join(piece.text for piece in hit.title) for hit in found.hits] == [title]
        client = Client()
        client.force_login(buyer)
        page = client.get(found.hits[0].url, headers={"accept-language": language}).content.decode()
        heading = page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]
        assert heading.strip() == title


def test_made_again_nothing_changes(channel) -> None:
    assert pages.make_pages(User.objects.get(email="editor@example.com"), load(SHIPPED)) == 0
