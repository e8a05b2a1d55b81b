"""A demo of one's own trade, as the guide describes it: it is loaded and built; what is wrong is named."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from qudao_b2b_ordering.orders.models import Order
from qudao_catalog.handbook.models import TopicPage
from qudao_catalog.products.models import ProductProfile
from qudao_core import api as core
from qudao_site.demo.channel import Channel

from tests.architecture.sources import ROOT

GUIDE = ROOT / "docs/how-to/write-a-demo.md"
#: A line that begins with a file's name, what else the paragraph says, and the block below it: the file.
FILE = re.compile(r"^`([\w./-]+\.(?:yaml|csv|md))`(?:[^\n]+\n)+\n(`{3,4})\w*\n(.*?)^\2$", re.M | re.S)
TOPIC = "handbook/tea-knowledge/brewing/green.en.md"


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    """The guide's example as files."""
    for name, _fence, text in FILE.findall(GUIDE.read_text(encoding="utf-8")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def said(directory: Path) -> str:
    """What the refusal says, the directory left out."""
    with pytest.raises(core.Refusal) as refused:
        Channel(directory)
    assert refused.value.code == "demo_invalid"
    return refused.value.message.replace(f"{directory}/", "")


def test_the_guides_example_is_a_whole_channel(tea: Path) -> None:
    assert {str(path.relative_to(tea)) for path in tea.rglob("*") if path.is_file()} == {
        "channel.yaml",
        "companies.csv",
        "tiers.yaml",
        "people.yaml",
        "catalogue.yaml",
        "products/green.yaml",
        "trade.yaml",
        "handbook.yaml",
        "handbook/tea-knowledge/brewing/green.en.md",
        "handbook/tea-knowledge/brewing/green.zh-hans.md",
    }
    assert [item.sku for item in Channel(tea).items()] == [
        "T-LJ50",
        "T-LJ50-T",
        "T-LJ50-B",
        "T-LJ250",
        "T-LJ250-T",
        "T-LJ250-B",
    ]


@pytest.mark.slow
@pytest.mark.django_db
def test_the_guides_example_is_built_and_its_people_are_named(tea: Path) -> None:
    with transaction.atomic():
        call_command("demo_data", "--scale", "small", "--channel", str(tea), stdout=io.StringIO())
        out = io.StringIO()
        call_command("demo_people", "--channel", str(tea), stdout=out)
        assert "a-leaf-in-the-cup" in out.getvalue()
        assert ProductProfile.objects.count() == 6
        assert {"complete", "open", "rejected", "returned", "cancelled"} == set(
            Order.objects.values_list("status", flat=True)
        )
        titles = TopicPage.objects.filter(live=True).values_list("title", flat=True)
        assert set(titles) == {"Brewing green tea", "绿茶冲泡"}
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        (
            "trade.yaml",
            "seller: TEA, name: List",
            "seller: TEE, name: List",
            "line 4: price_lists.0.seller: “TEE” is not defined in companies.csv.",
        ),
        (
            "trade.yaml",
            "base: base",
            "base: bass",
            "line 5: price_lists.1.base: “bass” is not defined in trade.yaml, above.",
        ),
        ("trade.yaml", "low: 20", "lov: 20", "line 9: stock.low: Field required"),
        (
            "trade.yaml",
            "  plenty: 200",
            "  plenty: many",
            "line 10: stock.plenty: Input should be a valid decimal",
        ),
        (
            "trade.yaml",
            "[sales-approval, release,",
            "[sales-aproval, release,",
            "line 18: flows.0.steps.0: “sales-aproval” is not defined in trade.yaml, under steps.",
        ),
        ("trade.yaml", "  low: 20", "  low: [20", "line 10: did not find expected"),
        ("trade.yaml", "  low: 20", "  low: 20\n  low: 30", "line 10: the key “low” appears twice"),
        (
            "products/green.yaml",
            "line: garden",
            "line: gardens",
            "line 3: 0.line: “gardens” is not defined in catalogue.yaml.",
        ),
        (
            "products/green.yaml",
            "words: {grams: 50}, ",
            "",
            "line 12: 0.models: A model gives no word for a placeholder of its family: 'grams'",
        ),
        (
            "products/green.yaml",
            "choices: [tin, bag]",
            "choices: [tin, box]",
            "line 10: 0.choices.1: “box” is not defined in catalogue.yaml.",
        ),
        (
            "companies.csv",
            "8 Lake Street,0571-55550101,",
            "8 Lake Street,0571-55550101,perhaps",
            "line 3: sells: Input should be a valid boolean",
        ),
        ("companies.csv", "SHOP1,Corner", ",Corner", "line 3: code: Field required"),
        (
            "people.yaml",
            "firm: SHOP1",
            "firm: SHOP2",
            "line 4: people.0.firm: “SHOP2” is not defined in companies.csv.",
        ),
        (
            "channel.yaml",
            "products: [green]",
            "products: [green, black]",
            "The demo channel has no file products/black.yaml.",
        ),
        (
            "handbook.yaml",
            "topics: [green]",
            "topics: [green, black]",
            "The demo channel has no file handbook/tea-knowledge/brewing/black.en.md.",
        ),
        (
            TOPIC,
            "products: T-LJ50",
            "products: T-LJ51",
            "line 21: “T-LJ51” is not defined in products/.",
        ),
        (
            TOPIC,
            "Green tea wants",
            "![Cup](cup)\n\nGreen tea wants",
            "line 7: “cup” is not defined in handbook.yaml, under figures.",
        ),
        (
            "products/green.yaml",
            "  choices:",
            "  picture: leaf-{shape}\n  choices:",
            "line 13: 0.models: A model gives no word for a placeholder of its family: 'shape'",
        ),
        (
            "products/green.yaml",
            "  choices:",
            "  picture: leaf\n  choices:",
            "The demo channel has no file pictures/leaf.webp.",
        ),
        (
            TOPIC,
            "level: caution",
            "level: huge",
            "line 16: level: Input should be 'note', 'caution', 'warning' or 'danger'",
        ),
        (TOPIC, "```warning", "```warming", "line 15: A topic has no block “warming”."),
        (TOPIC, "| 80 |", "| hot |", "line 11: “hot” is not a number."),
        (TOPIC, "summary: ", "summery: ", "line 2: summary: Field required"),
        (TOPIC, "---\ntitle", "title", "line 1: The file does not begin with front matter"),
    ],
)
def test_what_is_wrong_is_named_with_file_line_and_key(
    tea: Path, file: str, before: str, after: str, message: str
) -> None:
    edit(tea / file, before, after)
    where = f"{file}, " if message.startswith("line") else ""
    assert said(tea).startswith(where + message), said(tea)


def test_the_command_says_it_too(tea: Path) -> None:
    edit(tea / "trade.yaml", "low: 20", "lov: 20")
    with pytest.raises(CommandError, match=r"trade.yaml, line 9: stock.low: Field required"):
        call_command("demo_data", "--channel", str(tea))
