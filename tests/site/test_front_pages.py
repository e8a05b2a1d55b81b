"""The front page has a name in every language."""

import pytest
from qudao_catalog.handbook import services
from qudao_site.front_pages import UNNAMED
from wagtail.models import Locale, Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def chinese() -> Locale:
    return Locale.objects.get_or_create(language_code="zh-hans")[0]


def test_no_page_is_called_what_wagtail_calls_it() -> None:
    assert not Page.objects.filter(title=UNNAMED).exists()
    assert Page.objects.get(depth=2, slug="home").title == "Home"


def test_its_translation_is_named_in_its_language(chinese: Locale) -> None:
    home = Page.objects.get(depth=2)
    copy = home.copy_for_translation(chinese)
    copy.refresh_from_db()
    assert (copy.title, copy.draft_title) == ("首页", "首页")
    assert copy.get_latest_revision_as_object().title == "首页"


def test_the_handbooks_way_there_is_named_too(chinese: Locale) -> None:
    book = services.save_handbook(slug="lights", title="Lights")
    services.translate_handbook(handbook=book, language="zh-hans", title="灯具")
    titles = Page.objects.filter(depth=2).values_list("locale__language_code", "title")
    assert dict(titles) == {"en": "Home", "zh-hans": "首页"}


def test_a_name_that_an_editor_gave_is_kept(chinese: Locale) -> None:
    home = Page.objects.get(depth=2)
    home.title = "Lanhe"
    home.save()
    assert home.copy_for_translation(chinese).title == "Lanhe"
