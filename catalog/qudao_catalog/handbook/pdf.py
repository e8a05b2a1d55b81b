"""PDFs of handbooks: what they hold, and when they are made."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from qudao_core import api as core
from qudao_core import conf as core_conf
from qudao_core.exports import services as exports
from qudao_core.exports.rules import file_name

from . import queries, rules
from .content import Block, resolve
from .models import HandbookExport, Kind
from .queries import node_url, topic_pages
from .rules import CHAPTER, TOPIC, VisibleNode, depth, inner_links

#: Topics whose blocks are read together, and after which the reader hears how far it is.
BATCH = 5
#: Where blocks hold rich text, and the parts that hold it.
RICH = ("html", "why", "transcript")
#: Kinds of tables: where their rows are, and how many a page surely holds.
MOST_ROWS = {"table": ("rows", 12), "parameters": ("products", 8)}
Progress = Callable[[int], None]


def make(viewer: core.Viewer, root: VisibleNode, *, progress: Progress = lambda done: None) -> bytes:
    """The PDF of everything at and below ``root``, which was read through the viewer, in the viewer's language.

    ``progress`` hears how many topics have been written.

    :raises core.Refusal: ``pdf_unavailable``.
    """
    with override(viewer.language):
        context = book(viewer, root, progress)
        return core.render_pdf(render_to_string("qudao_catalog/handbook/pdf/book.html", context))


def book(viewer: core.Viewer, root: VisibleNode, progress: Progress = lambda done: None) -> dict[str, Any]:
    """What the template shows: a title, and sections in reading order."""
    pages = list(root.walk())
    anchors = {node_url(each): _anchor(each) for each in pages}
    blocks = dict(_blocks(viewer, [each for each in pages if each.type == TOPIC], anchors, progress))
    return {
        "root": root,
        "is_topic": root.type == TOPIC,
        "handbook": root.handbook.title,
        "sections": [_section(each, root, blocks.get(each.id, [])) for each in pages],
        "reader": viewer.company_name or viewer.user_name,
        "day": timezone.localdate(),
        "address": core_conf.base_url() + node_url(root),
    }


def _section(seen: VisibleNode, root: VisibleNode, blocks: list[Block]) -> dict[str, Any]:
    return {
        "seen": seen,
        "type": seen.type,
        "anchor": _anchor(seen),
        "depth": depth(seen, root),
        "level": min(depth(seen, root) + 1, 4),
        "kind": str(Kind(seen.kind).label) if seen.kind else "",
        "blocks": blocks,
        "is_chapter": seen.type == CHAPTER,
    }


def _blocks(
    viewer: core.Viewer, topics: Sequence[VisibleNode], anchors: Mapping[str, str], progress: Progress
) -> Iterator[tuple[int, list[Block]]]:
    done = 0
    base = core_conf.base_url()
    for start in range(0, len(topics), BATCH):
        some = topics[start : start + BATCH]
        pages = topic_pages(each.id for each in some)
        found = resolve(viewer, list(pages.values()))
        for page_id, body in found.items():
            yield page_id, [_on_paper(_printed(block, anchors, base)) for block in body.blocks]
        done += len(some)
        progress(done)


def _printed(block: Block, anchors: Mapping[str, str], base: str) -> Block:
    """A block on paper: pictures inside, links that lead inside the document or to the site."""
    printed = dict(block)
    for key in RICH:
        if printed.get(key):
            printed[key] = inner_links(printed[key], anchors, base)
    for key in ("image", "poster"):
        if printed.get(key):
            printed[key] = _inside(printed[key])
    for key in ("steps", "questions"):
        if printed.get(key):
            printed[key] = [_printed(part, anchors, base) for part in printed[key]]
    return printed


def _on_paper(block: Block) -> Block:
    """The block with its template. A table that fits on a page is kept on one."""
    kind = str(block["type"])
    shown = dict(block)
    shown["template"] = f"qudao_catalog/handbook/pdf/blocks/{kind}.html"
    if kind in MOST_ROWS:
        rows, most = MOST_ROWS[kind]
        shown["is_short"] = len(shown[rows]) <= most
    if kind == "heading":
        shown["tag"] = "h4" if shown.get("level") == 2 else "h5"
    return shown


def _inside(picture: Mapping[str, Any]) -> dict[str, Any] | None:
    """The picture with its bytes in its address; ``None`` when the file is gone."""
    rendition = picture["file"]
    try:
        with rendition.file.open("rb") as file:
            content = file.read()
    except OSError:
        return None
    kind = "svg+xml" if rendition.file.name.endswith(".svg") else rendition.file.name.rpartition(".")[2]
    return {**picture, "data": f"data:image/{kind};base64,{base64.b64encode(content).decode()}"}


def _anchor(seen: VisibleNode) -> str:
    return f"p{seen.id}"


REQUESTED = "handbook.export_requested"


def request_export(*, viewer: core.Viewer, page_id: int, scope: str) -> HandbookExport:
    """Have a topic, a chapter or a handbook made into a PDF, as the viewer sees it now.

    Asking again finds the same one.

    Side effects: event ``handbook.export_requested``, whose handler makes the file.

    :raises core.NotFound: no such page for this viewer.
    :raises core.Refusal: ``pdf_unavailable``, ``nothing_to_print``, ``too_long``, ``too_many_exports``.
    """
    seen = queries.exportable_node(viewer, page_id, scope)
    _require_fit(len(seen.topics))
    return exports.request_export(
        kind=HANDBOOKS,
        viewer=viewer,
        fingerprint=queries.pdf_fingerprint(viewer, seen, scope),
        page_id=seen.source_id,
        scope=scope,
        title=seen.title,
        total=len(seen.topics),
    )


def make_export(*, export_id: int) -> None:
    """Make the file of an export, unless it is made or being made. Side effects: the file."""
    exports.make_export(kind=HANDBOOKS, export_id=export_id)


def forget_exports() -> int:
    """Delete PDFs whose time is over, with their files; called once a day. Returns how many."""
    return exports.delete_expired_exports(kind=HANDBOOKS)


def _require_fit(topics: int) -> None:
    core.require_pdf()
    if not topics:
        raise core.Refusal("nothing_to_print", _("There is nothing to read in this part yet."))
    if topics > rules.MOST_TOPICS:
        raise core.Refusal(
            "too_long",
            _("A PDF holds at most %(most)d topics.") % {"most": rules.MOST_TOPICS},
            remedy=_("Create one chapter at a time."),
        )


def _make(export: HandbookExport, viewer: core.Viewer, progress: exports.Progress) -> exports.ExportResult:
    root = queries.exportable_node(viewer, export.page_id, export.scope)
    content = make(viewer, root, progress=progress)
    topics = [each.source_id for each in root.topics]
    return exports.ExportResult(content, file_name(root.title), {"topics": topics, "total": len(topics)})


HANDBOOKS = exports.ExportKind(
    model=HandbookExport,
    topic=REQUESTED,
    aggregate="handbook-export",
    make=_make,
    failed=_("The PDF could not be created. Try a single chapter, or ask the operator to check the log."),
)
handle_event = exports.export_event_handler(HANDBOOKS)
