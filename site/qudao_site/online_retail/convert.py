"""Turn the UCI Online Retail file into files that Qudao's importers take. Plain Python, no database.

Every row of the source ends in exactly one of two places: as an order line in ``orders.csv``, or with the reason in
``not-order-lines.csv``. Nothing is dropped.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

SELLER = "UCI"
LINE = "online-retail"
WAREHOUSE = "uci-main"
PRICE_LIST = "uci-list"
CURRENCY = "GBP"
#: Sales without a customer number go to this account, so that they count and stay visible.
COUNTER = "COUNTER"

#: Codes that are no goods: why a row with this code is no order line.
SERVICES = {
    "POST": "postage",
    "DOT": "postage",
    "C2": "carriage",
    "M": "manual entry",
    "D": "discount",
    "S": "samples",
    "AMAZONFEE": "marketplace fee",
    "BANK CHARGES": "bank charges",
}
COUNTRIES = {
    "Australia": "AU", "Austria": "AT", "Bahrain": "BH", "Belgium": "BE", "Channel Islands": "JE", "Cyprus": "CY",
    "Denmark": "DK", "EIRE": "IE", "Finland": "FI", "France": "FR", "Germany": "DE", "Iceland": "IS", "Israel": "IL",
    "Italy": "IT", "Japan": "JP", "Lithuania": "LT", "Netherlands": "NL", "Norway": "NO", "Poland": "PL",
    "Portugal": "PT", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "United Kingdom": "GB",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
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

    @property
    def amount(self) -> Decimal:
        return self.price * self.quantity

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

    @property
    def reason(self) -> str:
        """Why it is no order line; empty when it is one."""
        if self.invoice.startswith("C"):
            return "cancellation"
        if self.sku in SERVICES:
            return SERVICES[self.sku]
        if re.match(r"gift_", self.code, re.IGNORECASE):
            return "gift voucher"
        if self.quantity <= 0:
            return "stock adjustment"
        return "no price" if self.price == 0 else ""


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
    """The rows of the source (CSV, gzipped or not)."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line, row in enumerate(csv.DictReader(file), start=2):
            yield Sale(
                line,
                row["InvoiceNo"].strip(),
                row["StockCode"].strip(),
                row["Description"].strip(),
                int(row["Quantity"]),
                row["InvoiceDate"].strip(),
                Decimal(row["UnitPrice"]),
                row["CustomerID"].strip(),
                row["Country"].strip(),
            )


def convert(source: Path, folder: Path) -> Converted:
    """Write ``companies, addresses, products, prices, stock, orders, not-order-lines, notes`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    sales = list(read(source))
    done = Converted()
    goods: list[Sale] = []
    others: list[Sale] = []
    for sale in sales:
        done.source.add(sale)
        (others if sale.reason else goods).append(sale)
        (done.others if sale.reason else done.orders).add(sale)
    done.reasons.update(sale.reason for sale in others)
    notes = list(_notes(goods))
    done.notes.update(note for _sale, note in notes)
    _write_partners(folder, sales)
    _write_goods(folder, goods)
    _write_orders(folder, goods)
    _write(
        folder,
        "not-order-lines",
        ("Line", *_SOURCE, "Reason"),
        ((*_row(sale), sale.reason) for sale in others),
    )
    _write(folder, "notes", ("Line", *_SOURCE, "Note"), ((*_row(sale), note) for sale, note in notes))
    return done


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


def _notes(goods: list[Sale]) -> Iterator[tuple[Sale, str]]:
    """Order lines that were kept although something about them is remarkable."""
    seen: set[tuple[object, ...]] = set()
    times: dict[str, str] = {}
    for sale in goods:
        key = (sale.invoice, sale.sku, sale.quantity, sale.price, sale.at)
        if key in seen:
            yield sale, "same row twice on the invoice: kept as a line of its own"
        seen.add(key)
        if not sale.customer:
            yield sale, f"no customer: booked to {COUNTER}"
        if times.setdefault(sale.invoice, sale.at) != sale.at:
            yield sale, "invoice has two times: the first one counts"
        if sale.code != sale.sku:
            yield sale, "code in small letters: the same product"


def _write_partners(folder: Path, sales: list[Sale]) -> None:
    countries = {sale.company: sale.country for sale in sales}
    names = {code: f"Customer {code}" for code in countries} | {COUNTER: "Sales without a customer number"}
    codes = sorted(countries)
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
            for code in codes
        ),
    )


def _write_goods(folder: Path, goods: list[Sale]) -> None:
    """Each product under the name and at the price that stand most often; enough stock to order everything again."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    prices: dict[str, Counter[Decimal]] = defaultdict(Counter)
    for sale in goods:
        names[sale.sku][sale.name] += 1
        prices[sale.sku][sale.price] += 1
    skus = sorted(names)
    _write(folder, "products", ("SKU", "Name"), ((sku, _usual(names[sku])) for sku in skus))
    _write(folder, "prices", ("SKU", "Unit price"), ((sku, _usual(prices[sku])) for sku in skus))
    _write(folder, "stock", ("SKU", "On hand"), ((sku, 1_000_000) for sku in skus))


def _usual(counted: Counter[str] | Counter[Decimal]) -> object:
    """The most frequent value; of several the smallest, so that it is always the same one."""
    most = max(counted.values())
    return min(value for value, times in counted.items() if times == most)


def _write_orders(folder: Path, goods: list[Sale]) -> None:
    first: dict[str, str] = {}
    for sale in goods:
        first.setdefault(sale.invoice, sale.at)
    _write(
        folder,
        "orders",
        ("Order number", "Company", "Ordered", "SKU", "Name", "Quantity", "Unit price", "Tax rate"),
        (
            (
                sale.invoice,
                sale.company,
                first[sale.invoice],
                sale.sku,
                sale.name,
                sale.quantity,
                sale.price,
                "0",
            )
            for sale in goods
        ),
    )
