"""Put products into a cart, one or two thousand, with a result for each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.numbers import rules as numbers

from ... import bulk
from .. import problems as words
from .. import queries, rules
from ..models import Cart, CartLine
from ..rules import LineInput
from .locking import lock_cart, touch

MODES = ("add", "set")
#: Quantities that say nothing useful; all others are brought to what can be ordered.
UNUSABLE = frozenset({"quantity_not_positive", "quantity_fractional"})


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line. ``number`` counts the given lines from 1; ``quantity`` is what now lies in the cart.

    ``status`` is ``ok``, ``rounded`` (to minimum, pack or maximum), ``over_stock`` (kept, but it cannot be ordered
    like this), or, when nothing was put into the cart, ``unknown``, ``not_allowed`` or ``invalid``; ``problems``
    say why.
    """

    number: int
    code: str
    status: str
    product_id: int | None = None
    line_id: int | None = None
    sku: str = ""
    name: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    currency: str = ""
    note: str | None = None
    problems: tuple[core.Problem, ...] = ()

    @property
    def kept(self) -> bool:
        return self.status in rules.KEPT


@dataclass(frozen=True, slots=True)
class BulkResult:
    """The result of every given line, in their order, and the cart's new state."""

    cart_id: int
    revision: int
    line_count: int
    lines: tuple[LineResult, ...]

    @property
    def kept(self) -> int:
        return sum(line.kept for line in self.lines)

    @property
    def with_problems(self) -> tuple[LineResult, ...]:
        """The lines a person should look at."""
        return tuple(line for line in self.lines if line.status != rules.OK)


@transaction.atomic
def add_lines(
    *,
    viewer: core.Viewer,
    lines: Sequence[LineInput],
    mode: str = "add",
    cart_id: int | None = None,
    revision: int | None = None,
    versions: core.Versions | None = None,
    marks: numbers.NumberFormat | None = None,
    exact: bool = False,
) -> BulkResult:
    """Put up to 2,000 products into a cart (the current one, made when missing); a status for every given line.

    ``mode`` ``add`` adds to what lies there, ``set`` replaces the quantity of the products named. Quantities are
    brought to minimum, pack and maximum, and the result says so. A product named twice counts together. The price
    told in the result is kept as the one its owner has seen. A constant number of statements for any number of lines.
    ``marks`` says how quantities are written: as in the viewer's language where nothing is said.
    ``exact``: nothing is brought to minimum, pack and maximum; such lines are refused (``invalid``) with the code
    that says why (``below_minimum``, ``off_pack``, ``above_maximum``).

    :raises Forbidden: ``role_required``. :raises NotFound: ``cart_not_found``.
    :raises Conflict: ``changed_meanwhile``, ``cart_ordered``. :raises Refusal: ``too_many_lines``, ``no_lines``.
    """
    _refuse_bad_bulk(lines, mode)
    cart = lock_cart(viewer, cart_id, revision)
    versions = versions if versions is not None else core.Versions.read()
    read = _read_lines(viewer, lines, versions, marks or numbers.number_format_of(viewer.language))
    known = _known_lines(cart, {line.facts.id for line in read if line.facts is not None})
    wanted = _quantities(read, known, mode)
    start = _next_position(cart, wanted, known)
    offered = queries.offerings(
        viewer,
        [(product_id, target.quantity) for product_id, target in wanted.items()],
        facts={line.facts.id: line.facts for line in read if line.facts is not None},
        versions=versions,
        revises_id=cart.revises_id,
    )
    results = [_result(viewer, line, wanted, offered, exact=exact) for line in read]
    _write(cart, results, wanted, known, start)
    touch(viewer, cart)
    return _bulk_result(cart, results)


@dataclass(frozen=True, slots=True)
class _Read:
    """A given line with its product and the number of units it asks for, or what keeps it from being read."""

    number: int
    line: LineInput
    facts: catalog.ProductFacts | None
    asked: Decimal | None = None
    problem: core.Problem | None = None


@dataclass(frozen=True, slots=True)
class _Target:
    """What a product's quantity becomes: ``asked`` before, ``quantity`` after it was brought to minimum and pack."""

    asked: Decimal
    quantity: Decimal


def _refuse_bad_bulk(lines: Sequence[LineInput], mode: str) -> None:
    if mode not in MODES:
        raise core.Refusal("unknown_mode", _("Use “add” or “set”."), field="mode", status=400)
    if not lines:
        raise core.Refusal("no_lines", _("There are no lines to add."), field="lines")
    if len(lines) > rules.MOST_LINES:
        raise core.Refusal(
            "too_many_lines",
            _("At most 2,000 lines at once."),
            field="lines",
            remedy=_("Send the rest in a second request."),
            params={"most": rules.MOST_LINES, "given": len(lines)},
        )


def _next_position(cart: Cart, wanted: Mapping[int, _Target], known: Mapping[int, CartLine]) -> int:
    """Where new lines go: behind the last one.

    :raises Refusal: ``cart_full``.
    """
    held = CartLine.objects.filter(cart=cart).aggregate(count=Count("pk"), last=Max("position"))
    fresh = len([product_id for product_id in wanted if product_id not in known])
    if fresh and held["count"] + fresh > rules.MOST_LINES:
        raise core.Refusal(
            "cart_full",
            _("A cart holds at most 2,000 lines."),
            field="lines",
            remedy=_("Order this cart first, or start another one."),
        )
    return (held["last"] or 0) + 1


def _read_lines(
    viewer: core.Viewer, lines: Sequence[LineInput], versions: core.Versions, marks: numbers.NumberFormat
) -> list[_Read]:
    known = catalog.facts_by_code(viewer, [line.code for line in lines], versions)
    return [_read(number, line, known, marks) for number, line in enumerate(lines, start=1)]


def _read(
    number: int, line: LineInput, known: catalog.Found[catalog.ProductFacts], marks: numbers.NumberFormat
) -> _Read:
    facts = known.get(line.code)
    if line.code in known.ambiguous:
        problem = words.ambiguous(str(line.code), known.ambiguous[line.code], number)
        return _Read(number, line, None, problem=problem)
    if facts is None:
        return _Read(number, line, None, problem=words.not_available(str(line.code), number))
    try:
        asked = catalog.parse_quantity(
            str(line.quantity), facts, marks if isinstance(line.quantity, str) else numbers.PROGRAM
        )
    except catalog.UnreadableQuantity as error:
        return _Read(number, line, facts, problem=catalog.quantity_problem(facts, error.issue, line=number))
    first = next((issue for issue in catalog.check_quantity(facts, asked) if issue.code in UNUSABLE), None)
    if first is not None:
        problem = catalog.quantity_problem(facts, first, line=number)
        return _Read(number, line, facts, problem=replace(problem, remedy=_remedy(first.code)))
    return _Read(number, line, facts, asked)


def _remedy(code: str) -> Any:
    if code == "quantity_not_positive":
        return _("To leave out the product, remove the line.")
    return _("Round the quantity up or down.")


def _known_lines(cart: Cart, product_ids: set[int]) -> dict[int, CartLine]:
    return {line.product_id: line for line in CartLine.objects.filter(cart=cart, product_id__in=product_ids)}


def _quantities(read: Sequence[_Read], known: Mapping[int, CartLine], mode: str) -> dict[int, _Target]:
    """Product id → its new quantity, in the order in which products were first named."""
    asked: dict[int, Decimal] = {}
    facts: dict[int, catalog.ProductFacts] = {}
    for line in read:
        if line.facts is None or line.asked is None:
            continue
        product_id = line.facts.id
        if product_id not in asked:
            facts[product_id] = line.facts
            held = known[product_id].quantity if mode == "add" and product_id in known else Decimal(0)
            asked[product_id] = held
        asked[product_id] += line.asked
    return {pk: _Target(quantity, _allowed(facts[pk], quantity)) for pk, quantity in asked.items()}


def _allowed(facts: catalog.ProductFacts, quantity: Decimal) -> Decimal:
    """The quantity brought to minimum, pack and maximum, where it is not allowed as it is."""
    return catalog.snap_quantity(facts, quantity) if catalog.check_quantity(facts, quantity) else quantity


def _result(
    viewer: core.Viewer,
    read: _Read,
    wanted: Mapping[int, _Target],
    offered: queries.Offerings,
    *,
    exact: bool,
) -> LineResult:
    facts = read.facts
    if facts is None or read.problem is not None:
        status = rules.UNKNOWN if facts is None else rules.INVALID
        return _told(viewer, read, status, [read.problem] if read.problem else [])
    target = wanted[facts.id]
    if exact and target.quantity != target.asked:
        return _told(viewer, read, rules.INVALID, _as_given(facts, target.asked, read.number))
    price = offered.prices.get(facts.id)
    against = queries.line_problems(facts, facts.sku, target.quantity, price, read.number)
    rule = offered.not_allowed.get(facts.id)
    if rule:
        against.append(replace(rule, line=read.number))
    if against:
        status = rules.INVALID if against[0].code.startswith("quantity_") else rules.NOT_ALLOWED
        return _told(viewer, read, status, against)
    status, notices = _kept_status(read, facts, target, offered)
    return replace(
        _told(viewer, read, status, notices),
        quantity=target.quantity,
        unit_price=price.unit_price if price else None,
        currency=viewer.currency,
    )


def _as_given(facts: catalog.ProductFacts, asked: Decimal, line: int) -> list[core.Problem]:
    """What keeps a quantity from being ordered as it is."""
    return [
        replace(catalog.quantity_problem(facts, issue, line=line), remedy=_("Correct the quantity."))
        for issue in catalog.check_quantity(facts, asked)
    ]


def _kept_status(
    read: _Read, facts: catalog.ProductFacts, target: _Target, offered: queries.Offerings
) -> tuple[str, list[core.Problem]]:
    status, notices = rules.OK, []
    if target.quantity != target.asked:
        status = rules.ROUNDED
        notices.append(words.rounded(facts, target.asked, target.quantity, read.number))
    view = offered.view(facts.id)
    supply = offered.supply(facts.id, target.quantity, view)
    if supply.missing > 0:
        status = rules.OVER_STOCK
        notices.append(words.not_enough(target.quantity, supply, view, facts, read.number))
    elif supply.later > 0:
        notices.append(words.partly_later(target.quantity, supply, view, facts, read.number))
    return status, notices


def _told(viewer: core.Viewer, read: _Read, status: str, problems: Sequence[core.Problem]) -> LineResult:
    facts = read.facts
    return LineResult(
        number=read.number,
        code=str(read.line.code),
        status=status,
        product_id=facts.id if facts else None,
        sku=facts.sku if facts else "",
        name=facts.name(viewer.language) if facts else "",
        note=None if read.line.note is None else read.line.note.strip()[:200],
        problems=tuple(problems),
    )


def _write(
    cart: Cart,
    results: Sequence[LineResult],
    wanted: Mapping[int, _Target],
    known: Mapping[int, CartLine],
    start: int,
) -> None:
    prices = {line.product_id: line.unit_price for line in results if line.kept and line.product_id}
    if not prices:
        return
    notes = {line.product_id: line.note for line in results if line.kept and line.note is not None}
    rows = [
        CartLine(
            cart=cart,
            product_id=product_id,
            quantity=wanted[product_id].quantity,
            seen_price=price,
            note=notes.get(product_id, known[product_id].note if product_id in known else ""),
            position=known[product_id].position if product_id in known else start + offset,
        )
        for offset, (product_id, price) in enumerate(prices.items())
    ]
    bulk.insert(rows, unique=("cart", "product"), update=("quantity", "seen_price", "note"))


def _bulk_result(cart: Cart, results: Sequence[LineResult]) -> BulkResult:
    ids = dict(CartLine.objects.filter(cart=cart).order_by().values_list("product_id", "pk"))
    told = tuple(
        replace(line, line_id=ids.get(line.product_id)) if line.kept and line.product_id else line
        for line in results
    )
    return BulkResult(cart.pk, cart.revision, len(ids), told)
