"""How the index stands, by function and by command."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from qudao_search import api as search
from qudao_search.engines.choosing import embedded
from qudao_search.entries.models import Entry
from qudao_search.testing import InMemorySource


def drifted(products: InMemorySource) -> None:
    """One missing, one surplus, one whose content and one whose tokens are not what they should be."""
    for item in ("right", "surplus", "changed", "tokenless"):
        products.put(item, "Lamp")
    products.lay("missing", "Lamp")
    products.lay("changed", "Torch")
    del products.documents_by_item["surplus"]
    embedded().erase([Entry.objects.get(item="tokenless").pk])


def test_drift_is_named(products: InMemorySource, topics: InMemorySource) -> None:
    drifted(products)
    kind = search.status(deep=True).kinds[0]
    assert (kind.in_source, kind.in_index) == (4, 4)
    assert (kind.missing.items, kind.surplus.items) == (("missing",), ("surplus",))
    assert kind.differing.items == ("changed", "tokenless")
    assert search.status().kinds[0].differing.count == 0


def test_the_command_exits_with_1_on_drift(products: InMemorySource) -> None:
    drifted(products)
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("search_status", "--deep", stdout=out, stderr=err)
    assert stopped.value.code == 1
    assert "missing: missing" in out.getvalue() and "differing: changed, tokenless" in out.getvalue()
    assert "search_rebuild" in err.getvalue()
    call_command("search_rebuild", stdout=out)
    out = StringIO()
    call_command("search_status", "--deep", stdout=out)
    assert out.getvalue().splitlines()[2].split() == ["product", "4", "4", "0", "0", "0"]


def test_a_rebuild_says_how_far_it_is(products: InMemorySource) -> None:
    for number in range(3):
        products.lay(str(number), "Lamp")
    out = StringIO()
    call_command("search_rebuild", "--kind", "product", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("product    [==============================] 100%  3 of 3")
    assert lines[1].startswith("3 items in ")


def test_on_a_terminal_the_bar_is_drawn_over_itself(products: InMemorySource) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    for number in range(1_500):
        products.lay(str(number), "Lamp")
    out = Terminal()
    call_command("search_rebuild", stdout=out, no_color=True)
    assert out.getvalue().count("\r") >= 1
    assert "100%  1,500 of 1,500" in out.getvalue()


def test_a_kind_that_does_not_exist(products: InMemorySource) -> None:
    with pytest.raises(CommandError, match="Kinds: product, topic"):
        call_command("search_rebuild", "--kind", "nothing")
