"""``search_explain``: why a thing is shown or not."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from qudao_core.hooks import viewer_builders
from qudao_search.hooks import AccessRule
from qudao_search.testing import POLICY, InMemorySource, Person


@pytest.fixture(autouse=True)
def _readers() -> Iterator[None]:
    """Whoever signs in holds the key ``everyone``."""
    kept = dict(viewer_builders._entries)
    viewer_builders._entries.clear()
    viewer_builders.register(
        "test", lambda user, language, **_more: Person(user_id=user.pk, language=language)
    )
    yield
    viewer_builders._entries.clear()
    viewer_builders._entries.update(kept)


def explain(*arguments: str) -> str:
    out = StringIO()
    call_command("search_explain", *arguments, stdout=out)
    return out.getvalue()


def test_a_hit_is_explained(products: InMemorySource, django_user_model: Any) -> None:
    django_user_model.objects.create_user(email="bai@example.com")
    products.put("1", "Flood lamp")
    told = explain("lamp", "--as", "bai@example.com")
    assert "tokens: lamp" in told
    assert "clause 1: words:lamp" in told
    assert "1 hits from" in told
    assert "  1. product:1 shown" in told
    assert "boost = " in told and "tier TITLE_PHRASE" in told


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("closed", f"closed by policy {POLICY}: gold"),
        ("unmatched", "does not match words:lamp"),
        ("chinese", "meant for readers of zh-hans, not of en"),
        ("blue", "line is blue, not red"),
        ("hidden", "its source does not show it to this reader"),
        ("doorless", "it has no access rule"),
        ("unindexed", "in its source but not in the index: search_rebuild"),
        ("unknown", "its source does not give it"),
    ],
)
def test_what_is_not_shown_has_a_reason(products: InMemorySource, item: str, reason: str) -> None:
    red = {"facets": {"line": ("red",)}}
    products.put("shown", "Lamp", **red)
    products.put("closed", "Lamp", access=["gold"], **red)
    products.put("unmatched", "Chair", **red)
    products.put("chinese", "Lamp", languages=("zh-hans",), **red)
    products.put("blue", "Lamp", facets={"line": ("blue",)})
    products.put("hidden", "Lamp", **red)
    products.put("doorless", "Lamp", access=[], **red)
    products.lay("unindexed", "Lamp")
    products.hidden.add("hidden")
    told = explain("lamp", "--kind", "product", "--item", item, "--facet", "line=red")
    lines = told.splitlines()
    at = next(number for number, line in enumerate(lines) if f"product:{item} NOT SHOWN" in line)
    assert lines[at + 1].strip().startswith(reason)


def test_two_doors_are_both_named(products: InMemorySource) -> None:
    products.put("1", "Lamp", access=["gold", "silver"])
    told = explain("lamp", "--kind", "product", "--item", "1")
    assert f"closed by policy {POLICY}: gold" in told and f"closed by policy {POLICY}: silver" in told
    products.change("1", access=(AccessRule("unheard-of", frozenset()),))
    assert "closed by policy unheard-of: no tokens" in explain("lamp", "--kind", "product", "--item", "1")


def test_what_was_searched_for_instead_is_told(products: InMemorySource) -> None:
    products.put("1", "Ethernet lamp")
    assert "searched for 'ethernet' instead" in explain("ehternet")
    assert "searched for any of the pieces" in explain("lamp zzqqxx")
    assert "clause" not in explain("")
    assert "tokens: none" in explain("?!")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lamp", "--as", "nobody@example.com"), "Nobody signs in as"),
        (("lamp", "--item", "1"), "Name the kind"),
        (("lamp", "--facet", "line"), "NAME=VALUE"),
        (("lamp", "--facet", "colour=red"), "no filter called"),
        (("x" * 300,), "at most 200"),
    ],
)
def test_mistakes_are_told(products: InMemorySource, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        explain(*arguments)
