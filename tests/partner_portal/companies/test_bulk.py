"""Companies and addresses by the thousand: a result for every row, safe to repeat, constant statements."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.api import AddressInput, CompanyInput
from qudao_partner_portal.models import Address, Company
from qudao_partner_portal.testing import make_company, make_tier

pytestmark = pytest.mark.django_db


def codes(result: core.UpsertResult) -> dict[int | None, str]:
    return {found.line: found.code for found in result.problems}


def upsert(*rows: CompanyInput) -> core.UpsertResult:
    result = portal.upsert_companies(actor=None, rows=rows)
    assert Company.find_problems() == ([], [], [], [], [])
    return result


def test_a_tree_arrives_in_any_order() -> None:
    make_tier("gold")
    result = upsert(
        CompanyInput(code="S-1", name="Shop", parent="D-1", tier="gold", territories=("CN-51", "CN-5101")),
        CompanyInput(code="D-1", external_key="ERP-7", name="Distributor", parent="BRAND"),
        CompanyInput(code="BRAND", name="Brand", kind="manufacturer", is_seller=True, parent=""),
        CompanyInput(code="S-2", name="Second shop", parent="ERP-7"),
    )
    assert (result.created, result.updated, result.problems) == (4, 0, ())
    shop = Company.objects.get(code="S-1")
    assert [row.code for row in shop.get_ancestors()] == ["BRAND", "D-1"]
    assert sorted(place.code for place in shop.territories.all()) == ["CN-51", "CN-5101"]
    assert result.ids[1] == shop.pk
    assert core.history(shop)[0].action == "qudao.company.imported"


def test_repeating_changes_nothing_and_a_change_touches_one_row() -> None:
    rows = [CompanyInput(code="B", name="Brand"), CompanyInput(code="D", name="Dealer", parent="B")]
    upsert(*rows)
    again = upsert(*rows)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    result = upsert(rows[0], CompanyInput(code="D", name="Dealer Ltd"))
    assert (result.updated, result.unchanged) == (1, 1)
    dealer = Company.objects.get(code="D")
    assert (dealer.name, dealer.get_parent().code) == ("Dealer Ltd", "B")
    assert core.history(dealer)[0].details == "name: Dealer → Dealer Ltd"


def test_a_company_is_known_by_its_external_key_and_may_get_a_new_code() -> None:
    upsert(CompanyInput(external_key="ERP 1", code="OLD", name="Dealer"))
    result = upsert(CompanyInput(external_key="ERP 1", code="NEW"))
    assert (result.updated, Company.objects.get().code) == (1, "NEW")


def test_a_company_moves_below_another() -> None:
    upsert(
        CompanyInput(code="B", name="Brand"),
        CompanyInput(code="E", name="East", parent="B"),
        CompanyInput(code="W", name="West", parent="B"),
        CompanyInput(code="S", name="Shop", parent="E"),
    )
    result = upsert(CompanyInput(code="S", parent="W"), CompanyInput(code="E", parent=""))
    assert result.updated == 2
    assert Company.objects.get(code="S").get_parent().code == "W"
    assert Company.objects.get(code="E").is_root()


def test_bad_rows_are_left_out_and_named() -> None:
    upsert(
        CompanyInput(code="A", external_key="1", name="A"), CompanyInput(code="B", external_key="2", name="B")
    )
    result = upsert(
        CompanyInput(code="A", external_key="2"),
        CompanyInput(code="C", name="C", parent="NOWHERE"),
        CompanyInput(code="D", name="D", parent="C"),
        CompanyInput(code="E", name="E", tier="platinum"),
        CompanyInput(code="F", name="F", territories=("CN-XX",)),
        CompanyInput(code="no code", name="G"),
        CompanyInput(name="H"),
        CompanyInput(code="I"),
        CompanyInput(code="J", name="J", phone="?"),
        CompanyInput(code="K", name="K"),
        CompanyInput(code="K", name="K again"),
        CompanyInput(code="L", name="L", parent="M"),
        CompanyInput(code="M", name="M", parent="L"),
    )
    assert codes(result) == {
        1: "key_conflict",
        2: "unknown_parent",
        3: "parent_in_error",
        4: "unknown_tier",
        5: "unknown_territory",
        6: "bad_code",
        7: "required",
        8: "required",
        9: "bad_phone",
        11: "twice",
        12: "below_itself",
        13: "below_itself",
    }
    assert (result.created, result.outcomes[10]) == (1, "created")
    assert all(found.remedy for found in result.problems)
    assert codes(upsert(CompanyInput(code="A", external_key="9", name="Other"))) == {1: "code_taken"}


def test_a_name_that_two_companies_have_is_asked_for_more_exactly() -> None:
    """The code of one and the external key of another: neither is guessed."""
    make_company("North", code="X-1")
    south = make_company("South", code="S", external_key="X-1")
    result = upsert(
        CompanyInput(code="N", name="New", parent="X-1"),
        CompanyInput(code="O", name="Other", parent="ext:X-1"),
    )
    assert codes(result) == {1: "ambiguous_reference"}
    assert Company.objects.get(code="O").get_parent() == south
    rows = [
        AddressInput(company=name, recipient="Li", street="1 Road", territory="CN-5101")
        for name in ("X-1", "ext:X-1")
    ]
    sent = portal.upsert_addresses(actor=None, rows=rows)
    assert (codes(sent), sent.created) == ({1: "ambiguous_reference"}, 1)
    assert Address.objects.get().company == south


def test_addresses_of_others_stay_as_they_are() -> None:
    dealer, other = make_company("Dealer", code="D"), make_company("Other", code="O")
    rows = [
        AddressInput(
            company=each.code, external_key="HQ", recipient="Li", street="1 Road", territory="CN-5101"
        )
        for each in (dealer, other)
    ]
    assert portal.upsert_addresses(actor=None, rows=rows[1:]).created == 1
    assert portal.upsert_addresses(actor=None, rows=rows[:1]).created == 1
    assert {row.company for row in Address.objects.all()} == {dealer, other}


def test_a_company_is_not_put_below_its_own_branch() -> None:
    upsert(CompanyInput(code="A", name="A"), CompanyInput(code="B", name="B", parent="A"))
    assert codes(upsert(CompanyInput(code="A", parent="B"))) == {1: "below_itself"}
    assert codes(upsert(CompanyInput(code="A", parent="A"))) == {1: "below_itself"}


def statements(rows: list[CompanyInput]) -> int:
    with CaptureQueriesContext(connection) as queries:
        portal.upsert_companies(actor=None, rows=rows)
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    make_company("Brand", code="B")
    statements([CompanyInput(code="WARM", name="Warm", parent="B", territories=("CN-51",))])

    def rows(start: int, count: int, **more: Any) -> list[CompanyInput]:
        return [
            CompanyInput(code=f"D{n}", name=f"Dealer {n}", parent="B", territories=("CN-51",), **more)
            for n in range(start, start + count)
        ]

    assert (statements(rows(0, 1)), statements(rows(10, 20))) == (19, 19)
    moved = {"phone": "028-85123456", "tier": ""}
    assert (statements(rows(0, 1, **moved)), statements(rows(10, 20, **moved))) == (15, 15)


def test_addresses_arrive_with_their_companies() -> None:
    make_company("Brand", code="B")
    upsert(CompanyInput(code="D", external_key="ERP-7", name="Dealer", parent="B"))
    rows = [
        AddressInput(company="D", external_key="1", recipient="Li", street="1 Road", territory="CN-5101"),
        AddressInput(company="ERP-7", recipient="Han", street="2 Road", region="Camden", country="GB"),
        AddressInput(company="X", recipient="Han", street="2 Road", region="Camden"),
        AddressInput(company="D", recipient="Han", street="2 Road", region="Camden"),
        AddressInput(company="D", recipient="Zhao", street="3 Road"),
    ]
    result = portal.upsert_addresses(actor=None, rows=rows)
    assert codes(result) == {3: "unknown_company", 4: "twice", 5: "place_needed"}
    assert result.created == 2
    assert Address.objects.get(is_default=True).street == "1 Road"
    again = portal.upsert_addresses(actor=None, rows=rows[:2])
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    moved = portal.upsert_addresses(
        actor=None, rows=[AddressInput(company="D", recipient="Han", street="2 Road", is_default=True)]
    )
    assert (moved.updated, Address.objects.get(is_default=True).street) == (1, "2 Road")


def test_a_branch_as_deep_as_a_tree_may_be_arrives_from_its_end() -> None:
    rows = [
        CompanyInput(code=f"L-{level}", name="Level", parent=f"L-{level - 1}" if level else "")
        for level in range(60)
    ]
    assert upsert(*reversed(rows)).created == 60
    assert Company.objects.get(code="L-59").depth == 60
