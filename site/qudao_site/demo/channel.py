"""A demo channel as its directory describes it: who is in it, what it sells, how it trades, what it teaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from django.conf import settings
from pydantic import Field, field_validator

from . import names
from .families import Choice, Family, Item, items
from .files import Part, missing, read_csv, read_yaml, split_front
from .markdown import Block, blocks, rich
from .questions import BankFile

LANGUAGES = ("en", "zh-hans")
T = TypeVar("T")

# --- Who is in it -----------------------------------------------------------------------------------------------------


class Tier(Part):
    name: str
    name_zh: str
    rank: int


class Firm(Part):
    """A company and where its goods go. Whoever is above comes first."""

    code: str
    name: str
    short: str
    kind: str
    parent: str = ""
    tier: str = ""
    territories: tuple[str, ...] = ()
    city: str = ""
    street: str = ""
    phone: str = ""
    currency: str = "CNY"
    country: str = "CN"
    language: str = "zh-hans"
    sells: bool = False
    terms: str = ""

    @field_validator("territories", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value


class Person(Part):
    """Somebody to sign in as. ``firm`` is empty for the back office; ``groups`` are Wagtail's."""

    email: str
    name: str
    who: str
    firm: str = ""
    roles: tuple[str, ...] = ()
    title: str = ""
    language: str = ""
    groups: tuple[str, ...] = ()
    is_admin: bool = False


class People(Part):
    """``editor`` writes the texts. For all other companies one person each, named from ``surnames`` and ``given``."""

    password: str
    editor: str
    people: tuple[Person, ...]
    surnames: str
    given: tuple[str, ...]
    title: str = ""


# --- What it sells ----------------------------------------------------------------------------------------------------


class Line(Part):
    name: str
    name_zh: str


class Category(Part):
    name: str
    name_zh: str
    about: str = ""
    about_zh: str = ""
    children: dict[str, Category] = {}


class Attribute(Part):
    code: str
    name: str
    name_zh: str
    kind: Literal["float", "integer", "boolean", "option", "text"]
    unit: str = ""
    facet: bool = False


class Catalogue(Part):
    """``options_zh``: Chinese words of attribute options; ``replaced``: discontinued products and their successors."""

    sku_prefix: str
    origin: str
    lines: dict[str, Line]
    categories: dict[str, Category]
    types: dict[str, tuple[Attribute, ...]]
    options_zh: dict[str, str] = {}
    choices: dict[str, Choice] = {}
    replaced: dict[str, str] = {}
    announced: tuple[str, ...] = ()


# --- How it trades ----------------------------------------------------------------------------------------------------


class Assortment(Part):
    """What ``audiences`` may buy: the product lines named, or all but those of ``except_lines``."""

    code: str
    name: str
    name_zh: str
    audiences: tuple[str, ...]
    reason: str
    lines: tuple[str, ...] = ()
    except_lines: tuple[str, ...] = ()
    effect: Literal["grant", "deny"] = "grant"


class Assigned(Part):
    """Who buys by a list; ``company:CODE`` and ``below:CODE`` name companies by their code."""

    audience: str
    priority: int = 0


class PriceList(Part):
    """Rows (catalogue price × ``factor``, with ``breaks`` {cartons: share}), or ``base`` and ``percent``.

    Rows are for products of ``categories`` (none: all), every so-many-th, so many at most. ``days``: valid from and
    until, counted from today. A list whose company is not in the channel is left out.
    """

    code: str
    seller: str
    name: str
    name_zh: str = ""
    currency: str = "CNY"
    factor: Decimal = Decimal(1)
    breaks: dict[int, Decimal] = {}
    categories: tuple[str, ...] = ()
    every: int = Field(1, gt=0)
    at_most: int | None = None
    days: tuple[int, int] | None = None
    base: str = ""
    percent: Decimal = Decimal(0)
    percent_by_line: dict[str, Decimal] = {}
    assigned: tuple[Assigned, ...] = ()


class Warehouse(Part):
    name: str
    name_zh: str
    seller: str
    place: str
    priority: int


class Shown(Part):
    """How much of a seller's stock an audience sees."""

    seller: str
    audience: str
    mode: Literal["exact", "banded", "hidden"]


class Backorder(Part):
    """What may be ordered before it is there: of these categories every so-many-th product, so many at most."""

    categories: tuple[str, ...]
    every: int = Field(1, gt=0)
    at_most: int | None = None
    limit: Decimal


class Stock(Part):
    low: Decimal
    plenty: Decimal
    shown: tuple[Shown, ...]
    backorder: Backorder | None = None


class Step(Part):
    """A step of an order's way: ``side`` is who acts, ``role`` in which role there."""

    name: str
    name_zh: str
    kind: Literal["approval", "release", "shipment", "receipt"]
    side: Literal["buyer", "seller"]
    role: str
    hours: int


class FlowStep(Part):
    """A step, only for orders from an amount on."""

    step: str
    from_amount: Decimal


class Flow(Part):
    code: str
    name: str
    seller: str
    audience: str
    steps: tuple[str | FlowStep, ...]


class Said(Part):
    """What people of the demo write when they act."""

    order: tuple[str, ...]
    reject: str
    return_lines: str
    return_contact: str
    revised: str
    cancel: str
    damaged: str


class Orders(Part):
    """``often``: which company places every so-many-th order."""

    often: dict[str, int] = {}
    carriers: tuple[str, ...]
    said: Said


class Trade(Part):
    assortments: tuple[Assortment, ...]
    price_lists: tuple[PriceList, ...]
    warehouses: dict[str, Warehouse]
    stock: Stock
    steps: dict[str, Step]
    flows: tuple[Flow, ...]
    orders: Orders


# --- What it teaches --------------------------------------------------------------------------------------------------


class ChapterEntry(Part):
    """Topics that belong together, by name, in order. ``audiences`` empty: as the handbook says."""

    key: str
    title: str
    title_zh: str
    about: str
    about_zh: str
    topics: tuple[str, ...]
    audiences: tuple[str, ...] = ()


class Handbook(Part):
    """A book of chapters for ``audiences``."""

    key: str
    title: str
    title_zh: str
    about: str
    about_zh: str
    chapters: tuple[ChapterEntry, ...]
    audiences: tuple[str, ...] = ("members",)


class Handbooks(Part):
    """``figures``: the numbers of pictures by name."""

    figures: dict[str, str] = {}
    books: tuple[Handbook, ...] = ()


class Front(Part):
    """What stands above a topic's text. Kind, state and what was ``added`` later are said in the English file."""

    title: str
    summary: str
    keywords: str = ""
    kind: str = "guide"
    state: Literal["live", "draft", "moderation", "scheduled"] = "live"
    added: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A topic or a page in one language."""

    path: Path
    front: Front
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the handbook; texts by language. ``added``: HTML that came after the translation."""

    key: str
    texts: Mapping[str, Text]

    @property
    def front(self) -> Front:
        return self.texts["en"].front

    @property
    def added(self) -> str:
        return rich(self.front.added) if self.front.added else ""


class Paper(Part):
    """A document. ``audiences`` empty: for whoever may read what it is attached to."""

    title: str
    file: str
    audiences: tuple[str, ...] = ()


class Synonyms(Part):
    """``same``: each word finds all of them. ``one_way``: the first words find the second, not the other way round."""

    same: tuple[tuple[str, ...], ...] = ()
    one_way: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()


class ExamSection(Part):
    """So many questions of a topic (a key of the bank's topics) and difficulty; empty: of any."""

    topic: str = ""
    difficulty: str = ""
    count: int = 1
    points: Decimal = Decimal(1)


class ExamEntry(Part):
    """An exam; ``bank`` is one of ``banks``. Without ``minutes`` or ``attempts`` there is no limit."""

    code: str
    bank: str
    title: str
    title_zh: str
    introduction: str = ""
    introduction_zh: str = ""
    minutes: int | None = None
    pass_percent: Decimal = Decimal(60)
    attempts: int | None = None
    wait_hours: int = 0
    audiences: tuple[str, ...] = ("members",)
    sections: tuple[ExamSection, ...]


class Sitting(Part):
    """Somebody's attempt at an exam: how long ago, how long it took, and how many per cent were right."""

    person: str
    exam: str
    language: str
    days_ago: int
    minutes: int
    right: int
    essay: str = ""


class Learning(Part):
    """``banks`` are files in ``learning/banks``."""

    banks: tuple[str, ...] = ()
    exams: tuple[ExamEntry, ...] = ()
    sittings: tuple[Sitting, ...] = ()


class Site(Part):
    host: str
    name: str


class Main(Part):
    """``maker``: the code of the company whose channel this is. ``pages``: beside the handbook, in order."""

    maker: str
    second_site: Site | None = None
    pages: tuple[str, ...] = ()
    products: tuple[str, ...]


class Channel:
    """Everything a directory says."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.main = self._yaml("channel.yaml", Main)
        self.firms = tuple(read_csv(directory / "companies.csv", Firm))
        self.tiers = self._yaml("tiers.yaml", dict[str, Tier])
        self.people = self._yaml("people.yaml", People)
        self.catalogue = self._yaml("catalogue.yaml", Catalogue)
        self.families = self._families()
        self.trade = self._yaml("trade.yaml", Trade)
        self.handbooks = self._yaml("handbook.yaml", Handbooks, Handbooks())
        self.papers = self._yaml("papers.yaml", dict[str, Paper], {})
        self.synonyms = self._yaml("synonyms.yaml", Synonyms, Synonyms())
        self.learning = self._yaml("learning.yaml", Learning, Learning())
        self.banks = {
            name: self._yaml(f"learning/banks/{name}.yaml", BankFile) for name in self.learning.banks
        }
        self.topics = {
            (book.key, part.key, key): Topic(
                key, self._texts(directory / "handbook" / book.key / part.key, key)
            )
            for book in self.handbooks.books
            for part in book.chapters
            for key in part.topics
        }
        self.pages = {slug: self._texts(directory / "pages", slug) for slug in self.main.pages}
        names.check(self)

    @property
    def maker(self) -> str:
        return self.main.maker

    def items(self, families: tuple[Family, ...] | None = None) -> list[Item]:
        """The products of these families (of all)."""
        chosen = self.families if families is None else families
        return list(items(chosen, self.catalogue.choices, self.catalogue.sku_prefix, self.catalogue.origin))

    def topic(self, book: Handbook, part: ChapterEntry, key: str) -> Topic:
        return self.topics[book.key, part.key, key]

    def file(self, *names: str) -> Path:
        """The path of a picture, film or document.

        :raises core.Refusal: ``demo_invalid``: there is none.
        """
        path = self.directory.joinpath(*names)
        if not path.is_file():
            raise missing(path)
        return path

    def _families(self) -> tuple[Family, ...]:
        files = (self.products_file(name) for name in self.main.products)
        return tuple(family for path in files for family in read_yaml(path, tuple[Family, ...]))

    def products_file(self, name: str) -> Path:
        return self.directory / "products" / f"{name}.yaml"

    def _texts(self, folder: Path, name: str) -> Mapping[str, Text]:
        paths = {language: folder / f"{name}.{language}.md" for language in LANGUAGES}
        return {
            language: _text(path) for language, path in paths.items() if language == "en" or path.exists()
        }

    def _yaml(self, name: str, kind: type[T], otherwise: T | None = None) -> T:
        path = self.directory / name
        return otherwise if otherwise is not None and not path.exists() else read_yaml(path, kind)


def _text(path: Path) -> Text:
    front, body, above = split_front(path)
    return Text(path, front.read(Front), tuple(blocks(path, body, above)))


#: The demo channel that is shipped.
SHIPPED = Path(__file__).with_name("lanhe")


@cache
def load(directory: Path) -> Channel:
    """The channel of a directory.

    :raises core.Refusal: ``demo_invalid``, naming file, line and key.
    """
    return Channel(directory)


def chosen(directory: Path | None = None) -> Channel:
    """The channel of the directory, else of the one in ``QUDAO_DEMO_CHANNEL``, else the shipped one."""
    return load(Path(directory or settings.QUDAO_DEMO_CHANNEL or SHIPPED).resolve())
