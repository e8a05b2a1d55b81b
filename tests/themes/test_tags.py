"""Tags and filters: what a template writes and what the reader sees."""

import datetime as dt
import logging
from decimal import Decimal
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from qudao_themes.templatetags.qudao import components, figures, pages

pytestmark = pytest.mark.any_database


def render(source: str, **context: Any) -> str:
    return Template("{% load qudao %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1234.5", "1,234.50"),
        (Decimal("-320"), "\u2212320.00"),
        (Decimal("123456789012.34"), "123,456,789,012.34"),
        (0, "0.00"),
        (None, "–"),
        ("", "–"),
        ("abc", "–"),
    ],
)
def test_money_has_two_places_and_thousands(value: Any, shown: str) -> None:
    assert figures.money(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("8.4250", "8.425"), ("36.5000", "36.50"), ("0.1234", "0.1234"), ("1200", "1,200.00")],
)
def test_unit_price_shows_the_third_and_fourth_place_only_when_they_say_something(
    value: str, shown: str
) -> None:
    assert figures.unit_price(Decimal(value)) == shown


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False))
def test_money_reads_back_to_the_same_amount(amount: Decimal) -> None:
    assert Decimal(figures.money(amount).replace(",", "").replace("\u2212", "-")) == amount


@pytest.mark.parametrize(
    ("value", "shown"), [("12000.500", "12,000.5"), (36, "36"), (Decimal("100"), "100"), ("", "–")]
)
def test_number_has_no_idle_zeros(value: Any, shown: str) -> None:
    assert figures.number(value) == shown


def test_quantity_keeps_number_and_unit_together_and_escapes_the_unit() -> None:
    assert (
        figures.quantity(1200, "件")
        == '<span class="qd-number">1,200</span>&nbsp;<span class="qd-unit">件</span>'
    )
    assert "<b>" not in render("{{ 1|quantity:unit }}", unit="<b>")


@pytest.mark.parametrize(
    ("share", "places", "shown"), [("0.125", 0, "13%"), ("0.125", 1, "12.5%"), ("-0.5", 0, "\u221250%")]
)
def test_percent_rounds_half_up(share: str, places: int, shown: str) -> None:
    assert figures.percent(Decimal(share), places) == shown


def test_dates_speak_the_readers_language_in_the_readers_zone() -> None:
    moment = dt.datetime(2026, 11, 22, 20, 5, tzinfo=dt.UTC)
    with timezone.override("Asia/Shanghai"):
        assert ">23 Nov 2026, 04:05</time>" in figures.date_time(moment)
        assert ">23 Nov 2026</time>" in figures.day(moment)
        with translation.override("zh-hans"):
            assert ">2026年11月23日 04:05</time>" in figures.date_time(moment)
            assert figures.day_short(moment) == figures.day(moment)
    assert figures.date_time(None) == "–"


def test_ago_names_the_largest_unit_and_keeps_the_moment() -> None:
    then = timezone.now() - dt.timedelta(days=3, hours=2)
    assert "3\xa0days ago" in figures.ago(then)
    assert f'datetime="{then.isoformat()}"' in figures.ago(then)
    assert "just now" in figures.ago(timezone.now())


def test_query_set_and_toggle_keep_other_parameters_and_start_the_list_anew() -> None:
    query = QueryDict("q=led&line=a&line=b&page=7")
    assert pages.query_set(query, "sort", "price") == "?q=led&line=a&line=b&sort=price"
    assert pages.query_set(query, "q", "") == "?line=a&line=b"
    assert pages.query_toggle(query, "line", "b") == "?q=led&line=a"
    assert pages.query_toggle(query, "line", "c") == "?q=led&line=a&line=b&line=c"
    assert pages.query_set(query, "page", 8) == "?q=led&line=a&line=b&page=8"
    assert query["page"] == "7", "the request's own parameters stay as they are"


def test_an_icon_is_inline_hidden_from_readers_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in components.icon("truck")
    named = components.icon("truck", 'on its "way"')
    assert 'role="img"' in named and "on its &quot;way&quot;" in named


def test_an_unknown_icon_is_drawn_as_a_placeholder_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "qudao_themes"):
        assert "<svg" in components.icon("no-such-icon")
    assert "no-such-icon" in caplog.text


def test_every_state_has_an_icon_of_the_set_and_every_state_renders(caplog: pytest.LogCaptureFixture) -> None:
    for state, (_icon, word) in components.STATES.items():
        shown = render("{% badge state %}", state=state)
        assert f'data-state="{state}"' in shown
        assert str(word) in shown
    assert caplog.text == ""


def test_button_turns_its_other_arguments_into_attributes_and_escapes_them() -> None:
    shown = render('{% button "Go" kind="primary" hx_post=url disabled=True data_x=None %}', url='/a?b="c"&d')
    assert 'hx-post="/a?b=&quot;c&quot;&amp;d"' in shown
    assert " disabled" in shown and "data-x" not in shown
    assert 'data-kind="primary"' in shown and 'type="submit"' in shown


def test_a_component_gets_its_options_and_what_is_named_of_an_object_and_nothing_else() -> None:
    source = '{% component "stock" product.stock "state label quantity" unit=product.unit %}'
    product = {"stock": {"state": "low", "label": "few <b>"}, "unit": "box"}
    shown = render(source, product=product, arrival_date="2026-01-01")
    assert 'data-state="low"' in shown and "few &lt;b&gt;" in shown and "arriving" not in shown
    assert 'data-state="neutral"' in render(source, product={}), "what is not there is empty, not an error"
    assert 'data-state="ok"' in render('{% component "stock" state="ok" %}')


def test_line_breaks_of_a_template_are_nothing_inside_tight() -> None:
    source = """{% tight %}
      {{ first }}
      {% if more %}
        {% for each in more %}
          <b>{{ each }}</b>, and
        {% endfor %}
      {% endif %}
    {% endtight %}"""
    assert render(source, first="一。\n二", more=["x", "y"]) == "一。\n二<b>x</b>, and<b>y</b>, and"


def test_block_tags_take_content_and_escape_what_the_caller_gives() -> None:
    shown = render('{% panel title=title id="x" %}<p>{{ text }}</p>{% endpanel %}', title="<i>", text="<b>")
    assert "&lt;i&gt;" in shown and "<p>&lt;b&gt;</p>" in shown and 'aria-labelledby="x-title"' in shown
    assert 'data-kind="warn"' in render('{% notice "warn" %}x{% endnotice %}')


@pytest.mark.parametrize(
    ("name", "shown"),
    [("林梅", "林梅"), ("欧阳修文", "修文"), ("Lin Mei", "LM"), ("buyer@x.cn", "BX"), ("", "?")],
)
def test_initials(name: str, shown: str) -> None:
    assert pages.initials(name) == shown


def test_pages_elide_the_middle() -> None:
    page = Paginator(range(1000), 10).page(50)
    assert pages.elided_pages(page) == [1, "…", 49, 50, 51, "…", 100]


def test_where_you_are_is_the_place_and_everything_below_it() -> None:
    at = RequestFactory().get("/orders/12/")
    assert render("{% is_current '/orders/' %}", request=at) == "True"
    assert render("{% is_current '/order/' %}", request=at) == "False"
    assert render("{% is_current '/' %}", request=at) == "False", (
        "the front page is above everything and current nowhere else"
    )
    assert render("{% is_current '/' %}", request=RequestFactory().get("/")) == "True"


def test_a_chart_has_no_style_no_script_and_a_name() -> None:
    svg = Template('{% load qudao_charts %}{% chart_svg "bar" labels series "Orders <by> month" %}').render(
        Context({"labels": ["<Jan>", "Feb"], "series": [("A", [1, None]), ("B", [2, 3])]})
    )
    assert svg.startswith("<svg") and 'aria-label="Orders &lt;by&gt; month"' in svg
    assert "<script" not in svg and "<style" not in svg and "style=" not in svg and "&lt;Jan&gt;" in svg
