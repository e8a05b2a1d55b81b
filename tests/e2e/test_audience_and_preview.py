"""Audiences and previews in Chromium, by the keyboard alone, at the width of a phone and of a desk."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.demo import Demo
from tests.e2e.visitor import Visitor, arrive

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = {390: "en", 1280: "zh-hans"}
FIND = "qudao-audiences input[role=combobox]"
CHIPS = ".qudao-audiences__chips li"


@pytest.fixture(params=WIDTHS)
def editor(chromium: Browser, channel: Demo, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A content editor, who sees neither prices nor the records of companies."""
    width = request.param
    visitor, close = arrive(chromium, channel.url, width=width, language=WIDTHS[width])
    visitor.sign_in("editor@example.com")
    yield visitor
    close()
    assert visitor.complaints == []


def test_an_audience_is_chosen_counted_and_taken_out_again(editor: Visitor) -> None:
    page = editor.page
    topic = page.request.get(f"{editor.base}/api/v1/handbook-topics/").json()["results"][0]
    address = f"/admin/pages/{topic['id']}/edit/"
    editor.open(address)
    page.locator("[role=tab]").nth(2).focus()
    page.keyboard.press("Enter")
    field = page.locator("textarea[name=audience_keys]")
    before = field.input_value().split()
    expect(field).to_be_hidden()
    page.locator(FIND).focus()
    page.keyboard.type("tier:bronze")
    option = page.locator("qudao-audiences [role=option]")
    expect(option).to_have_count(1)
    page.keyboard.press("Enter")
    assert address in page.url, "Enter chooses; it neither saves nor leaves"
    assert page.locator("[role=tab]").nth(2).get_attribute("aria-selected") == "true"
    assert field.input_value().split() == [*before, "tier:bronze"]
    expect(page.locator(CHIPS)).to_have_count(len(before) + 1)
    assert "tier:" not in page.locator(".qudao-audiences__chips").inner_text()
    link = page.locator(".qudao-audiences__reach a")
    expect(link).to_have_attribute("href", re.compile("tier%3Abronze"))
    page.keyboard.press("Backspace")
    expect(page.locator(CHIPS)).to_have_count(len(before))
    assert editor.overflow() == 0


def test_a_company_is_chosen_and_left_without_a_mouse(editor: Visitor) -> None:
    page = editor.page
    editor.open("/admin/channel/preview/")
    expect(page.locator("#id_preview_q")).to_be_focused()
    page.keyboard.type("S-CD1")
    page.keyboard.press("Enter")
    company = page.locator(".qudao-preview-companies button")
    expect(company).to_have_count(1)
    page.locator("#id_preview_role").focus()
    page.keyboard.press("Tab")
    expect(company).to_be_focused()
    assert editor.overflow() == 0
    page.keyboard.press("Enter")
    band = page.locator(".qd-mode-band")
    band.wait_for()
    assert "晴川灯饰" in band.inner_text()
    for path in ("/", "/catalogue/", "/handbooks/"):
        editor.open(path)
        assert band.is_visible() and editor.overflow() == 0, path
        assert editor.barriers() == [], path
    band.locator("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/channel/preview/")
    editor.open("/catalogue/")
    assert band.count() == 0


def test_a_draft_is_seen_as_a_company_in_the_panel(editor: Visitor) -> None:
    page = editor.page
    topic = page.request.get(f"{editor.base}/api/v1/handbook-topics/").json()["results"][0]
    editor.open(f"/admin/pages/{topic['id']}/edit/")
    page.locator("[data-side-panel-toggle=preview]").click()
    frame = page.frame_locator("iframe.w-preview__iframe").first
    frame.get_by_role("heading", level=1).first.wait_for()
    page.select_option("#id_preview_mode", "as-company")
    frame.locator("#id_preview_q").fill("S-CD1")
    frame.locator("#id_preview_q").press("Enter")
    button = frame.locator(".qudao-preview-companies button")
    expect(button).to_have_count(1)
    button.press("Enter")
    frame.locator(".qd-mode-band", has_text="晴川灯饰").wait_for()
