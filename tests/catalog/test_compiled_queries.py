from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_catalog.compiled_queries import CompiledQueries, compile_query, number_slots
from qudao_catalog.products.models import ProductProfile
from qudao_catalog.testing import make_product

pytestmark = pytest.mark.django_db


def test_a_kept_statement_answers_as_the_queryset_does() -> None:
    for _number in range(3):
        make_product(pack=12)
    rows = ProductProfile.objects.order_by("sku").values_list(
        "sku", "pack_size", "listed_at", "sold_in_packs"
    )
    assert compile_query(rows).rows() == list(rows)


def test_slots_are_exchanged_when_it_runs() -> None:
    ids = [make_product(sku).pk for sku in ("A", "B", "C")]
    slots = number_slots(2)
    rows = ProductProfile.objects.filter(pk__in=slots).order_by("pk").values_list("sku")
    statement = compile_query(rows)
    assert statement.rows({slots[0]: ids[0], slots[1]: ids[2]}) == [("A",), ("C",)]
    assert statement.rows({slots[0]: ids[1], slots[1]: ids[2]}) == [("B",), ("C",)]


def test_it_counts_for_the_versions_it_was_made_under() -> None:
    made = []

    def make() -> object:
        made.append(1)
        return ProductProfile.objects.values_list("sku")

    prepared = CompiledQueries(size=2)
    for version in ((1,), (1,), (2,)):
        prepared.get("all", version, make)  # type: ignore[arg-type]
    assert len(made) == 2


def test_running_costs_one_statement() -> None:
    statement = compile_query(ProductProfile.objects.values_list("sku"))
    with CaptureQueriesContext(connection) as asked:
        statement.rows()
    assert len(asked) == 1


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL plans by what it expects")
def test_the_number_of_ids_does_not_change_the_plan() -> None:
    """Shown 200 ids and tables without statistics, PostgreSQL read the whole catalogue for each cart."""
    for _number in range(3):
        make_product()

    def plan(count: int) -> str:
        return ProductProfile.objects.filter(pk__among=range(count), product__is_public=True).explain()

    assert plan(2) == plan(2000)
