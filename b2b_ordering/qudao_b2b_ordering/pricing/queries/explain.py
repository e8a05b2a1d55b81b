"""Why a price is what it is: every list considered, and why it lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils import timezone
from qudao_core import api as core

from .. import rules
from ..models import PriceRow
from .books import Book, book_of, candidates_for


def explain(
    viewer: core.Viewer,
    product_id: int,
    quantity: Decimal,
    on: date | None = None,
    *,
    staff: bool = False,
    versions: core.Versions | None = None,
) -> rules.Explanation:
    """The price of :func:`prices` and every list considered for it, in the order in which they are asked.

    A buyer is told of the lists assigned to the own company that are in force on the day in its currency, and
    nothing else. With ``staff`` all lists of the seller appear, each with the reason why it does not decide.
    Pass ``portal.company_viewer(company)`` to explain a company's price. Two statements (and ``versions``).
    """
    on = on or timezone.localdate()
    book = book_of(viewer.seller_id, versions)
    rows, line_id = _all_rows(book, product_id)
    considered: list[rules.Considered] = []
    decided: rules.Price | None = None
    for candidate in _candidates(viewer, book, staff):
        chain = book.chain(candidate.head.id)
        found = rules.rows_on(rows.get(chain[-1].id, ()), on) if chain else []
        said = rules.list_price(product_id, quantity, found, chain, line_id) if found else None
        outcome = _outcome(viewer, candidate, chain, on) or _pricing_outcome(said, decided, rows, chain)
        if outcome in ("decides", rules.BELOW_FIRST_BREAK):
            decided = said
        if staff or outcome in _BUYER_SEES:
            considered.append(_considered(candidate, outcome, said))
    price = decided or rules.no_price(product_id, quantity, viewer.currency)
    return rules.Explanation(price, on, tuple(considered))


_BUYER_SEES = {"decides", "later", "no_price", "no_price_on_date", rules.BELOW_FIRST_BREAK}
NOT_ASSIGNED = ""


def _candidates(viewer: core.Viewer, book: Book, staff: bool) -> list[rules.Candidate]:
    """Assigned lists in order; for staff the seller's other lists follow."""
    own = candidates_for(viewer, book)
    if not staff:
        return own
    assigned = {candidate.head.id for candidate in own}
    others = sorted(
        (head for head in book.heads.values() if head.id not in assigned), key=lambda head: head.code
    )
    return own + [rules.Candidate(head, NOT_ASSIGNED, 99, 0) for head in others]


def _outcome(
    viewer: core.Viewer, candidate: rules.Candidate, chain: tuple[rules.ListHead, ...], on: date
) -> str | None:
    """Why a list is not asked at all."""
    head = candidate.head
    if candidate.audience_key == NOT_ASSIGNED:
        return "not_assigned"
    if not head.is_active:
        return "inactive"
    if head.currency != viewer.currency:
        return "other_currency"
    if on < head.valid_from:
        return "not_yet_valid"
    if head.valid_until is not None and head.valid_until < on:
        return "expired"
    return None if rules.in_force(chain, on) else "base_not_in_force"


def _pricing_outcome(
    said: rules.Price | None,
    decided: rules.Price | None,
    rows: Mapping[int, Iterable[rules.Row]],
    chain: tuple[rules.ListHead, ...],
) -> str:
    """What a list that is asked answers."""
    if said is None:
        return "no_price_on_date" if rows.get(chain[-1].id) else "no_price"
    if decided is not None:
        return "later"
    return said.note or "decides"


def _all_rows(book: Book, product_id: int) -> tuple[dict[int, list[rules.Row]], int | None]:
    """Every row of the product in the seller's lists, and its product line."""
    raw = PriceRow.objects.filter(price_list_id__in=book.heads, product_id=product_id).order_by()
    columns = ("price_list_id", "min_quantity", "unit_price", "valid_from", "valid_until")
    rows: dict[int, list[rules.Row]] = {}
    line_id = None
    for list_id, *facts, own_line in raw.values_list(*columns, "product__profile__line_id"):
        rows.setdefault(list_id, []).append(rules.Row(product_id, *facts))
        line_id = own_line
    return rows, line_id


def _considered(candidate: rules.Candidate, outcome: str, said: rules.Price | None) -> rules.Considered:
    head = candidate.head
    return rules.Considered(
        list_id=head.id,
        list_code=head.code,
        list_name=head.name,
        audience_key=candidate.audience_key,
        outcome=outcome,
        priority=candidate.priority,
        unit_price=said.unit_price if said else None,
        from_quantity=said.from_quantity if said else None,
        valid_from=head.valid_from,
        valid_until=head.valid_until,
    )
