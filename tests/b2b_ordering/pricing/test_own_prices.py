"""Lists are sorted and filtered by the very price that is shown, whatever the price lists look like."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qudao_b2b_ordering.pricing import queries, rules
from qudao_b2b_ordering.pricing.models import PriceList
from qudao_b2b_ordering.testing import make_price_list, price
from qudao_catalog import api as catalog
from qudao_catalog.listing import columns
from qudao_catalog.product_index import PRICE_STEP, everything
from qudao_catalog.testing import grant, make_line, make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_company, make_person, viewer_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)

money = st.decimals(min_value=0, max_value=9999, places=4)
percents = st.decimals(min_value=-100, max_value=60, places=2)
minimums = st.sampled_from([Decimal(each) for each in ("0.5", "1", "6", "12", "13", "100")])
days = st.sampled_from([TODAY + timedelta(days=offset) for offset in (-90, -1, 0, 1, 90)])
rows = st.lists(
    st.tuples(st.integers(0, 3), minimums, money, days, st.one_of(st.none(), st.integers(0, 100))),
    max_size=12,
)
lists = st.fixed_dictionaries(
    {
        "audience": st.sampled_from(["everyone", "members", "tier:gold", "kind:dealer", "tier:silver"]),
        "priority": st.integers(-1, 1),
        "rows": rows,
        "active": st.booleans(),
        "derived": st.booleans(),
        "percent": percents,
        "lines": st.dictionaries(st.sampled_from(["lamps", "cables"]), percents),
        "rounding": st.sampled_from(["half_up", "up", "down"]),
        "step": st.sampled_from([Decimal(each) for each in ("0.0001", "0.01", "0.05", "0.03", "0.5", "5")]),
    }
)


@pytest.fixture
def world(db):
    maker = make_company("Maker")
    dealer = make_company("Dealer", parent=maker, tier="gold")
    grant("everyone")
    products = [
        make_product("A", line="lamps"),
        make_product("B", line="cables", pack=12, minimum=10),
        make_product("C", minimum=13),
        make_product("D", unit="m", minimum="0.5"),
    ]
    return maker, viewer_of(make_person(dealer)), products


def build(maker, products, described):
    """The lists described; a derived one derives from the list before it."""
    before = None
    for number, each in enumerate(described):
        derives = each["derived"] and before is not None
        made = make_price_list(
            f"list-{number}",
            seller=maker,
            audience=each["audience"],
            priority=each["priority"],
            base=before if derives else None,
            percent=each["percent"],
            lines={make_line(code): percent for code, percent in each["lines"].items()} if derives else None,
            rounding=each["rounding"],
            rounding_step=each["step"],
            is_active=each["active"],
        )
        seen = set()
        for index, minimum, amount, start, length in [] if derives else each["rows"]:
            key = (index, minimum, start)
            if key not in seen:
                seen.add(key)
                end = None if length is None else start + timedelta(days=length)
                price(made, products[index], amount, minimum, valid_from=start, valid_until=end)
        before = made


@given(described=st.lists(lists, max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_prices_of_a_whole_catalogue_are_those_of_its_products(world, described):
    maker, viewer, products = world
    _empty()
    build(maker, products, described)
    versions = core.Versions.read()
    facts = catalog.product_facts(viewer, [product.pk for product in products])
    wanted = {pk: catalog.lowest_quantity(each) for pk, each in facts.items()}
    said = queries.prices(viewer, list(wanted.items()), on=TODAY, versions=versions)
    shown = {pk: _shown(each) for pk, each in said.items()}
    data = core.data_versions([*columns.DATA, *queries.data_names(viewer, versions)])
    index = columns.product_index(versions, data)
    own = queries.own_prices(viewer, index, versions, data, on=TODAY)
    found = {pk: own.values[place] for pk, place in index.position.items()}
    assert {pk: None if price < 0 else price * PRICE_STEP for pk, price in found.items()} == shown
    bounds = sorted(price for price in shown.values() if price is not None)
    assert own.span(everything(index.size)) == ((bounds[0], bounds[-1]) if bounds else None)
    for low, high in ((None, None), *zip(bounds, bounds[1:], strict=False)):
        least, most = (0, 10**9) if high is None else (low, high)
        between = {pk for pk, price in shown.items() if price is not None and least <= price <= most}
        assert set(index.products(own.between(low, high))) == between
    for order, sign in ((own.ascending, 1), (own.descending, -1)):
        priced = sorted((pk for pk in shown if shown[pk] is not None), key=lambda pk: (sign * shown[pk], pk))
        unpriced = sorted(pk for pk in shown if shown[pk] is None)
        assert [index.ids[place] for place in order] == [*priced, *unpriced]


@given(
    st.integers(0, 10**14),
    st.integers(-1_000_000, 99_999_999),
    st.sampled_from(["half_up", "up", "down"]),
    st.integers(1, 10**8),
)
def test_deriving_in_whole_units_is_deriving(price: int, percent: int, rounding: str, step: int) -> None:
    exact = rules.derive(
        Decimal(price).scaleb(-4), Decimal(percent).scaleb(-4), rounding, Decimal(step).scaleb(-4)
    )
    assert rules.derive_units(price, percent, rounding, step) == rules.units(exact)


def _shown(said: rules.Price) -> Decimal | None:
    """Below the first break the price of that break is shown."""
    return said.unit_price if said.unit_price is not None or not said.breaks else said.breaks[0].unit_price


def _empty() -> None:
    while PriceList.objects.exists():
        PriceList.objects.filter(derived=None).delete()
