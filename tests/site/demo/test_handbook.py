"""The handbook of the small channel as its readers see it."""

from datetime import timedelta

import pytest
from django.core import mail
from qudao_catalog.handbook.models import HandbookPage, TopicPage
from qudao_catalog.handbook.translations import behind
from qudao_core import api as core
from qudao_core.events.models import Delivery
from qudao_partner_portal import api as portal
from qudao_partner_portal.documents.models import DocumentText
from qudao_partner_portal.documents.services import read_document
from qudao_search import api as search
from qudao_search.synonyms.models import SynonymSet
from qudao_site.demo.content.synonyms import ONE_WAY, SAME
from qudao_site.models import User
from wagtail.documents import get_document_model

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("channel")]

GOLD = "/selling/projects/project-registration/"
OBJECTION = "/selling/objections/too-expensive/"
KNOWLEDGE = "/product-knowledge/light-basics/brightness/"


def viewer(email, language="zh-hans"):
    return core.viewer_for(User.objects.get(email=email), language=language)


def found(email, query, kind):
    result = search.search(viewer(email), search.SearchRequest(text=query, kinds=(kind,)))
    return ["".join(piece.text for piece in hit.title) for hit in result.hits]


def test_topics_stand_in_both_languages_and_were_written_over_a_year(channel):
    live = TopicPage.objects.filter(live=True)
    english = live.filter(locale__language_code="en")
    assert english.count() == live.filter(locale__language_code="zh-hans").count() + 1
    assert HandbookPage.objects.filter(locale__language_code="en").count() == 3
    first = english.earliest("first_published_at").first_published_at
    assert timedelta(days=355) < channel - first < timedelta(days=365)
    assert english.latest("first_published_at").first_published_at < channel


def test_one_translation_is_behind_and_one_is_missing():
    assert [row.page.slug for row in behind()] == ["flicker-and-dimming"]
    missing = TopicPage.objects.get(slug="coastal")
    assert list(missing.get_translations()) == []


def test_one_topic_is_scheduled_one_waits_for_approval_one_is_a_draft(channel):
    scheduled = TopicPage.objects.filter(go_live_at__gt=channel)
    assert {page.slug for page in scheduled} == {"training-new-sellers"}
    assert [page.status_string for page in scheduled] == ["scheduled", "scheduled"]
    assert TopicPage.objects.get(slug="sample-room", locale__language_code="en").workflow_in_progress
    draft = TopicPage.objects.get(slug="energy-contracts", locale__language_code="en")
    assert (draft.live, draft.workflow_in_progress) == (False, False)


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("buyer@example.com", KNOWLEDGE, 200),
        ("buyer@example.com", OBJECTION, 200),
        ("buyer@example.com", GOLD, 404),
        ("distributor@example.com", GOLD, 200),
        ("sales@example.com", KNOWLEDGE, 200),
        ("sales@example.com", OBJECTION, 404),
        ("admin@example.com", GOLD, 200),
    ],
)
def test_chapters_are_for_their_audience(client, who, path, status):
    client.force_login(User.objects.get(email=who))
    assert client.get(path).status_code == status


def test_a_topic_shows_figures_parameters_and_ones_own_price(client):
    client.force_login(User.objects.get(email="buyer@example.com"))
    address, chinese = "/product-knowledge/protection/trip-curves/", {"accept-language": "zh-hans"}
    page = client.get(address, headers=chinese).content.decode()
    assert "脱扣曲线" in page
    assert "DWG-110" in page
    assert "LH-BC1-10" in page
    assert "¥" in page


def test_documents_wait_to_be_read_and_are_for_whom_they_are_meant():
    model = get_document_model()
    waiting = DocumentText.objects.filter(state="waiting")
    assert waiting.count() == model.objects.count()
    assert Delivery.objects.filter(state="waiting", handler="documents").count() == waiting.count()
    policy = model.objects.get(title__startswith="Price policy")
    assert portal.may_open_documents(viewer("buyer@example.com"), [policy.pk]) == {policy.pk}
    assert portal.may_open_documents(viewer("sales@example.com"), [policy.pk]) == set()
    table = model.objects.get(title__startswith="Parameters")
    assert portal.may_open_documents(viewer("sales@example.com"), [table.pk]) == {table.pk}
    form = model.objects.get(title__startswith="Warranty form")
    assert portal.may_open_documents(viewer("buyer@example.com"), [form.pk]) == {form.pk}


def test_what_stands_in_a_document_is_found_when_it_has_been_read():
    policy = get_document_model().objects.get(title__startswith="Price policy")
    assert found("buyer@example.com", "波动", "document") == []
    assert read_document(document_id=policy.pk) == "ready"
    assert found("buyer@example.com", "铜价波动", "document")[0] == policy.title
    assert found("buyer@example.com", "波动", "document") == [policy.title]
    assert policy.title not in found("sales@example.com", "铜价波动", "document")


def test_dealers_words_find_what_the_catalogue_calls_otherwise():
    assert SynonymSet.objects.count() == len(SAME) + len(ONE_WAY)
    assert any("断路器" in title for title in found("buyer@example.com", "空开", "product"))
    assert "项目报备" not in found("buyer@example.com", "项目报备", "topic")
    assert "项目报备" in found("distributor@example.com", "项目报备", "topic")


def test_nobody_was_told_that_something_waits():
    assert mail.outbox == []
