"""Companies and addresses from a dealer list as a sales office keeps it."""

import pytest
from qudao_core import api as core
from qudao_partner_portal import testing
from qudao_partner_portal.companies.models import Address, Company

from tests.imports import counts, csv, load, problems

pytestmark = pytest.mark.django_db

HEADER = ("公司编码", "公司名称", "客户类型", "上级编码", "客户等级", "销售区域", "币种")


@pytest.fixture
def maker():
    testing.make_tier("gold")
    testing.make_tier("silver")
    return testing.make_company("Lanhe Electric", code="LH")


def dealers(*rows):
    return csv(HEADER, *rows)


def test_a_chinese_dealer_list_in_any_order(maker):
    text = dealers(
        ("D-1", "成都蓉光电器", "门店", "A-1", "gold", "CN-51;CN-50", "CNY"),
        ("A-1", "西南代理", "代理商", "LH", "", "", ""),
    )
    job = load("companies", text)
    assert (job.state, counts(job)) == ("done", (2, 0, 0, 0))
    dealer = Company.objects.get(code="D-1")
    assert dealer.get_parent().code == "A-1"
    assert (dealer.kind, dealer.tier.code) == ("dealer", "gold")
    assert set(dealer.territories.values_list("code", flat=True)) == {"CN-51", "CN-50"}
    assert [entry.action for entry in core.history(dealer)] == ["qudao.company.imported"]
    assert counts(load("companies", text)) == (0, 0, 2, 0)


def test_an_empty_cell_leaves_what_is_stored(maker):
    load("companies", dealers(("D-1", "One", "dealer", "LH", "gold", "", "")))
    job = load("companies", dealers(("D-1", "One and a half", "", "", "", "", "")))
    assert counts(job) == (0, 1, 0, 0)
    company = Company.objects.get(code="D-1")
    assert (company.name, company.tier.code, company.get_parent().code) == ("One and a half", "gold", "LH")


def test_options_stand_in_where_the_file_says_nothing(maker):
    text = csv(("Code", "Name"), ("D-1", "One"))
    load("companies", text, parent="LH", tier="silver")
    company = Company.objects.get(code="D-1")
    assert (company.get_parent().code, company.tier.code) == ("LH", "silver")


def test_rows_in_error_name_line_and_column(maker):
    text = dealers(
        ("D-1", "", "dealer", "LH", "", "", ""),
        ("D-2", "Two", "boss", "LH", "", "", ""),
        ("D-3", "Three", "dealer", "NOBODY", "", "", ""),
        ("D-4", "Four", "dealer", "LH", "platinum", "", ""),
        ("D-5", "Five", "dealer", "LH", "", "CN-99", ""),
    )
    job = load("companies", text)
    assert (job.state, job.rejected_count) == ("checked", 5)
    assert [(line, column) for line, column, _code in problems(job)] == [
        (2, "公司名称"),
        (3, "客户类型"),
        (4, "Parent company"),
        (5, "Tier"),
        (6, "Territories"),
    ]
    assert not Company.objects.filter(code__startswith="D-").exists()


def test_addresses_are_known_by_key_or_by_recipient_and_street(maker):
    testing.make_company("Dealer", parent=maker, code="D-1")
    header = ("客户编码", "External key", "收货人", "手机", "省市", "地址", "默认地址")
    text = csv(header, ("D-1", "C1-1", "李蕾", "13800138000", "CN-51", "天府大道 1 号", "是"))
    assert counts(load("addresses", text)) == (1, 0, 0, 0)
    address = Address.objects.get()
    assert (address.company.code, address.recipient, address.is_default) == ("D-1", "李蕾", True)
    assert counts(load("addresses", text)) == (0, 0, 1, 0)
    moved = csv(header, ("D-1", "C1-1", "李蕾", "13800138000", "CN-51", "锦江路 2 号", "是"))
    assert counts(load("addresses", moved)) == (0, 1, 0, 0)
    wrong = csv(header, ("D-9", "", "X", "", "CN-51", "Street", ""))
    assert [(line, column) for line, column, _code in problems(load("addresses", wrong))] == [(2, "Company")]


def test_who_may(maker):
    manager = testing.make_back_office("Mia", permissions=["qudao_partner_portal.change_company"])
    assert (
        counts(load("companies", dealers(("D-1", "One", "dealer", "LH", "", "", "")), user=manager))[0] == 1
    )
    with pytest.raises(core.Forbidden):
        load("addresses", "company,recipient,street\nD-1,a,b\n", user=manager)
