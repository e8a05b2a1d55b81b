"""The back office in Chromium: every kind of page opens without a complaint; previews and pickers do what they say."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.back_office import walk
from tests.e2e.demo import Demo
from tests.e2e.visitor import Visitor, arrive

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: An install with every plugin has far more kinds of pages; fewer mean that the walk got lost.
FEWEST_PAGES = 120
FIND = "qudao-audiences input[role=combobox]"


@pytest.fixture
def editor(chromium: Browser, channel: Demo) -> Iterator[Visitor]:
    """Somebody with every right, in Chinese, whose pages must not complain."""
    visitor, close = arrive(chromium, channel.url, width=1280, language="zh-hans")
    visitor.page.context.set_default_timeout(60_000)
    visitor.sign_in("admin@example.com")
    yield visitor
    close()
    assert visitor.complaints == []


def test_no_page_complains(editor: Visitor) -> None:
    wrong: dict[str, list[str]] = {}
    opened = 0
    for path in walk(editor):
        opened += 1
        if editor.complaints:
            wrong[path] = list(editor.complaints)
            editor.complaints.clear()
    assert wrong == {}
    assert opened >= FEWEST_PAGES


def a_topic(visitor: Visitor) -> str:
    """The address at which some topic is edited."""
    handbook = next(
        link for link in visitor.page.request.get(f"{visitor.base}/api/v1/handbook-topics/").json()["results"]
    )
    return f"/admin/pages/{handbook['id']}/edit/"


def test_the_preview_panel_shows_the_topic_as_it_is_typed(editor: Visitor) -> None:
    editor.open(a_topic(editor))
    editor.page.fill("textarea[name=title], input[name=title]", "A title nobody has published")
    editor.page.click("[data-side-panel-toggle=preview], button[aria-label*=预览]")
    frame = editor.page.frame_locator("iframe.w-preview__iframe").first
    heading = frame.get_by_role("heading", level=1)
    heading.filter(has_text="A title nobody has published").wait_for()


def test_audiences_are_chosen_by_name_with_the_keyboard_alone(editor: Visitor) -> None:
    editor.open("/admin/assortment/")
    href = editor.page.locator("main a[href*='/admin/assortment/edit/']").first.get_attribute("href")
    editor.open(str(href))
    before = editor.page.input_value("textarea[name=audience_keys]").split()
    editor.page.locator(FIND).press_sequentially("银牌")
    editor.page.locator("qudao-audiences [role=option]").first.wait_for()
    editor.page.press(FIND, "ArrowDown")
    editor.page.press(FIND, "Enter")
    assert editor.page.url.endswith(str(href)), "Enter chooses and does not save"
    assert editor.page.input_value("textarea[name=audience_keys]").split() == [*before, "tier:silver"]
    editor.page.locator(".qudao-audiences__reach", has_text="家公司").wait_for()
    assert editor.page.locator(".qudao-audiences__chips li").last.inner_text().startswith("等级")
    editor.page.press(FIND, "Backspace")
    assert editor.page.input_value("textarea[name=audience_keys]").split() == before


def test_a_city_is_found_by_name(editor: Visitor) -> None:
    editor.open("/admin/channel/companies/new/")
    find = editor.page.locator("qudao-choices input[role=combobox]")
    find.press_sequentially("成都")
    editor.page.locator("qudao-choices [role=option]:first-child", has_text="成都").first.wait_for()
    find.press("Enter")
    assert editor.page.eval_on_selector(
        "select[name=places]", "s => [...s.selectedOptions].map(o => o.value)"
    ) == ["CN-5101"]


def test_a_quantity_is_legible_in_the_handbook_on_a_phone(chromium: Browser, channel: Demo) -> None:
    """The narrowest place where a product is bought: a card between paragraphs."""
    visitor, close = arrive(chromium, channel.url, width=390, language="zh-hans")
    try:
        visitor.sign_in("buyer@example.com")
        topics = visitor.page.request.get(f"{channel.url}/api/v1/handbook-topics/?limit=100").json()[
            "results"
        ]
        fields = 0
        for topic in topics:
            visitor.open(topic["url"].removeprefix(channel.url))
            found = visitor.page.locator(".qd-quantity input:visible")
            for each in found.all()[:4]:
                box = each.bounding_box()
                assert box and box["width"] >= 40, (topic["title"], box)
                fields += 1
            if fields >= 4:
                break
        assert fields
    finally:
        close()
