"""What people do is written to Wagtail's log and can be read back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from qudao_core import api as core
from qudao_partner_portal.testing import make_company, make_person, make_tier
from wagtail.models import ModelLogEntry


@pytest.mark.django_db
def test_an_entry_names_who_did_what() -> None:
    company = make_company("Brand")
    anna = make_person(company, roles=["admin"], name="Anna Admin")
    core.record(
        actor=anna, instance=company, action="qudao.company.changed", data={"changes": {"tier": ["", "gold"]}}
    )
    (entry,) = core.history(company)
    assert (entry.actor_name, entry.action, entry.label) == ("Anna Admin", "qudao.company.changed", "Changed")
    assert entry.details == "tier: – → gold"


@pytest.mark.django_db
def test_wagtails_own_history_shows_the_sentence() -> None:
    company = make_company("Brand")
    core.record(actor=None, instance=company, action="qudao.company.suspended", data={"note": "Unpaid"})
    entry = ModelLogEntry.objects.get()
    assert entry.formatter.format_message(entry) == "Suspended: Unpaid"


@pytest.mark.django_db
def test_many_entries_cost_one_statement() -> None:
    companies = [make_company(f"Brand {n}") for n in range(3)]
    core.record(actor=None, instance=companies[0], action="qudao.company.changed")  # content types are kept
    with CaptureQueriesContext(
        connection,
    ) as queries:
        core.record_many(actor=None, entries=[(row, "qudao.company.changed", None) for row in companies])
    assert len(queries) == 1
    assert len(core.history(companies[2])) == 1


@pytest.mark.django_db
def test_an_action_nobody_registered_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="qudao.company.painted"):
        core.record(actor=None, instance=make_company("Brand"), action="qudao.company.painted")


@pytest.mark.django_db
def test_figures_are_said_in_the_readers_language() -> None:
    company = make_company("Brand")
    counts = {"created": 2232, "changed": 0, "rejected": 1}
    core.record(
        actor=None, instance=company, action="qudao.company.changed", data={"counts": counts, "note": "a.csv"}
    )
    said = []
    for language in ("en", "zh-hans"):
        with override(language):
            said.append(core.history(company)[0].details)
    assert said == ["2,232 created, 1 rejected · a.csv", "新建 2,232 条、拒绝 1 条 · a.csv"]


@pytest.mark.django_db
def test_codes_of_tiers_and_territories_read_as_their_names() -> None:
    make_tier("gold", name="Gold", name_zh="金牌")
    company = make_company("Brand")
    changes = {"tier": ["old", "gold"], "territories": ["", "CN-50, CN-51"]}
    core.record(actor=None, instance=company, action="qudao.company.changed", data={"changes": changes})
    said = []
    for language in ("en", "zh-hans"):
        with override(language):
            said.append(core.history(company)[0].details)
    assert said == [
        "tier: old → Gold · territories: – → Chongqing, Sichuan",
        "等级：old → 金牌 · 区域：– → 重庆市、四川省",
    ]
