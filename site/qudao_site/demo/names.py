"""What one file of a demo channel names is described in another: companies, lines, steps, products, pictures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from .files import Source, problem, text_of
from .markdown import Attributes, Block, Figure, Film, Goods, Papers

if TYPE_CHECKING:
    from .channel import Channel


class Named(NamedTuple):
    """A name, the place where it is used, and the file whose names it must be one of."""

    path: Path
    at: tuple[str | int, ...]
    name: str
    known: Collection[str]
    where: str


def check(channel: Channel) -> None:
    """
    :raises core.Refusal: ``demo_invalid``, naming file, line and key of the first name that is not known.
    """
    for found in (*_families(channel), *_people(channel), *_trade(channel), *_learning(channel)):
        if found.name and found.name not in found.known:
            message = _("“%(name)s” is not defined in %(file)s.") % {
                "name": found.name,
                "file": found.where,
            }
            raise Source(found.path, text_of(found.path)).refusal(message, found.at)
    _names_are_filled(channel)
    _files_are_there(channel)
    _texts(channel)


def _families(channel: Channel) -> Iterator[Named]:
    catalogue = channel.catalogue
    known: Mapping[str, Collection[str]] = {
        "category": _categories(channel),
        "line": catalogue.lines,
        "type": catalogue.types,
    }
    for path, place, family in _placed(channel):
        for field, names in known.items():
            yield Named(path, (place, field), getattr(family, field), names, "catalogue.yaml")
        for at, choice in enumerate(family.choices):
            yield Named(path, (place, "choices", at), choice, catalogue.choices, "catalogue.yaml")


def _learning(channel: Channel) -> Iterator[Named]:
    path, taught = channel.directory / "learning.yaml", channel.learning
    people = {each.email for each in channel.people.people}
    for name, bank in channel.banks.items():
        file = channel.directory / "learning/banks" / f"{name}.yaml"
        for at, entry in enumerate(bank.questions):
            yield Named(file, ("questions", at, "topic"), entry.topic, bank.topics, file.name)
    for at, exam in enumerate(taught.exams):
        yield Named(path, ("exams", at, "bank"), exam.bank, channel.banks, path.name)
        for row, section in enumerate(exam.sections):
            topics = channel.banks[exam.bank].topics if exam.bank in channel.banks else ()
            yield Named(
                path, ("exams", at, "sections", row, "topic"), section.topic, topics, f"{exam.bank}.yaml"
            )
    for at, sitting in enumerate(taught.sittings):
        yield Named(path, ("sittings", at, "person"), sitting.person, people, "people.yaml")
        exams = {each.code for each in taught.exams}
        yield Named(path, ("sittings", at, "exam"), sitting.exam, exams, path.name)
        yield Named(path, ("sittings", at, "language"), sitting.language, ("en", "zh-hans"), path.name)


def _placed(channel: Channel) -> Iterator[tuple[Path, int, Any]]:
    """Each family with its file and its place in it."""
    families = iter(channel.families)
    for name in channel.main.products:
        path = channel.products_file(name)
        for place in range(len(Source(path, text_of(path)).plain())):
            yield path, place, next(families)


def _categories(channel: Channel) -> set[str]:
    roots = channel.catalogue.categories
    return {*roots, *(slug for root in roots.values() for slug in root.children)}


def _people(channel: Channel) -> Iterator[Named]:
    firms = {firm.code for firm in channel.firms}
    main, people = channel.directory / "channel.yaml", channel.directory / "people.yaml"
    yield Named(main, ("maker",), channel.maker, firms, "companies.csv")
    for place, person in enumerate(channel.people.people):
        yield Named(people, ("people", place, "firm"), person.firm, firms, "companies.csv")
    emails = {person.email for person in channel.people.people}
    yield Named(people, ("editor",), channel.people.editor, emails, "people.yaml")


def _trade(channel: Channel) -> Iterator[Named]:
    path, trade, firms = (
        channel.directory / "trade.yaml",
        channel.trade,
        {firm.code for firm in channel.firms},
    )
    lines, categories = channel.catalogue.lines, _categories(channel)
    uses: list[tuple[tuple[str | int, ...], str, Collection[str], str]] = []
    for place, rule in enumerate(trade.assortments):
        for field in ("lines", "except_lines"):
            uses += [
                (("assortments", place, field, at), line, lines, "catalogue.yaml")
                for at, line in enumerate(getattr(rule, field))
            ]
    earlier: set[str] = set()
    for place, each in enumerate(trade.price_lists):
        here = ("price_lists", place)
        uses += [
            ((*here, "seller"), each.seller, firms, "companies.csv"),
            ((*here, "base"), each.base, set(earlier), "trade.yaml, above"),
        ]
        uses += [
            ((*here, "categories", at), name, categories, "catalogue.yaml")
            for at, name in enumerate(each.categories)
        ]
        uses += [
            ((*here, "percent_by_line", name), name, lines, "catalogue.yaml") for name in each.percent_by_line
        ]
        uses += [
            ((*here, "assigned", at, "audience"), assigned.audience.partition(":")[2], firms, "companies.csv")
            for at, assigned in enumerate(each.assigned)
            if assigned.audience.startswith(("company:", "below:"))
        ]
        earlier.add(each.code)
    yield from (Named(path, *use) for use in (*uses, *_sellers(channel, firms)))


def _sellers(
    channel: Channel, firms: Collection[str]
) -> Iterator[tuple[tuple[str | int, ...], str, Collection[str], str]]:
    """Who has warehouses, shows stock, has flows; the steps of these; who orders often."""
    trade = channel.trade
    for code, warehouse in trade.warehouses.items():
        yield ("warehouses", code, "seller"), warehouse.seller, firms, "companies.csv"
    for place, shown in enumerate(trade.stock.shown):
        yield ("stock", "shown", place, "seller"), shown.seller, firms, "companies.csv"
    for place, flow in enumerate(trade.flows):
        yield ("flows", place, "seller"), flow.seller, firms, "companies.csv"
        for at, step in enumerate(flow.steps):
            name = step if isinstance(step, str) else step.step
            yield ("flows", place, "steps", at), name, trade.steps, "trade.yaml, under steps"
    for code in trade.orders.often:
        yield ("orders", "often", code), code, firms, "companies.csv"


def _names_are_filled(channel: Channel) -> None:
    """Every model has words for the placeholders of its family."""
    for path, place, family in _placed(channel):
        try:
            channel.items((family,))
        except (KeyError, IndexError, ValueError) as error:
            message = _("A model gives no word for a placeholder of its family: %(error)s") % {"error": error}
            raise Source(path, text_of(path)).refusal(message, (place, "models")) from error


def _files_are_there(channel: Channel) -> None:
    for item in channel.items():
        if item.picture:
            channel.file("pictures", f"{item.picture}.webp")
        if item.family.data_sheet:
            channel.file("data-sheets", item.family.data_sheet)
    for paper in channel.papers.values():
        channel.file("papers", paper.file)
    for figure in channel.handbooks.figures:
        channel.file("figures", f"{figure}.png")


def _texts(channel: Channel) -> None:
    """Products, attributes, documents, pictures and films that topics name; pages hold headings and words only."""
    skus = {item.sku for item in channel.items()}
    codes = {each.code for attributes in channel.catalogue.types.values() for each in attributes}
    known: dict[type, tuple[Collection[str], str]] = {
        Goods: (skus, "products/"),
        Attributes: (codes, "catalogue.yaml"),
        Papers: (channel.papers, "papers.yaml"),
        Figure: ({"", *channel.handbooks.figures}, "handbook.yaml, under figures"),
        Film: (channel.handbooks.figures, "handbook.yaml, under figures"),
    }
    for topic in channel.topics.values():
        for text in topic.texts.values():
            for block in text.body:
                _block(channel, text.path, block, known)
    for page in channel.pages.values():
        for text in page.values():
            for block in text.body:
                if block.kind not in ("heading", "text"):
                    raise problem(text.path, block.line, _("A page holds headings and text only."))


def _block(
    channel: Channel, path: Path, block: Block, known: Mapping[type, tuple[Collection[str], str]]
) -> None:
    for leaf in _leaves(block.value):
        names, where = known[type(leaf)]
        for name in [leaf.name] if isinstance(leaf, Figure | Film) else leaf[0]:
            if name not in names:
                message = _("“%(name)s” is not defined in %(file)s.") % {"name": name, "file": where}
                raise problem(path, block.line, message)
        if isinstance(leaf, Film):
            channel.file("films", f"{leaf.name}.webm")


def _leaves(value: Any) -> Iterator[Any]:
    """The names in a block's value."""
    if isinstance(value, Goods | Attributes | Papers | Figure | Film):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
