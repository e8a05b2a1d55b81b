"""Writes of quick order: own item numbers, the lines a person keeps, and the good ones into the cart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core import bulk_sql
from qudao_core.numbers import rules as numbers

from ..cart import queries as cart_queries
from ..cart import rules as cart_rules
from ..cart import services as carts
from ..cart.models import CartLine
from . import problems, queries, rules
from .models import OwnNumber, QuickLine

CHANGED = "qudao.own_numbers.changed"


# --- Own item numbers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnNumberInput:
    """A product by its code (SKU, ``ext:``, ``barcode:``, id) and the company's number for it; empty removes it."""

    product: str | int
    number: str


@transaction.atomic
def set_own_numbers(*, viewer: core.Viewer, rows: Sequence[OwnNumberInput]) -> core.UpsertResult:
    """Set what the viewer's company calls products; rows with a problem are left out, all others are written.

    Problems: ``not_available``, ``ambiguous_reference``, ``duplicate``, ``invalid``, ``own_number_taken``.
    A constant number of statements.

    :raises Forbidden: ``role_required``. :raises Refusal: ``too_many_lines``; ``own_number_taken`` where another
        request took a number meanwhile.
    """
    carts.require_buyer(viewer)
    if len(rows) > rules.MOST_LINES:
        raise problems.too_many_lines(len(rows))
    known = catalog.facts_by_code(viewer, [row.product for row in rows])
    good, bad = _checked(rows, known)
    before, taken = _held(viewer, good)
    for line, (product, number) in list(good.items()):
        holder = taken.get(number.upper())
        if number and holder is not None and holder != product and not _leaves(holder, number, good.values()):
            bad.append(_taken(line, number))
            del good[line]
    outcomes = {line: _outcome(before.get(product, ""), number) for line, (product, number) in good.items()}
    _write_numbers(viewer, [pair for line, pair in good.items() if outcomes[line] != "unchanged"])
    counts = [outcomes.get(line) for line in good]
    if set(counts) - {"unchanged"}:
        company = apps.get_model("qudao_partner_portal", "Company").objects.get(pk=viewer.company_id)
        core.record(actor=viewer, instance=company, action=CHANGED, data={"count": len(good)})
    return core.UpsertResult(
        created=counts.count("created"),
        updated=counts.count("updated"),
        unchanged=counts.count("unchanged"),
        problems=tuple(sorted(bad, key=lambda problem: problem.line or 0)),
        outcomes=outcomes,  # type: ignore[arg-type]
    )


def _checked(
    rows: Sequence[OwnNumberInput], known: catalog.CodeMatches[catalog.ProductFacts]
) -> tuple[dict[int, tuple[int, str]], list[core.Problem]]:
    """Line → product and number, for rows that can be read and say nothing that another row has said."""
    good: dict[int, tuple[int, str]] = {}
    bad: list[core.Problem] = []
    products: set[int] = set()
    named: set[str] = set()
    for line, row in enumerate(rows, start=1):
        facts, number = known.get(row.product), " ".join(row.number.split())
        if row.product in known.ambiguous:
            bad.append(problems.cart_problems.ambiguous(str(row.product), known.ambiguous[row.product], line))
        elif facts is None:
            bad.append(problems.cart_problems.not_available(str(row.product), line))
        elif len(number) > 64 or "\x00" in number:
            bad.append(
                core.Problem("invalid", _("An own item number has at most 64 characters."), "number", line)
            )
        elif facts.id in products or (number and number.upper() in named):
            bad.append(
                core.Problem("duplicate", _("The product or number appears in an earlier line."), None, line)
            )
        else:
            good[line] = (facts.id, number)
            products.add(facts.id)
            named.add(number.upper())
    return good, bad


def _held(viewer: core.Viewer, good: dict[int, tuple[int, str]]) -> tuple[dict[int, str], dict[str, int]]:
    """Product → its number now, and number → its product now, both locked."""
    mine = OwnNumber.objects.select_for_update().filter(company_id=viewer.company_id)
    products = sorted({product for product, _number in good.values()})
    before = dict(mine.filter(product_id__among=products).order_by("pk").values_list("product_id", "number"))
    wanted = sorted({number.upper() for _product, number in good.values() if number})
    rows = mine.alias(plain=Upper("number")).filter(plain__among_texts=wanted).order_by("pk")
    return before, {number.upper(): product for product, number in rows.values_list("product_id", "number")}


def _leaves(holder: int, number: str, pairs: Collection[tuple[int, str]]) -> bool:
    """Whether the product that has the number now gets another one in the same request."""
    return any(product == holder and new.upper() != number.upper() for product, new in pairs)


def _taken(line: int, number: str) -> core.Problem:
    return core.Problem(
        "own_number_taken",
        _("Your company uses this number for another product."),
        field="number",
        line=line,
        params={"number": number},
    )


def _outcome(before: str, number: str) -> str:
    if before == number:
        return "unchanged"
    return "updated" if before else "created"


def _write_numbers(viewer: core.Viewer, pairs: Sequence[tuple[int, str]]) -> None:
    if not pairs:
        return
    mine = OwnNumber.objects.filter(company_id=viewer.company_id)
    mine.filter(product_id__among=sorted({product for product, _number in pairs})).delete()
    rows = [
        OwnNumber(company_id=viewer.company_id, product_id=product, number=number)
        for product, number in pairs
        if number
    ]
    try:
        with transaction.atomic():
            bulk_sql.insert(rows)
    except IntegrityError as error:
        raise core.Refusal(
            "own_number_taken",
            _("Someone else has just changed your company's item numbers."),
            remedy=_("Try again."),
        ) from error


# --- Lines -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_lines(*, viewer: core.Viewer, lines: Sequence[rules.Wanted]) -> int:
    """Add lines below those the viewer keeps; answers how many were added.

    :raises Forbidden: ``role_required``. :raises Refusal: ``too_many_lines``.
    """
    carts.refuse_unless_buyer(viewer)
    mine = queries.kept_lines(viewer)
    held = mine.count()
    if held + len(lines) > rules.MOST_LINES:
        raise problems.too_many_lines(held + len(lines))
    start = (mine.aggregate(last=Max("position"))["last"] or 0) + 1
    bulk_sql.insert([_row(viewer, line, start + offset) for offset, line in enumerate(lines)])
    return len(lines)


@transaction.atomic
def add_line(*, viewer: core.Viewer, code: str, quantity: str) -> None:
    """Keep a line as somebody typed it.

    :raises Forbidden: ``role_required``. :raises Refusal: ``no_lines``, ``too_many_lines``.
    """
    code, quantity = (" ".join(text.replace("\x00", "").split()) for text in (code, quantity))
    if not code:
        raise problems.no_lines()
    line = rules.Wanted(1, f"{code} {quantity}".strip(), code[:64], quantity[:60])
    keep_lines(viewer=viewer, lines=[line])


@transaction.atomic
def paste(*, viewer: core.Viewer, text: str) -> int:
    """Recognise a pasted text and keep its lines; answers how many they are.

    :raises Forbidden: ``role_required``.
    :raises Refusal: ``too_many_lines``, ``text_too_long``, ``no_lines``.
    """
    carts.refuse_unless_buyer(viewer)
    return keep_lines(viewer=viewer, lines=queries.recognise(viewer, text, core.Versions.read()))


@transaction.atomic
def change_lines(*, viewer: core.Viewer, answers: Mapping[int, tuple[str, str]]) -> int:
    """Say what kept lines mean: line id → code and quantity. What the recognition had asked about them is answered
    by that. Answers how many lines changed; lines that are gone meanwhile are left out.

    :raises Forbidden: ``role_required``.
    """
    carts.refuse_unless_buyer(viewer)
    rows = queries.kept_lines(viewer).select_for_update().filter(pk__among=sorted(answers)).order_by("pk")
    changed = [row for row in rows if _answer(row, *answers[row.pk])]
    names = ("code", "quantity", "choices", "marks", "readings", "is_line")
    QuickLine.objects.bulk_update(changed, names, batch_size=100)
    return len(changed)


def _answer(row: QuickLine, code: str, quantity: str) -> bool:
    code, quantity = (" ".join(text.replace("\x00", "").split()) for text in (code, quantity))
    if (code, quantity) == (row.code, row.quantity):
        return False
    if code != row.code:
        row.choices, row.marks = [], [mark for mark in row.marks if not mark.startswith("code_")]
    if quantity:
        row.readings, row.marks = [], [mark for mark in row.marks if not mark.startswith("quantity_")]
    row.code, row.quantity, row.is_line = code[:64], quantity[:60], bool(code)
    return True


@transaction.atomic
def remove_lines(*, viewer: core.Viewer, line_ids: Collection[int] | None = None) -> None:
    """Delete kept lines, all of them where none are named."""
    carts.refuse_unless_buyer(viewer)
    mine = queries.kept_lines(viewer)
    (mine if line_ids is None else mine.filter(pk__among=sorted(line_ids))).delete()


@dataclass(frozen=True, slots=True)
class QuickResult:
    """What became of every line. ``cart_id`` is ``None`` where nothing could go into the cart.

    ``added`` are the numbers of the lines that did (a merged one with the line it was counted at), ``kept`` of those
    that the person keeps.
    """

    lines: tuple[queries.SheetLine, ...]
    cart_id: int | None = None
    added: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()


@transaction.atomic
def order_lines(
    *,
    viewer: core.Viewer,
    lines: Sequence[rules.Wanted],
    keep_rest: bool = True,
    marks: numbers.NumberFormat | None = None,
) -> QuickResult:
    """Put the good lines into the current cart and keep the others on the account (``keep_rest``).

    A constant number of statements. A cart holds 2,000 lines: what is beyond is kept with that reason.

    :raises Forbidden: ``role_required``. :raises Refusal: ``no_lines``, ``too_many_lines``, ``company_not_active``.
    """
    carts.refuse_unless_buyer(viewer)
    if not lines:
        raise problems.no_lines()
    if len(lines) > rules.MOST_LINES:
        raise problems.too_many_lines(len(lines))
    versions = core.Versions.read()
    sheet = queries.sheet(viewer, lines, versions, marks)
    return _ordered(viewer, sheet, versions, keep_rest=keep_rest)


def _ordered(
    viewer: core.Viewer, sheet: queries.Sheet, versions: core.Versions, *, keep_rest: bool
) -> QuickResult:
    fitting, over = _fitting(viewer, sheet.good)
    told = {number: replace(line, problems=(problems.kept_back(number),)) for number, line in over.items()}
    cart_id, placed = None, set[int]()
    if fitting:
        inputs = [
            cart_rules.LineInput(line.facts.id, line.quantity)
            for line in fitting
            if line.facts and line.quantity
        ]
        result = carts.add_lines(viewer=viewer, lines=inputs, versions=versions)
        cart_id = result.cart_id
        for line, became in zip(fitting, result.lines, strict=True):
            if became.kept:
                placed.add(line.wanted.number)
            else:
                refused = tuple([replace(each, line=line.wanted.number) for each in became.problems])
                told[line.wanted.number] = replace(line, status=rules.NOT_ALLOWED, problems=refused)
    lines = tuple([told.get(line.wanted.number, line) for line in sheet.lines])
    added = placed | {line.wanted.number for line in lines if line.into in placed}
    rest = [line.wanted for line in lines if line.wanted.number not in added]
    rest = [each for each in rest if each.is_line]
    if keep_rest and rest:
        keep_lines(viewer=viewer, lines=rest)
    kept = frozenset(each.number for each in rest) if keep_rest else frozenset()
    return QuickResult(lines, cart_id, frozenset(added), kept)


def _input(line: queries.SheetLine) -> cart_rules.LineInput:
    assert line.facts is not None and line.quantity is not None  # a good line
    return cart_rules.LineInput(line.facts.id, line.quantity)


def _fitting(
    viewer: core.Viewer, good: Sequence[queries.SheetLine]
) -> tuple[list[queries.SheetLine], dict[int, queries.SheetLine]]:
    """The lines for which the current cart has room, and the others by number."""
    cart = cart_queries.open_carts(viewer).filter(is_current=True).order_by()
    held = set(CartLine.objects.filter(cart__in=cart).order_by().values_list("product_id", flat=True))
    room = cart_rules.MOST_LINES - len(held)
    fitting: list[queries.SheetLine] = []
    over: dict[int, queries.SheetLine] = {}
    for line in good:
        is_new = line.facts is not None and line.facts.id not in held
        if len(fitting) >= cart_rules.MOST_LINES or (is_new and room <= 0):
            over[line.wanted.number] = line
            continue
        room -= is_new
        fitting.append(line)
    return fitting, over


@transaction.atomic
def order_kept(*, viewer: core.Viewer) -> QuickResult:
    """Put the good ones of the kept lines into the cart; the others stay where they are, in their order.

    :raises Forbidden: ``role_required``. :raises Refusal: ``no_lines``.
    """
    carts.refuse_unless_buyer(viewer)
    mine = queries.kept_lines(viewer)
    held = set(mine.select_for_update().order_by("pk").values_list("pk", flat=True))
    lines = [
        line for line in queries.kept(viewer) if line.id in held
    ]  # none that another request has just added
    result = order_lines(viewer=viewer, lines=lines, keep_rest=False)
    done = [line.wanted.id for line in result.lines if line.wanted.number in result.added and line.wanted.id]
    mine.filter(pk__among=sorted(done)).delete()
    return result


def _row(viewer: core.Viewer, line: rules.Wanted, position: int) -> QuickLine:
    return QuickLine(
        company_id=viewer.company_id,
        user_id=viewer.user_id,
        position=position,
        text=line.text[:1000],
        code=line.code[:64],
        quantity=line.quantity[:60],
        rest=line.rest[:200],
        marks=list(line.marks),
        readings=list(line.readings),
        choices=list(line.choices),
        is_line=line.is_line,
    )
