"""The theme in a real browser: usable by everyone (axe), fits a phone, and its live parts keep their word."""

import itertools
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Opened
from .tokens import BRANDS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.any_database, pytest.mark.django_db]

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{v['id']}: {node['html'][:120]} {node['failureSummary']}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize(
    ("brand", "scheme", "language"),
    [
        (b, s, language)
        for (b, s), language in zip(
            itertools.product(BRANDS, ("light", "dark")), ("en", "zh-hans") * len(BRANDS), strict=True
        )
    ],
)
def test_the_style_page_can_be_used_by_everyone(
    opened: Opened, brand: str, scheme: str, language: str
) -> None:
    page = opened(f"/styleguide/?brand={brand}", scheme=scheme, language=language)
    assert violations(page) == []


@pytest.mark.parametrize("layout", ["auth", "reading", "error"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_layouts_can_be_used_by_everyone(opened: Opened, layout: str, width: int) -> None:
    page = opened(f"/styleguide/layout/{layout}/", width=width, language="zh-hans")
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", ["", "layout/auth/", "layout/reading/", "layout/error/"])
def test_a_small_phone_never_scrolls_sideways(opened: Opened, path: str, language: str) -> None:
    page = opened(f"/styleguide/{path}", width=360, language=language, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_touch_targets_of_a_phone_are_44_pixels_high(opened: Opened) -> None:
    page = opened("/styleguide/", width=390, has_touch=True, is_mobile=True)
    touched = (
        ".qd-nav a, .qd-header button, .qd-header summary, .qd-cart-bar a, .qd-quantity-box, .qd-form button"
    )
    small = page.eval_on_selector_all(
        touched,
        """found => found.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
                         .map(e => e.outerHTML.slice(0, 80))""",
    )
    assert small == []


def quantity(page: Page, name: str = "q1") -> tuple[object, object]:
    field = page.locator(f"#{name}")
    return field, page.locator(f"#{name}-say")


@pytest.mark.parametrize(
    ("typed", "language", "settled", "said"),
    [
        ("30", "en", "36", "Rounded to 36 = 3 ctn"),
        ("3 ctn", "en", "36", "36 = 3 ctn"),
        ("2 cartons", "en", "24", "24 = 2 ctn"),
        ("3箱", "zh-hans", "36", "36 = 3 箱"),
        ("40件", "zh-hans", "48", "已调整为 48 = 4 箱"),
        ("１２", "zh-hans", "12", "12 = 1 箱"),
        ("1,200", "en", "1200", "1,200 = 100 ctn"),
        ("5", "en", "12", "Raised to the minimum of 12"),
    ],
)
def test_a_quantity_is_read_in_the_readers_words_and_snapped_to_the_pack(
    opened: Opened, typed: str, language: str, settled: str, said: str
) -> None:
    page = opened("/styleguide/", language=language)
    field, say = quantity(page)
    field.fill(typed)
    field.blur()
    expect(field).to_have_value(settled)
    expect(say).to_have_text(said)


@pytest.mark.parametrize("typed", ["1,5", "12,50", "0,125", "1.234,5", "1 250", "1,23,456"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_separator_of_two_meanings_is_left_to_the_server(opened: Opened, typed: str, language: str) -> None:
    page = opened("/styleguide/", language=language)
    field, _say = quantity(page)
    field.fill(typed)
    field.blur()
    expect(field).to_have_value(typed)
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_what_is_not_a_quantity_is_kept_and_explained(opened: Opened) -> None:
    page = opened("/styleguide/")
    field, say = quantity(page)
    field.fill("many")
    field.blur()
    expect(field).to_have_value("many")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(say).to_contain_text("“many” is not a quantity")


def test_arrows_step_by_pack_and_enter_goes_to_the_next_row(opened: Opened) -> None:
    page = opened("/styleguide/")
    field, _say = quantity(page, "sample-1")
    field.focus()
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("24")
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("48")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_value("0")
    page.keyboard.press("Enter")
    expect(page.locator("#sample-2")).to_be_focused()


@pytest.mark.parametrize(
    ("pack", "typed", "settled", "said"),
    [
        ("0.01", "12.5", "12.5", ""),
        ("0.1", "0.37", "0.4", "Rounded to 0.4"),
        ("1", "2.5", "3", "Rounded to 3"),
    ],
)
def test_goods_by_the_metre_keep_their_places(
    opened: Opened, pack: str, typed: str, settled: str, said: str
) -> None:
    page = opened("/styleguide/")
    page.evaluate(
        """pack => { const field = document.getElementById('q1').closest('qd-quantity');
                    Object.assign(field.dataset, {pack, min: 0}); field.hint = ''; }""",
        pack,
    )
    field, say = quantity(page)
    field.fill(typed)
    field.blur()
    expect(field).to_have_value(settled)
    expect(say).to_have_text(said)


def test_enter_goes_on_even_when_every_row_is_a_form_of_its_own(opened: Opened) -> None:
    page = opened("/styleguide/")
    page.evaluate(
        """() => document.querySelectorAll('#results qd-quantity').forEach(field => {
             const form = document.createElement('form'); field.replaceWith(form); form.append(field); })"""
    )
    page.evaluate(
        "window.sent = []; document.addEventListener('change', e => window.sent.push(e.target.value))"
    )
    field, _say = quantity(page, "sample-1")
    for typed in ("24", "30"):
        field.fill(typed)
        page.keyboard.press("Enter")
        expect(page.locator("#sample-2")).to_be_focused()
    assert page.evaluate("window.sent") == ["24", "48"], "one change for each entry, with the settled value"
    assert page.url.endswith("/styleguide/")


def test_the_listener_of_a_change_sees_the_settled_value(opened: Opened) -> None:
    page = opened("/styleguide/")
    page.evaluate(
        "document.getElementById('q1').addEventListener('change', e => { window.seen = e.target.value; })"
    )
    field, _say = quantity(page)
    field.fill("3 ctn")
    field.blur()
    assert page.evaluate("window.seen") == "36"


def test_keys_open_search_and_the_list_of_keys_and_escape_gives_the_focus_back(opened: Opened) -> None:
    page = opened("/styleguide/")
    page.keyboard.press("/")
    expect(page.locator("#qd-search")).to_be_focused()
    page.locator("#qd-search").blur()
    page.keyboard.press("?")
    expect(page.locator("#qd-shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#qd-shortcuts")).to_be_hidden()
    menu = page.locator("#qd-user")
    menu.locator("summary").click()
    expect(menu.locator(".qd-menu-body")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator(".qd-menu-body")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_dark_is_chosen_at_once_and_kept(opened: Opened) -> None:
    page = opened("/styleguide/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#qd-user summary").click()
    page.locator("#qd-user [data-qd-theme] button[value=dark]").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_dangerous_button_asks_first(opened: Opened) -> None:
    page = opened("/styleguide/")
    button = page.locator("[data-qd-confirm]").first
    page.evaluate(
        """document.querySelector('[data-qd-confirm]')
                   .addEventListener('click', () => { window.done = (window.done ?? 0) + 1; })"""
    )
    button.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel", exact=True).click()
    assert page.evaluate("window.done ?? 0") == 0
    expect(button).to_be_focused()
    button.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel order").click()
    page.wait_for_function("window.done === 1")


def test_a_toast_says_what_the_server_sent_as_text(opened: Opened) -> None:
    page = opened("/styleguide/")
    page.evaluate(
        """document.body.dispatchEvent(new CustomEvent('qd:toast',
             {bubbles: true, detail: {message: '<b>已加入</b>', kind: 'success'}}))"""
    )
    expect(page.locator(".qd-toast")).to_contain_text("<b>已加入</b>")


def test_selecting_rows_counts_them_and_shift_selects_a_range(opened: Opened) -> None:
    page = opened("/styleguide/")
    rows = page.locator("#board [data-qd-row]")
    bar = page.locator("#board [data-qd-select-bar]")
    expect(bar).to_be_hidden()
    rows.nth(0).check()
    rows.nth(2).click(modifiers=["Shift"])
    expect(bar.locator("[data-qd-selected]")).to_have_text("3")
    expect(page.locator("#board [data-qd-select-all]")).to_be_checked()
    page.locator("#board [data-qd-select-all]").uncheck()
    expect(bar).to_be_hidden()


def test_an_error_in_the_summary_leads_to_its_field(opened: Opened) -> None:
    page = opened("/styleguide/")
    page.locator("[data-qd-errors] a", has_text="E-mail").click()
    expect(page.locator("#id_email")).to_be_focused()


def test_facets_are_a_sheet_on_a_phone_and_a_column_on_a_desk(opened: Opened) -> None:
    desk = opened("/styleguide/")
    expect(desk.locator("#sample-facets")).to_be_visible()
    expect(desk.locator(".qd-facets-open")).to_be_hidden()
    phone = opened("/styleguide/", width=390, has_touch=True, is_mobile=True)
    expect(phone.locator("#sample-facets")).to_be_hidden()
    phone.locator(".qd-facets-open").click()
    expect(phone.locator("#sample-facets")).to_be_visible()
    phone.locator("#sample-facets .qd-facets-head button").click()
    expect(phone.locator("#sample-facets")).to_be_hidden()


def test_without_javascript_everything_is_there_and_menus_open(opened: Opened) -> None:
    page = opened("/styleguide/", java_script_enabled=False)
    page.locator("#qd-user summary").click()
    page.locator("#qd-user [data-qd-theme] button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#q1")).to_be_editable()
    expect(page.locator("#board [data-qd-select-bar] button").first).to_be_visible()
    expect(page.locator("#sample-dialog textarea")).to_be_visible()
    expect(page.locator("[data-qd-open=sample-dialog]")).to_be_hidden()


def test_the_page_is_printable(opened: Opened, tmp_path: Path) -> None:
    page = opened("/styleguide/")
    page.emulate_media(media="print")
    expect(page.locator(".qd-nav")).to_be_hidden()
    expect(page.locator("#qd-cart-bar")).to_be_hidden()
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(path=tmp_path / "page.pdf")))
    assert pages >= 2
