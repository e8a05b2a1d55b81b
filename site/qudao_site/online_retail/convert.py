"""Turn the UCI Online Retail file into files that Qudao's importers take. Plain Python, no database.

Every row of the source ends in exactly one of two places: as an order line in ``orders.csv`` (then ``orders-2.csv`` …),
or with the reason in ``not-order-lines.csv``. Nothing is dropped. It is read row by row, whatever its length.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

SELLER = "UCI"
LINE = "online-retail"
WAREHOUSE = "uci-main"
PRICE_LIST = "uci-list"
CURRENCY = "GBP"
#: Sales without a customer number go to this account, so that they count and stay visible.
COUNTER = "COUNTER"

#: So many order lines go into one file; an invoice is never parted.
LINES_PER_FILE = 200_000
CENT = Decimal("0.01")

#: Codes that are no goods: why a row with this code is no order line.
SERVICES = {
    "POST": "postage",
    "DOT": "postage",
    "C2": "carriage",
    "C3": "carriage",
    "M": "manual entry",
    "D": "discount",
    "S": "samples",
    "B": "bad debt",
    "CRUK": "commission",
    "AMAZONFEE": "marketplace fee",
    "BANK CHARGES": "bank charges",
    "ADJUST": "adjustment",
    "ADJUST2": "adjustment",
    "TEST001": "test",
    "TEST002": "test",
}
#: Descriptions that say the same whatever the code is.
SAID = (
    (re.compile(r"adjust\w* bad debt|bad debt", re.IGNORECASE), "bad debt"),
    (re.compile(r"gift ?voucher|^gift_", re.IGNORECASE), "gift voucher"),
    (re.compile(r"^bank charges?$", re.IGNORECASE), "bank charges"),
    (re.compile(r"^(?:dotcom )?postage$", re.IGNORECASE), "postage"),
    (re.compile(r"^carriage$", re.IGNORECASE), "carriage"),
    (re.compile(r"^manual$", re.IGNORECASE), "manual entry"),
)
#: What nobody would call a product: empty, question marks, notes of the warehouse.
_NO_NAME = re.compile(r"[\W_]*|[a-z0-9 ?'/.,&-]*")
COUNTRIES = {
    "Australia": "AU", "Austria": "AT", "Bahrain": "BH", "Belgium": "BE", "Bermuda": "BM", "Brazil": "BR",
    "Canada": "CA", "Channel Islands": "JE", "Cyprus": "CY", "Czech Republic": "CZ", "Denmark": "DK", "EIRE": "IE",
    "Finland": "FI", "France": "FR", "Germany": "DE", "Greece": "GR", "Hong Kong": "HK", "Iceland": "IS",
    "Israel": "IL", "Italy": "IT", "Japan": "JP", "Korea": "KR", "Lebanon": "LB", "Lithuania": "LT", "Malta": "MT",
    "Netherlands": "NL", "Nigeria": "NG", "Norway": "NO", "Poland": "PL", "Portugal": "PT", "RSA": "ZA",
    "Saudi Arabia": "SA", "Singapore": "SG", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "Thailand": "TH",
    "USA": "US", "United Arab Emirates": "AE", "United Kingdom": "GB",
}  # fmt: skip
#: The column names of the file, and those of its second edition.
_SOURCE = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
SECOND_EDITION = {"Invoice": "InvoiceNo", "Price": "UnitPrice", "Customer ID": "CustomerID"}


class Unreadable(Exception):
    """The source is not the file it should be; the text says where and why."""


@dataclass(frozen=True)
class Sale:
    """One row of the source; ``line`` is its place in the file."""

    line: int
    invoice: str
    code: str
    name: str
    quantity: int
    at: str
    price: Decimal
    customer: str
    country: str

    @cached_property
    def amount(self) -> Decimal:
        """As an order line has it: to the penny, half up."""
        return (self.price * self.quantity).quantize(CENT, ROUND_HALF_UP)

    @property
    def month(self) -> str:
        return self.at[:7]

    @property
    def company(self) -> str:
        return self.customer or COUNTER

    @property
    def sku(self) -> str:
        """The source writes the same code in upper and in lower case."""
        return self.code.upper()

    @cached_property
    def reason(self) -> str:
        """Why it is no order line; empty when it is one."""
        if self.invoice.upper().startswith("C"):
            return "cancellation"
        if self.sku in SERVICES:
            return SERVICES[self.sku]
        for text in (self.code, self.name):
            for pattern, reason in SAID:
                if pattern.search(text):
                    return reason
        if not self.invoice.isdigit() or self.price < 0:
            return "adjustment"
        if self.quantity <= 0:
            return "stock adjustment"
        return "no price" if self.price == 0 else ""

    @property
    def is_named(self) -> bool:
        """Whether the description is a product's: those are in capitals, and "?", "damaged" or nothing is a note."""
        return not _NO_NAME.fullmatch(self.name)


@dataclass(slots=True)
class Sums:
    """Net amounts by invoice, customer and month."""

    invoice: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    customer: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    month: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    rows: int = 0

    def add(self, sale: Sale) -> None:
        self.rows += 1
        self.invoice[sale.invoice] += sale.amount
        self.customer[sale.company] += sale.amount
        self.month[sale.month] += sale.amount

    @property
    def total(self) -> Decimal:
        return sum(self.month.values(), Decimal(0))


@dataclass(slots=True)
class Converted:
    """What the source came to."""

    source: Sums = field(default_factory=Sums)
    orders: Sums = field(default_factory=Sums)
    others: Sums = field(default_factory=Sums)
    reasons: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)


def read(path: Path) -> Iterator[Sale]:
    """The rows of the source (CSV, gzipped or not, UTF-8 or Windows-1252).

    :raises Unreadable: a column is missing, or a row cannot be read.
    """
    with _text(path) as file:
        reader = csv.DictReader(file)
        names = {SECOND_EDITION.get(name.strip(), name.strip()): name for name in reader.fieldnames or ()}
        missing = [name for name in _SOURCE if name not in names]
        if missing:
            raise Unreadable(f"{path}: these columns are missing: {', '.join(missing)}")
        for line, row in enumerate(reader, start=2):
            values = [(row[names[name]] or "").strip() for name in _SOURCE]
            try:
                yield _sale(line, values)
            except (ValueError, ArithmeticError) as error:
                raise Unreadable(f"{path}, line {line}: {error or type(error).__name__}") from error


def _sale(line: int, values: list[str]) -> Sale:
    invoice, code, name, quantity, at, price, customer, country = values
    return Sale(
        line,
        invoice,
        code,
        name,
        int(Decimal(quantity)),
        _moment(at),
        Decimal(price),
        customer.removesuffix(".0"),
        country,
    )


def _moment(text: str) -> str:
    """ISO; one edition of the file writes 12/1/2010 8:26, the month first."""
    if "/" not in text:
        return text
    date, _space, time = text.partition(" ")
    shape = "%m/%d/%Y %H:%M:%S" if time.count(":") == 2 else "%m/%d/%Y %H:%M"
    return datetime.strptime(f"{date} {time or '0:00'}", shape).isoformat(" ")


def _text(path: Path) -> TextIO:
    def opened(encoding: str) -> TextIO:
        if path.suffix == ".gz":
            return gzip.open(path, "rt", encoding=encoding, newline="")  # type: ignore[return-value]
        return path.open(encoding=encoding, newline="")

    try:
        with opened("utf-8-sig") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return opened("cp1252")
    return opened("utf-8-sig")


class _Files:
    """The files being written, each opened when its first row comes."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.writers: dict[str, Any] = {}

    def open(self, name: str, header: Iterable[str]) -> None:
        file = self.stack.enter_context((self.folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
        self.writers[name] = csv.writer(file)
        self.writers[name].writerow(header)

    def write(self, name: str, row: Iterable[object]) -> None:
        self.writers[name].writerow(row)


def convert(source: Path, folder: Path) -> Converted:
    """Write ``companies, addresses, products, prices, stock, orders, not-order-lines, notes`` into ``folder``.

    :raises Unreadable: the source is another file, or damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for former in folder.glob("orders*.csv"):
        former.unlink()
    done = Converted()
    with ExitStack() as stack:
        files = _Files(folder, stack)
        files.open("not-order-lines", ("Line", *_SOURCE, "Reason"))
        files.open("notes", ("Line", *_SOURCE, "Note"))
        orders, goods, notes = _Orders(files), _Goods(), _Notes()
        countries: dict[str, str] = {}
        for sale in read(source):
            countries[sale.company] = sale.country
            if sale.reason:
                done.source.add(sale)
                done.others.add(sale)
                done.reasons[sale.reason] += 1
                files.write("not-order-lines", (*_row(sale), sale.reason))
                continue
            kept = orders.add(sale)
            done.source.add(kept)
            done.orders.add(kept)
            goods.add(sale)
            for note in notes.of(sale, kept):
                done.notes[note] += 1
                files.write("notes", (*_row(sale), note))
        done.notes.update(_write_partners(folder, countries))
        goods.write(folder)
    return done


def _row(sale: Sale) -> tuple[object, ...]:
    return (
        sale.line,
        sale.invoice,
        sale.code,
        sale.name,
        sale.quantity,
        sale.at,
        sale.price,
        sale.customer,
        sale.country,
    )


def _write(folder: Path, name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


class _Notes:
    """Order lines that were kept although something about them is remarkable."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def of(self, sale: Sale, kept: Sale) -> Iterator[str]:
        key = hash((sale.invoice, sale.sku, sale.quantity, sale.price, sale.at))
        if key in self.seen:
            yield "same row twice on the invoice: kept as a line of its own"
        self.seen.add(key)
        if not sale.customer:
            yield f"no customer: booked to {COUNTER}"
        if kept.at != sale.at:
            yield "invoice has two times: the first one counts"
        if kept.company != sale.company:
            yield "invoice has two customers: the first one counts"
        if sale.code != sale.sku:
            yield "code in small letters: the same product"
        if not sale.is_named:
            yield "no description: named after its product"


class _Orders:
    """Order lines, in as many files as they need; time and customer of an invoice are those of its first row."""

    def __init__(self, files: _Files) -> None:
        self.files = files
        self.first: dict[str, tuple[str, str, str]] = {}
        self.name, self.lines, self.number = "", LINES_PER_FILE, 0

    def add(self, sale: Sale) -> Sale:
        if sale.invoice not in self.first:
            self._next_file()
            self.first[sale.invoice] = (self.name, sale.at, sale.customer)
        name, at, customer = self.first[sale.invoice]
        self.lines += name == self.name
        kept = replace(sale, at=at, customer=customer)
        self.files.write(
            name,
            (sale.invoice, kept.company, at, sale.sku, sale.name, sale.quantity, sale.price, "0"),
        )
        return kept

    def _next_file(self) -> None:
        if self.lines < LINES_PER_FILE:
            return
        self.number += 1
        self.lines = 0
        self.name = "orders" if self.number == 1 else f"orders-{self.number}"
        self.files.open(
            self.name,
            ("Order number", "Company", "Ordered", "SKU", "Name", "Quantity", "Unit price", "Tax rate"),
        )


def _write_partners(folder: Path, countries: dict[str, str]) -> Counter[str]:
    """Companies, and an address for each whose country is one."""
    names = {code: f"Customer {code}" for code in countries} | {COUNTER: "Sales without a customer number"}
    codes = sorted(countries)
    placed = [code for code in codes if countries[code] in COUNTRIES]
    _write(
        folder,
        "companies",
        ("Code", "Name", "Kind", "Parent company", "Currency", "Language"),
        ((code, names[code], "dealer", SELLER, CURRENCY, "en") for code in codes),
    )
    _write(
        folder,
        "addresses",
        ("Company", "External key", "Recipient", "Region", "Street address", "Country", "Default"),
        (
            (code, f"{code}-1", names[code], countries[code], "As agreed", COUNTRIES[countries[code]], "yes")
            for code in placed
        ),
    )
    without = len(codes) - len(placed)
    return Counter({"customer without a country: no address": without} if without else {})


class _Goods:
    """Each product under the name and at the price that stand most often; enough stock to order everything again."""

    def __init__(self) -> None:
        self.names: dict[str, Counter[str]] = defaultdict(Counter)
        self.prices: dict[str, Counter[Decimal]] = defaultdict(Counter)

    def add(self, sale: Sale) -> None:
        self.prices[sale.sku][sale.price] += 1
        if sale.is_named:
            self.names[sale.sku][sale.name] += 1

    def write(self, folder: Path) -> None:
        skus = sorted(self.prices)
        names = ((sku, _usual(self.names[sku]) if self.names[sku] else sku) for sku in skus)
        _write(folder, "products", ("SKU", "Name"), names)
        _write(folder, "prices", ("SKU", "Unit price"), ((sku, _usual(self.prices[sku])) for sku in skus))
        _write(folder, "stock", ("SKU", "On hand"), ((sku, 1_000_000) for sku in skus))


def _usual(counted: Counter[str] | Counter[Decimal]) -> object:
    """The most frequent value; of several the smallest, so that it is always the same one."""
    most = max(counted.values())
    return min(value for value, times in counted.items() if times == most)
