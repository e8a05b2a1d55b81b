"""Reads of quick order: what codes name for a company, what becomes of every line, and the lines a person keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import QuerySet
from django.db.models.functions import Upper
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.numbers import rules as numbers

from ..cart import problems as cart_problems
from ..cart import queries as carts
from . import problems, rules
from .models import OwnNumber, QuickLine


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line with what becomes of it; statuses in ``rules.STATUSES``.

    ``quantity`` is what can be ordered, ``asked`` what was asked for, both in the product's unit; with merged lines
    both count them. ``into`` is the number of the line that a merged one was added to. ``candidates`` are the products
    an ambiguous code could mean, ``replacement`` what to order instead of a discontinued product.
    """

    wanted: rules.Wanted
    status: str
    facts: catalog.ProductFacts | None = None
    asked: Decimal | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    currency: str = ""
    own_number: str = ""
    into: int | None = None
    candidates: tuple[catalog.ProductFacts, ...] = ()
    replacement: catalog.ProductFacts | None = None
    problems: tuple[core.Problem, ...] = ()

    @property
    def is_good(self) -> bool:
        return self.status in rules.GOOD


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every line in the order given."""

    lines: tuple[SheetLine, ...]

    @property
    def good(self) -> tuple[SheetLine, ...]:
        """Lines that can go into the cart."""
        return tuple([line for line in self.lines if line.is_good])

    @property
    def open(self) -> tuple[SheetLine, ...]:
        """Order lines that cannot."""
        done = rules.GOOD | {rules.MERGED, rules.NOT_A_LINE}
        return tuple([line for line in self.lines if line.status not in done])


# --- Codes -----------------------------------------------------------------------------------------------------------


def recognise(viewer: core.Viewer, text: str, versions: core.Versions) -> list[rules.Wanted]:
    """The lines of a pasted text. At most four statements, however many lines.

    :raises Refusal: ``too_many_lines``, ``text_too_long``, ``no_lines``.
    """
    try:
        lines = rules.read_lines(text)
    except rules.PasteTooLarge as error:
        raise problems.too_large(error) from error
    if not lines:
        raise problems.no_lines()
    exact = codes(viewer, rules.codes_of(lines), versions)
    unknown = [line for line in lines if not any(each.text in exact for each in line.candidates)]
    known = codes_alike(viewer, rules.codes_of(unknown), versions) | exact
    marks = numbers.number_format_of(viewer.language)
    return [rules.wanted(line) for line in rules.recognise(lines, known, marks)]


def codes(viewer: core.Viewer, texts: Collection[str], versions: core.Versions) -> dict[str, rules.CodeMatch]:
    """Text → products, for those of ``texts`` that are a SKU, else an external key, else a barcode, or the company's
    own item number, letter case ignored. Two statements.
    """
    named = _by_name(catalog.names_matching(viewer, texts, versions), str.upper)
    own = _own_products(viewer, texts)
    found = {}
    for text in texts:
        products = _first_kind(named, text.upper()) | own.get(text.upper(), set())
        if products:
            found[text] = rules.CodeMatch(tuple(sorted(products)))
    return found


def codes_alike(
    viewer: core.Viewer, texts: Collection[str], versions: core.Versions
) -> dict[str, rules.CodeMatch]:
    """As :func:`codes`, without separators and leading zeros (``led7`` for ``LED-7``). One statement."""
    keys = {text: key for text in texts if (key := rules.loose_key(text))}
    named = _by_name(catalog.names_alike(viewer, keys.values(), versions), _loose)
    found = {text: tuple(sorted(_first_kind(named, key))) for text, key in keys.items()}
    return {text: rules.CodeMatch(products, exact=False) for text, products in found.items() if products}


def _loose(name: str) -> str:
    return rules.loose_key(name) or name.upper()


def _by_name(found: Iterable[catalog.ProductNames], plain: object) -> dict[tuple[str, str], set[int]]:
    named: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in found:
        for kind in ("sku", "external_key", "barcode"):
            if name := getattr(row, kind):
                named[kind, plain(name)].add(row.id)  # type: ignore[operator]
    return named


def _first_kind(named: Mapping[tuple[str, str], set[int]], name: str) -> set[int]:
    return next(
        (named[kind, name] for kind in ("sku", "external_key", "barcode") if (kind, name) in named), set()
    )


def _own_products(viewer: core.Viewer, texts: Collection[str]) -> dict[str, set[int]]:
    rows = own_numbers(viewer).alias(plain=Upper("number"))
    wanted = sorted({text.upper() for text in texts})
    found: dict[str, set[int]] = defaultdict(set)
    for number, product in rows.filter(plain__among_texts=wanted).values_list("number", "product_id"):
        found[number.upper()].add(product)
    return found


def own_numbers(viewer: core.Viewer) -> QuerySet[OwnNumber]:
    """The item numbers of the viewer's company."""
    if not viewer.is_member:
        return OwnNumber.objects.none()
    return OwnNumber.objects.filter(company_id=viewer.company_id).order_by("number", "pk")


def numbers_of(viewer: core.Viewer, product_ids: Collection[int]) -> dict[int, str]:
    """Product id → the company's own number, for those that have one; one statement."""
    if not product_ids:
        return {}
    rows = own_numbers(viewer).filter(product_id__among=sorted(set(product_ids))).order_by()
    return dict(rows.values_list("product_id", "number"))


def number_rows(
    viewer: core.Viewer, numbers: Sequence[OwnNumber]
) -> list[tuple[OwnNumber, catalog.ProductFacts]]:
    """The numbers with their products, as far as the viewer may see them; one statement."""
    facts = catalog.product_facts(viewer, [each.product_id for each in numbers])
    return [(each, facts[each.product_id]) for each in numbers if each.product_id in facts]


# --- Lines -----------------------------------------------------------------------------------------------------------


def kept_lines(viewer: core.Viewer) -> QuerySet[QuickLine]:
    """The lines of quick order that the viewer keeps for the company."""
    if not carts.may_order(viewer):
        return QuickLine.objects.none()
    return QuickLine.objects.filter(company_id=viewer.company_id, user_id=viewer.user_id)


def kept(viewer: core.Viewer) -> list[rules.Wanted]:
    """The lines the viewer keeps, in their order, numbered from 1; at most 5,000."""
    rows = kept_lines(viewer).order_by("position", "pk")[: rules.MOST_LINES]
    return [
        rules.Wanted(
            number,
            row.text,
            row.code,
            row.quantity,
            row.rest,
            tuple(row.marks),
            tuple(row.readings),
            tuple(row.choices),
            row.is_line,
            row.pk,
        )
        for number, row in enumerate(rows, start=1)
    ]


def sheet(
    viewer: core.Viewer,
    wanted: Sequence[rules.Wanted],
    versions: core.Versions | None = None,
    marks: numbers.NumberFormat | None = None,
) -> Sheet:
    """What becomes of every line, with today's prices and stock. A constant number of statements for any number.

    :param marks: how quantities are written: as in the viewer's language where nothing is said.
    """
    versions = versions if versions is not None else core.Versions.read()
    reader = _Sheet(viewer, versions, marks or numbers.number_format_of(viewer.language))
    return Sheet(tuple(reader.lines(wanted)))


class _Sheet:
    """One reading of many lines: codes, facts, quantities, then everything that decides about them."""

    def __init__(self, viewer: core.Viewer, versions: core.Versions, marks: numbers.NumberFormat) -> None:
        self.viewer, self.versions, self.marks = viewer, versions, marks
        self.facts: dict[int, catalog.ProductFacts] = {}

    def lines(self, wanted: Sequence[rules.Wanted]) -> list[SheetLine]:
        texts = {each.code for each in wanted if each.is_line and each.code}
        found = codes(self.viewer, texts, self.versions)
        found |= codes_alike(self.viewer, texts - set(found), self.versions)
        chosen = {product for each in wanted for product in each.choices}
        ids = chosen | {product for match in found.values() for product in match.products}
        self.facts = catalog.product_facts(self.viewer, ids, self.versions)
        self._add_replacements()
        read = [self._read(each, found) for each in wanted]
        merged = _merge(read)
        return self._decide(merged)

    def _add_replacements(self) -> None:
        """What stands in for discontinued products, as far as the viewer may see it."""
        instead = {each.replacement_id for each in self.facts.values() if each.replacement_id} - set(
            self.facts
        )
        self.facts |= catalog.product_facts(self.viewer, [each for each in instead if each], self.versions)

    def _read(self, wanted: rules.Wanted, found: Mapping[str, rules.CodeMatch]) -> SheetLine:
        """Product and quantity of a line, or why it has none."""
        if not wanted.is_line:
            return SheetLine(wanted, rules.NOT_A_LINE)
        match = found.get(wanted.code)
        products = wanted.choices or (match.products if match else ())
        seen = [self.facts[product] for product in products if product in self.facts]
        if not seen:
            return SheetLine(wanted, rules.UNKNOWN, problems=(problems.unknown(wanted),))
        if len(seen) > 1:
            problem = cart_problems.ambiguous(wanted.code, [each.sku for each in seen], wanted.number)
            return SheetLine(wanted, rules.AMBIGUOUS, candidates=tuple(seen), problems=(problem,))
        return self._with_quantity(wanted, seen[0])

    def _with_quantity(self, wanted: rules.Wanted, facts: catalog.ProductFacts) -> SheetLine:
        asked = problems.to_ask(wanted)
        if asked is not None:
            return SheetLine(wanted, rules.QUESTION, facts, problems=(asked,))
        try:
            number = catalog.parse_quantity(wanted.quantity, facts, self.marks)
        except catalog.UnreadableQuantity as error:
            problem = catalog.quantity_problem(facts, error.issue, line=wanted.number)
            return SheetLine(wanted, rules.QUESTION, facts, problems=(problem,))
        unusable = [
            issue
            for issue in catalog.check_quantity(facts, number)
            if issue.code in ("quantity_not_positive", "quantity_fractional", "quantity_too_large")
        ]
        if unusable:
            problem = catalog.quantity_problem(facts, unusable[0], line=wanted.number)
            return SheetLine(wanted, rules.QUESTION, facts, number, problems=(problem,))
        return SheetLine(wanted, rules.READY, facts, number, number)

    def _decide(self, lines: Sequence[SheetLine]) -> list[SheetLine]:
        ready = [line for line in lines if line.status == rules.READY and line.facts]
        wished = {
            line.facts.id: _allowed(line.facts, line.asked) for line in ready if line.facts and line.asked
        }
        offered = carts.offerings(self.viewer, list(wished.items()), facts=self.facts, versions=self.versions)
        own = numbers_of(self.viewer, [line.facts.id for line in lines if line.facts])
        return [
            replace(
                self._decided(line, wished[line.facts.id], offered) if line.status == rules.READY else line,
                own_number=own.get(line.facts.id, ""),
            )
            if line.facts
            else line
            for line in lines
        ]

    def _decided(self, line: SheetLine, quantity: Decimal, offered: carts.Offerings) -> SheetLine:
        """The status of a line that can be read: what keeps it from being ordered, else what to know of it."""
        facts, number, asked = line.facts, line.wanted.number, line.asked
        assert facts is not None and asked is not None  # ready
        price = offered.prices.get(facts.id)
        line = replace(
            line,
            quantity=quantity,
            unit_price=price.unit_price if price else None,
            currency=self.viewer.currency,
            replacement=self.facts.get(facts.replacement_id or 0),
        )
        against = carts.line_problems(facts, facts.sku, quantity, price, number)
        if rule := offered.not_allowed.get(facts.id):
            against.insert(0, replace(rule, line=number))
        view = offered.view(facts.id)
        supply = offered.supply(facts.id, quantity, view)
        if facts.status == "discontinued" and supply.now < quantity:
            against.insert(0, problems.discontinued(line))
        if against:
            return replace(
                line, status=_STATUSES.get(against[0].code, rules.NOT_ALLOWED), problems=tuple(against)
            )
        status, notices = rules.READY, []
        if quantity != asked:
            status = rules.ROUNDED
            notices.append(cart_problems.rounded(facts, asked, quantity, number))
        if supply.missing > 0:
            status = rules.PART
            notices.append(cart_problems.not_enough(quantity, supply, view, facts, number))
        elif supply.later > 0:
            status = rules.PART
            notices.append(cart_problems.partly_later(quantity, supply, view, facts, number))
        return replace(line, status=status, problems=tuple(notices))


_STATUSES = {
    "discontinued": rules.DISCONTINUED,
    "price_on_request": rules.NO_PRICE,
    "below_first_break": rules.NO_PRICE,
    "amount_too_large": rules.QUESTION,
}


def _allowed(facts: catalog.ProductFacts, quantity: Decimal) -> Decimal:
    return catalog.snap_quantity(facts, quantity) if catalog.check_quantity(facts, quantity) else quantity


def _merge(lines: Sequence[SheetLine]) -> list[SheetLine]:
    """A product named more than once counts together, at its first line."""
    first: dict[int, int] = {}
    found: list[SheetLine] = []
    for line in lines:
        if line.status == rules.READY and line.facts and line.asked is not None:
            place = first.setdefault(line.facts.id, len(found))
            if place < len(found):
                kept_line = found[place]
                assert kept_line.asked is not None  # ready
                found[place] = replace(kept_line, asked=kept_line.asked + line.asked)
                into = kept_line.wanted.number
                line = replace(line, status=rules.MERGED, into=into, problems=(problems.merged(line, into),))
        found.append(line)
    return found
