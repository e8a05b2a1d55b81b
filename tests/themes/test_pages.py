"""The style page shows every component in both languages; brands follow the host; light and dark are kept."""

import re
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from qudao_themes import brands
from qudao_themes.context_processors import color_theme
from qudao_themes.styleguide import samples

TEMPLATES = Path(brands.__file__).parent / "templates" / "qudao_themes"
#: Shown by the shell of every page, or by a layout.
OF_THE_SHELL = {
    "nav",
    "company_switcher",
    "user_menu",
    "language_switch",
    "theme_chooser",
    "shortcuts",
    "words",
    "channel_art",
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", ["", "layout/auth/", "layout/reading/", "layout/error/", "layout/pdf/"])
def test_every_page_of_the_guide_is_shown_without_inline_style_or_script(
    client: Client, path: str, language: str
) -> None:
    client.cookies["qudao_language"] = language
    page = client.get(f"/styleguide/{path}", headers={"accept-language": language}).content.decode()
    assert re.search(rf'<html\s+lang="{language}"', page)
    assert not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", page)
    assert ("<style" in page) is ("pdf" in path), "only a document carries its style sheet with it"


def test_the_guide_uses_every_component() -> None:
    sources = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    tags = set(re.findall(r"{% (\w+)", sources))
    shown = set(re.findall(r'(?:qudao_themes/components/|{% component ")(\w+)(?:\.html)?"', sources)) | tags
    components = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
    by_hand = {"product_row", "chips", "form", "loading", "icon", "cart_bar", "messages"}
    assert components - shown - OF_THE_SHELL - by_hand - {"table_frame"} == set()


def test_the_reference_names_every_component() -> None:
    readme = (TEMPLATES.parents[2] / "README.md").read_text("utf-8")
    components = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
    missing = {name for name in components - OF_THE_SHELL - {"table_frame"} if f"`{name}`" not in readme}
    assert missing - {"panel", "dialog", "menu", "select_bar"} == set()


@pytest.mark.parametrize("name", ["lanhe", "anshe"])
def test_the_guide_wears_the_brand_it_is_asked_for(client: Client, name: str) -> None:
    page = client.get(f"/styleguide/?brand={name}").content.decode()
    assert f"qudao_themes/brands/{name}/tokens.css" in page
    assert f"qudao_themes/brands/{name}/logo.svg" in page


def test_an_unknown_layout_is_not_found(client: Client) -> None:
    assert client.get("/styleguide/layout/passwd/").status_code == 404


def test_a_brand_is_chosen_by_host_then_by_site_then_by_default(settings) -> None:  # type: ignore[no-untyped-def]
    settings.ALLOWED_HOSTS = ["*"]
    settings.QUDAO_BRANDS = {
        "default": "lanhe",
        "sites": {"home.example": "anshe", "b.example:81": "acme"},
        "brands": {"acme": {"name": "Acme"}},
    }
    factory = RequestFactory()
    assert brands.brand_for(factory.get("/", headers={"host": "home.example:8443"})).key == "anshe"
    assert brands.brand_for(factory.get("/", headers={"host": "b.example:81"})).key == "acme"
    assert brands.brand_for(factory.get("/", headers={"host": "b.example:82"})).key == "lanhe"


def test_a_resolver_is_asked_first_and_may_pass(settings) -> None:  # type: ignore[no-untyped-def]
    settings.QUDAO_BRANDS = {"resolver": f"{__name__}.by_header", "default": "lanhe"}
    factory = RequestFactory()
    assert brands.brand_for(factory.get("/", headers={"x-brand": "anshe"})).key == "anshe"
    assert brands.brand_for(factory.get("/")).key == "lanhe"


def by_header(request) -> str | None:  # type: ignore[no-untyped-def]
    return request.headers.get("x-brand")


def test_a_brand_speaks_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert brands.get_brand("lanhe").name == "岚禾电气"
    with translation.override("en"):
        assert brands.get_brand("lanhe").name == "Lanhe Electric"
    assert brands.get_brand("../../etc").key == "lanhe"


def test_the_choice_of_dark_is_kept_and_leads_back(client: Client) -> None:
    answer = client.post("/styleguide/theme/", {"theme": "dark", "next": "/styleguide/?brand=anshe"})
    assert answer["Location"] == "/styleguide/?brand=anshe"
    assert client.cookies["qd_theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/styleguide/").content.decode()


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_choice_never_leads_to_another_host(client: Client, bad: str) -> None:
    assert client.post("/styleguide/theme/", {"theme": "dark", "next": bad})["Location"] == "/"


def test_a_forged_choice_is_ignored(client: Client) -> None:
    client.post("/styleguide/theme/", {"theme": "</style>", "next": "/"})
    assert "qd_theme" not in client.cookies
    request = RequestFactory().get("/")
    request.COOKIES["qd_theme"] = '"><script>'
    assert color_theme(request) == "auto"


def test_samples_exist_in_both_languages() -> None:
    request = RequestFactory().get("/")
    with translation.override("en"):
        english = samples(request)
    with translation.override("zh-hans"):
        chinese = samples(request)
    assert english["products"][0]["name"] != chinese["products"][0]["name"]
    assert [p["sku"] for p in english["products"]] == [p["sku"] for p in chinese["products"]]
