"""Numbers and dates in the formats of the reference site."""

import datetime as dt

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import formats
from django.utils.translation import override


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_thousands_are_separated_where_wagtail_lists_a_number(language: str) -> None:
    with override(language):
        assert (intcomma(234351), intcomma("1234.50")) == ("234,351", "1,234.50")


def test_chinese_dates_stay_djangos() -> None:
    with override("zh-hans"):
        assert formats.date_format(dt.date(2026, 11, 2), "DATE_FORMAT") == "2026年11月2日"
