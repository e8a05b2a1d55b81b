"""One layout for every mail: the brand's name and colour, tables, styles on the elements, a button that is a link."""

import pytest
from django.template.loader import render_to_string
from django.test import override_settings

pytestmark = pytest.mark.any_database
LETTER = {
    "heading": "A & B",
    "paragraphs": ["Set it here:\nhttps://channel.example/reset/1/"],
    "site_name": "Channel",
    "base_url": "https://channel.example",
}


@pytest.mark.parametrize(
    ("brand", "name", "ink"),
    [
        ("lanhe", "Lanhe Electric", "#0a5775"),
        ("anshe", "Anshe Living", "#7a1f4f"),
        ("plain", "Acme", "#26323a"),
    ],
)
def test_a_mail_wears_the_brand(brand: str, name: str, ink: str) -> None:
    with override_settings(QUDAO_BRANDS={"default": brand}, WAGTAIL_SITE_NAME="Acme"):
        page = render_to_string("qudao_themes/mail/letter.html", LETTER)
    assert name in page and f'bgcolor="{ink}"' in page


def test_a_letter_is_escaped_and_its_address_is_a_link() -> None:
    page = render_to_string("qudao_themes/mail/letter.html", LETTER)
    assert "A &amp; B" in page
    assert 'href="https://channel.example/reset/1/"' in page
    assert "<style" not in page and "<script" not in page and "class=" not in page


def test_a_button_is_a_link_in_the_colour_of_the_brand() -> None:
    shown = {"url": "https://channel.example/orders/1/?a=1&b=2", "label": "View", "ink": "#0a5775"}
    page = render_to_string("qudao_themes/mail/button.html", shown)
    assert 'href="https://channel.example/orders/1/?a=1&amp;b=2"' in page and 'bgcolor="#0a5775"' in page
