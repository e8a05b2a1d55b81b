"""The same seed and the same present give the same channel."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from qudao_b2b_ordering.orders.models import Order, OrderLine
from qudao_site.demo import build
from qudao_site.demo.scale import SMALL

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def channel(seed: int) -> list[tuple[object, ...]]:
    """What is ordered in a channel that is built and taken back."""
    with transaction.atomic():
        build.build(scale=SMALL, now=NOW, seed=seed, say=lambda line: None)
        orders = list(
            Order.objects.order_by("number").values_list(
                "number", "company__code", "status", "step", "submitted_at"
            )
        )
        lines = list(
            OrderLine.objects.order_by("order__number", "position").values_list("sku", "quantity", "net")
        )
        transaction.set_rollback(True)
    return [*orders, *lines]


@pytest.mark.slow
@pytest.mark.any_database("compares what is drawn from a seed; test_build.py fills both databases")
@pytest.mark.django_db
def test_a_seed_decides_everything():
    first = channel(7)
    assert channel(7) == first
    assert channel(8) != first
