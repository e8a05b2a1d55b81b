"""A small importer of tiers, so that the framework is tested without any other plugin."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from qudao_core import api as core
from qudao_core import hooks as core_hooks
from qudao_core.imports import rules
from qudao_partner_portal import testing
from qudao_partner_portal.companies.models import Tier

PERMISSION = "qudao_partner_portal.change_tier"


class Tiers(core.Importer):
    kind = "test-tiers"
    label = "Tiers"
    permission = PERMISSION
    columns = (
        core.Column("code", "Code", "代码", rules.text(40), required=True, example="gold"),
        core.Column("name", "Name", "名称", rules.text(80), required=True, example="Gold"),
        core.Column("rank", "Rank", "级别", rules.integer(minimum=1), default=100, example="1"),
    )
    options = (
        core.Option("prefix", "Prefix"),
        core.Option(
            "mode", "Mode", default="all", choices=lambda viewer: [("all", "All"), ("new", "New only")]
        ),
    )
    unique = ("code",)
    batch_size = 2

    def write(self, rows: Sequence[core.Row]) -> core.UpsertResult:
        known = {tier.code: tier for tier in Tier.objects.filter(code__in=[self.code(row) for row in rows])}
        counts = dict.fromkeys(rules.Outcome, 0)
        problems, outcomes = [], {}
        for position, row in enumerate(rows, start=1):
            if row["name"] == "forbidden":
                problems.append(
                    self.problem(position, "name", "forbidden_name", "This name is taken.", "Rename.")
                )
                continue
            outcomes[position] = self._save(known.get(self.code(row)), row)
            counts[outcomes[position]] += 1
        return core.UpsertResult(
            counts[rules.Outcome.CREATED],
            counts[rules.Outcome.UPDATED],
            counts[rules.Outcome.UNCHANGED],
            tuple(problems),
            outcomes,
        )

    def code(self, row: core.Row) -> str:
        return self.given["prefix"] + row["code"]

    def _save(self, tier: Tier | None, row: core.Row) -> rules.Outcome:
        if tier is None:
            Tier.objects.create(code=self.code(row), name=row["name"], rank=row["rank"])
            return rules.Outcome.CREATED
        if (tier.name, tier.rank) == (row["name"], row["rank"]):
            return rules.Outcome.UNCHANGED
        Tier.objects.filter(pk=tier.pk).update(name=row["name"], rank=row["rank"])
        return rules.Outcome.UPDATED


class Documents(Tiers):
    """Rows of one document belong together; a service that refuses by raising."""

    kind = "test-documents"
    unique = ()
    group = "rank"
    batch_size = 3

    def write(self, rows: Sequence[core.Row]) -> core.UpsertResult:
        bad = [
            self.problem(position, "name", "forbidden_name", "This name is taken.")
            for position, row in enumerate(rows, start=1)
            if row["name"] == "forbidden"
        ]
        for row in rows:
            self._save(None, row)
        if bad:
            raise core.Refusal("rows_invalid", "Some rows are refused.", problems=bad)
        return core.UpsertResult(created=len(rows))

    def totals(self) -> list[tuple[str, str]]:
        return [("Sum", str(Decimal(Tier.objects.count())))]


@pytest.fixture(autouse=True)
def _importers():
    for importer in (Tiers, Documents):
        core_hooks.importers.register(importer.kind, importer)
    yield
    for importer in (Tiers, Documents):
        core_hooks.importers.unregister(importer.kind)


@pytest.fixture
def olga(db):
    """Back-office person who may change tiers and see her own imports."""
    return testing.make_back_office("Olga Office", permissions=[PERMISSION])


@pytest.fixture
def stranger(db):
    """Back-office person without that right."""
    return testing.make_back_office("Stefan Stranger")
