from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from qudao_catalog import api as catalog
from qudao_catalog.assortments.models import Assortment
from qudao_catalog.testing import grant, make_category, make_line, make_product
from qudao_core import api as core

pytestmark = pytest.mark.django_db


def save(actor: Any, **changes: Any) -> Assortment:
    fields = {"code": "gold", "name": "Gold range", "audience_keys": ["tier:gold"], "all_products": True}
    return catalog.save_assortment(actor=actor, **(fields | changes))


def test_a_saved_assortment_opens_products_at_the_next_request(channel: Any, buyer: core.Viewer) -> None:
    lamp = make_product("LAMP")
    assert not catalog.product_facts(buyer, [lamp.pk])
    save(channel.editor, all_products=False, product_ids=[lamp.pk])
    assert set(catalog.product_facts(buyer, [lamp.pk])) == {lamp.pk}


def test_saving_says_exactly_what_is_covered(channel: Any) -> None:
    line, category = make_line("lighting"), make_category("Lamps")
    one, other = make_product("A"), make_product("B")
    row = save(
        channel.editor,
        all_products=False,
        product_ids=[one.pk],
        line_ids=[line.pk],
        category_ids=[category.pk],
        audience_keys=["tier:gold", "members"],
    )
    save(
        channel.editor, assortment=row, all_products=False, product_ids=[other.pk], audience_keys=["members"]
    )
    assert [item.product_id for item in row.items.all()] == [other.pk]
    assert [each.audience_key for each in row.audiences.all()] == ["members"]


def test_saving_the_same_again_writes_no_history(channel: Any) -> None:
    row = save(channel.editor)
    save(channel.editor, assortment=row)
    assert [entry.action for entry in core.history(row)] == ["qudao.assortment.created"]


def test_a_change_tells_who_changed_what(channel: Any) -> None:
    row = save(channel.editor)
    save(channel.editor, assortment=row, effect="deny", audience_keys=["members"])
    entry = core.history(row)[0]
    assert (entry.actor_name, entry.action) == ("Emil Editor", "qudao.assortment.changed")
    assert entry.data["changes"] == {"effect": ["grant", "deny"], "audiences": ["tier:gold", "members"]}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"audience_keys": ["tier:none"]}, "unknown_audience", "audience_keys"),
        ({"effect": "allow"}, "not_a_choice", "effect"),
        ({"all_products": False}, "covers_nothing", "all_products"),
        ({"valid_from": date(2026, 2, 2), "valid_until": date(2026, 2, 1)}, "dates_reversed", "valid_until"),
    ],
)
def test_what_makes_no_sense_is_refused(channel: Any, changes: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(core.Refusal) as refused:
        save(channel.editor, **changes)
    assert (refused.value.code, refused.value.problem.field) == (code, field)
    assert not Assortment.objects.exists()


def test_a_code_is_taken_once(channel: Any) -> None:
    save(channel.editor)
    with pytest.raises(core.Conflict) as refused:
        save(channel.editor)
    assert refused.value.code == "code_taken"


def test_a_deleted_assortment_closes_what_only_it_opened(channel: Any, buyer: core.Viewer) -> None:
    lamp = make_product("LAMP")
    row = grant("members")
    assert catalog.product_facts(buyer, [lamp.pk])
    catalog.delete_assortment(actor=channel.editor, assortment=row)
    assert not catalog.product_facts(buyer, [lamp.pk])
