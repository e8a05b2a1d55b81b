"""Documents as the search knows and shows them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from qudao_core.viewer import Viewer
from qudao_search import hooks as search
from qudao_search.hooks import Card, Document, FacetText
from wagtail.documents import get_document_model
from wagtail.models import Collection as WagtailCollection

from ..hooks import DocumentAccessRule
from .access import AUDIENCE, access_rules, attachments, may_open, open_access_rules

#: A rule that no audience meets, only the right to edit content.
EDITORS = search.AccessRule(AUDIENCE, frozenset({"content-editors"}))
FORMATS = {
    "pdf": "PDF",
    "docx": "Word",
    "xlsx": "Excel",
    "pptx": "PowerPoint",
    "txt": gettext_lazy("Text"),
}
_MOST_CODES = 12
_COLUMNS = (
    "pk",
    "title",
    "file",
    "created_at",
    "collection_id",
    "collection__depth",
    "qudao_text__format",
    "qudao_text__language",
    "qudao_text__text",
)


class DocumentSource:
    """Wagtail's documents: by title, by file name, and by the text that stands in them."""

    label = gettext_lazy("Documents")
    icon = "file-text"

    def items(self) -> Iterable[str]:
        """Every document."""
        rows = get_document_model().objects.order_by("pk").values_list("pk", flat=True)
        return (str(pk) for pk in rows.iterator(chunk_size=5000))

    def documents(self, items: Sequence[str]) -> Iterator[Document]:
        """Six statements and those of the plugins that attach documents; texts are read a few at a time.

        Documents behind a password are not found by anybody.
        """
        found = access_rules(_ids(items))
        rows = get_document_model().objects.filter(pk__in=found).order_by("pk").values_list(*_COLUMNS)
        for row in rows.iterator(chunk_size=50):
            yield _document(row, found[row[0]])

    def cards(self, reader: Viewer, items: Sequence[str], request: Any = None) -> dict[str, Card]:
        """Those that the reader may open now, with what they are attached to as far as that is open, too."""
        ids = may_open(reader, _ids(items))
        rows = get_document_model().objects.filter(pk__in=ids).select_related("qudao_text")
        attached = _open_places(reader, ids)
        return {
            str(row.pk): _card(row, attached.get(row.pk, ()), reader.language, request)
            for row in rows.defer("qudao_text__text")
        }

    def facet_texts(self, reader: Viewer, facets: Mapping[str, Collection[str]]) -> dict[str, FacetText]:
        """Names of formats and collections; one statement at most."""
        found = {}
        if "format" in facets:
            names = {each: str(FORMATS.get(each, each.upper())) for each in facets["format"]}
            found["format"] = FacetText(_("Format"), names)
        if "collection" in facets:
            rows = WagtailCollection.objects.filter(pk__in=_ids(facets["collection"])).order_by()
            names = {str(pk): name for pk, name in rows.values_list("pk", "name")}
            found["collection"] = FacetText(_("Collection"), names)
        return found


def _ids(items: Iterable[str]) -> list[int]:
    return [int(item) for item in items if item.isdecimal()]


def _document(row: tuple[Any, ...], found: Iterable[DocumentAccessRule]) -> Document:
    pk, title, file, created_at, collection, depth, kind, language, text = row
    facets = {"format": (kind or _extension(file),)}
    if depth > 1:
        facets["collection"] = (str(collection),)
    return Document(
        item=str(pk),
        titles={"": title},
        codes=codes(file),
        texts={language: text} if text else {},
        facets={key: values for key, values in facets.items() if all(values)},
        access=(*dict.fromkeys(search.AccessRule(rule.policy, rule.tokens) for rule in found), EDITORS),
        dated_at=created_at,
    )


def codes(file_name: str) -> tuple[str, ...]:
    """Part numbers that a file name may hold: its stem, and the pieces of it that have a digit.

    >>> codes("documents/LP-600_data sheet_2024.pdf")
    ('LP-600_data sheet_2024', 'LP-600', '2024')
    """
    stem = posixpath.splitext(posixpath.basename(file_name))[0]
    pieces = [each for each in re.split(r"[_\s]+", stem) if len(each) > 2 and re.search(r"\d", each)]
    return tuple(dict.fromkeys([stem, *pieces]))[:_MOST_CODES]


def _extension(file_name: str) -> str:
    return posixpath.splitext(file_name)[1][1:8].lower()


def _open_places(reader: Viewer, ids: Iterable[int]) -> dict[int, tuple[DocumentAccessRule, ...]]:
    found = attachments(ids)
    opened = open_access_rules(
        reader, {(rule.policy, rule.tokens) for each in found.values() for rule in each}
    )
    return {
        pk: tuple(rule for rule in each if (rule.policy, rule.tokens) in opened) for pk, each in found.items()
    }


def _card(row: Any, attached: Sequence[DocumentAccessRule], language: str, request: Any) -> Card:
    text = getattr(row, "qudao_text", None)
    kind = (text and text.format) or _extension(row.file.name)
    pages = text.pages if text else 0
    url = row.url
    links = [{"name": _name(rule, language), "url": rule.url} for rule in attached]
    return Card(
        title=row.title,
        url=url,
        summary=_summary(kind, row.file_size, pages),
        path=_place(dict.fromkeys(link["name"] for link in links)),
        icon=DocumentSource.icon,
        data={
            "id": row.pk,
            "title": row.title,
            "url": request.build_absolute_uri(url) if request is not None else url,
            "format": kind,
            "size": row.file_size,
            "pages": pages or None,
            "belongs_to": links,
        },
    )


def _place(names: Collection[str]) -> tuple[str, ...]:
    """What it belongs to, in a word: the first of the things, and how many more there are."""
    if len(names) < 2:
        return tuple(names)
    return (_("%(name)s and %(count)d more") % {"name": next(iter(names)), "count": len(names) - 1},)


def _name(rule: DocumentAccessRule, language: str) -> str:
    return rule.names.get(language) or next(iter(rule.names.values()))


def _summary(kind: str, size: int | None, pages: int) -> str:
    parts = [str(FORMATS.get(kind, kind.upper()))]
    if pages and kind == "pdf":
        parts.append(ngettext("%(count)d page", "%(count)d pages", pages) % {"count": pages})
    if size:
        parts.append(filesizeformat(size))
    return " · ".join(parts)
