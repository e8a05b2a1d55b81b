"""Topics as Markdown: paragraphs, lists, headings, tables and pictures as usual, the other blocks as fences of YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .files import Part, Source, problem


class Rich(str):
    """HTML; ``topic:key`` as an address leads to another topic."""

    __slots__ = ()


class Goods(NamedTuple):
    """Products by SKU."""

    skus: tuple[str, ...]


class Attributes(NamedTuple):
    """Attributes of products by code."""

    codes: tuple[str, ...]


class Papers(NamedTuple):
    """Documents by name."""

    names: tuple[str, ...]


class Figure(NamedTuple):
    """A picture by name; empty: none."""

    name: str


class Film(NamedTuple):
    """A short film by the name of the figure it develops."""

    name: str


class Block(NamedTuple):
    """One block of a topic in one language, as the handbook takes it but for the names above; ``line``: its line."""

    kind: str
    value: Any
    line: int


# --- Fences -----------------------------------------------------------------------------------------------------------


class _Parameters(Part):
    caption: str
    products: str
    attributes: str

    def value(self) -> Any:
        return {
            "caption": self.caption,
            "products": _goods(self.products),
            "attributes": Attributes(tuple(self.attributes.split())),
        }


class _Step(Part):
    title: str
    text: str
    image: str = ""


class _Steps(Part):
    title: str
    steps: list[_Step]

    def value(self) -> Any:
        steps = [
            {"title": each.title, "text": rich(each.text), "image": Figure(each.image)} for each in self.steps
        ]
        return {"title": self.title, "steps": steps}


class _Warning(Part):
    level: Literal["note", "caution", "warning", "danger"]
    title: str
    text: str

    def value(self) -> Any:
        return {"level": self.level, "title": self.title, "text": rich(self.text)}


class _Question(Part):
    question: str
    answer: str


class _Faq(Part):
    questions: list[_Question]

    def value(self) -> Any:
        return {
            "questions": [{"question": each.question, "answer": rich(each.answer)} for each in self.questions]
        }


class _Downloads(Part):
    title: str
    documents: str

    def value(self) -> Any:
        return {"title": self.title, "documents": Papers(tuple(self.documents.split()))}


class _Video(Part):
    film: str
    caption: str
    transcript: str

    def value(self) -> Any:
        return {
            "document": Film(self.film),
            "poster": Figure(self.film),
            "caption": self.caption,
            "transcript": rich(self.transcript),
        }


class _Products(Part):
    title: str
    products: str

    def value(self) -> Any:
        return {"title": self.title, "products": _goods(self.products)}


class _Script(Part):
    customer_says: str
    answer: str
    why: str
    products: str = ""

    def value(self) -> Any:
        return {
            "customer_says": self.customer_says,
            "answer": rich(self.answer),
            "why": self.why,
            "products": _goods(self.products),
        }


_FENCES: dict[str, type[Any]] = {
    "parameters": _Parameters,
    "steps": _Steps,
    "warning": _Warning,
    "faq": _Faq,
    "downloads": _Downloads,
    "video": _Video,
    "products": _Products,
    "script": _Script,
}


def _goods(skus: str) -> Goods:
    return Goods(tuple(skus.split()))


# --- Reading ----------------------------------------------------------------------------------------------------------


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": True}).enable("table")
    for token, tag in (("strong", "b"), ("em", "i")):
        made.add_render_rule(f"{token}_open", _tag(f"<{tag}>"))
        made.add_render_rule(f"{token}_close", _tag(f"</{tag}>"))
    return made


def _tag(html: str) -> Callable[..., str]:
    return lambda *given, **more: html


_MARKDOWN = _parser()


def rich(text: str) -> Rich:
    """Markdown as the HTML that editors' rich text holds: ``<b>``, ``<i>``, lists, links; one line.

    >>> rich("**Dead** first.")
    '<p><b>Dead</b> first.</p>'
    """
    return Rich(_html(_MARKDOWN.parse(text)))


def _html(tokens: Sequence[Token]) -> str:
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return html.replace(">\n", ">").replace("\n<", "<").replace("\n", " ").strip()


def blocks(path: Path, text: str, above: int) -> list[Block]:
    """The blocks of a body whose first line stands below ``above`` lines of the file.

    Paragraphs that follow each other are one text; each list is one.

    :raises core.Refusal: ``demo_invalid``, naming file and line.
    """
    found: list[Block] = []
    run: list[Token] = []

    def end_run() -> None:
        if run:
            found.append(Block("text", Rich(_html(run)), _line(run[0], above)))
            run.clear()

    for part in _parts(_MARKDOWN.parse(text)):
        if part[0].type == "paragraph_open" and not _picture(part):
            run.extend(part)
            continue
        end_run()
        found.append(_block(path, part, above, found))
        if found[-1].kind == "caption":
            _caption(path, found)
    end_run()
    return found


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each block of the top level; a line beginning with a colon is a part of its own."""
    part: list[Token] = []
    for token in tokens:
        part.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield part
            part = []


def _line(token: Token, above: int) -> int:
    return above + (token.map[0] if token.map else 0) + 1


def _picture(part: Sequence[Token]) -> bool:
    children = part[1].children or []
    return part[1].content.startswith(": ") or len(children) == 1 and children[0].type == "image"


def _block(path: Path, part: Sequence[Token], above: int, before: Sequence[Block]) -> Block:
    first, line = part[0], _line(part[0], above)
    if first.type == "paragraph_open":
        return _picture_or_caption(part, line)
    if first.type == "heading_open":
        return Block("heading", {"text": part[1].content, "level": first.tag[1:]}, line)
    if first.type in ("bullet_list_open", "ordered_list_open"):
        return Block("text", Rich(_html(part)), line)
    if first.type == "table_open":
        return Block("table", _table(path, part, above), line)
    if first.type == "fence" and first.info.strip() in _FENCES:
        kind = first.info.strip()
        return Block(kind, Source(path, first.content, line).read(_FENCES[kind]).value(), line)
    named = first.info.strip() if first.type == "fence" else first.type.removesuffix("_open")
    message = _("A topic has no block “%(name)s”. Fences are: %(known)s.")
    raise problem(path, line, message % {"name": named, "known": ", ".join(_FENCES)})


def _picture_or_caption(part: Sequence[Token], line: int) -> Block:
    if part[1].content.startswith(": "):
        return Block("caption", part[1].content.removeprefix(": "), line)
    image = (part[1].children or [])[0]
    return Block("drawing", {"image": Figure(str(image.attrs["src"])), "caption": image.content}, line)


def _caption(path: Path, found: list[Block]) -> None:
    """A line ``: words`` below a table is its caption."""
    caption = found.pop()
    if not found or found[-1].kind != "table":
        raise problem(
            path,
            caption.line,
            _("A line that begins with a colon is the caption of the table above it; there is no table."),
        )
    found[-1].value["caption"] = caption.value


def _table(path: Path, part: Sequence[Token], above: int) -> dict[str, Any]:
    """Columns set to the right hold numbers."""
    columns, rows = [], []
    for place, token in enumerate(part):
        if token.type == "th_open":
            kind = "number" if "right" in str(token.attrs.get("style", "")) else "text"
            columns.append((kind, part[place + 1].content))
        elif token.type == "tr_open":
            rows.append((_line(token, above), []))
        elif token.type == "td_open":
            rows[-1][1].append(part[place + 1].content)
    cells = [
        [_cell(path, line, kind, cell) for (kind, _name), cell in zip(columns, row, strict=True)]
        for line, row in rows[1:]
    ]
    return {"caption": "", "table": {"columns": columns, "rows": cells}}


def _cell(path: Path, line: int, kind: str, cell: str) -> Any:
    if kind == "text":
        return cell
    try:
        return int(cell) if cell.lstrip("-").isdigit() else float(cell)
    except ValueError:
        raise problem(path, line, _("“%(cell)s” is not a number.") % {"cell": cell}) from None
