"""Figures in messages are written as the pages write them."""

from decimal import Decimal

import pytest
from django.utils.translation import override
from qudao_b2b_ordering.cart.problems import money
from qudao_catalog.products.presenters import number_text, quantity_text
from qudao_themes.templatetags.qudao.figures import number


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("value", ["1", "36.000", "999999", "1200.5", "99999999990", "0.125"])
def test_a_message_and_a_page_write_one_number_in_one_way(language: str, value: str) -> None:
    with override(language):
        assert number_text(Decimal(value)) == number(Decimal(value))


def test_thousands_are_separated_in_every_language() -> None:
    with override("zh-hans"):
        assert quantity_text(Decimal("999999"), "个") == "999,999 个"
        assert money(Decimal("1234567.5"), "CNY") == "1,234,567.50 CNY"
