"""Pages in the search, and the documents that they offer or link to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy
from qudao_core.viewer import Viewer
from qudao_search.hooks import AccessRule, Card, Document, FacetText
from wagtail.documents import get_document_model
from wagtail.models import Locale, Page, ReferenceIndex
from wagtail.search import index

from ..access import rules
from ..hooks import DocumentAccessRule, page_sources
from .audience import audience_along_tree, may_open_pages, page_access_tokens
from .models import ContentPage

KIND = "page"

_TAGS = re.compile(r"<[^>]*>")

#: Their words stand in the title already, or are no words to search.
_NOT_TEXT = {"title", "draft_title"}


class PageSource:
    """Live pages of Wagtail."""

    label = gettext_lazy("Pages")
    icon = "file-text"

    def items(self) -> Iterable[str]:
        """Every page that is this source's to describe."""
        return (
            str(pk) for pk in ours().order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000)
        )

    def documents(self, items: Sequence[str]) -> Iterator[Document]:
        """Eight statements, and one for each page type among them."""
        pages = list(ours().filter(pk__in=_ids(items)).order_by("pk").specific())
        tokens = page_access_tokens(page.pk for page in pages)
        languages = _languages(pages)
        for page in pages:
            if page.pk in tokens:
                yield _document(page, tokens[page.pk], *languages[page.pk])

    def cards(self, reader: Viewer, items: Sequence[str], request: Any = None) -> dict[str, Card]:
        """Those that are live and open to the reader now, with the titles above them that are open, too."""
        pages = list(ours().filter(pk__in=_ids(items)).order_by())
        above = _above(pages)
        seen = may_open_pages(reader, [page.pk for page in pages] + [pk for pk, _title in above.values()])
        summaries = dict(ContentPage.objects.filter(pk__in=seen).order_by().values_list("pk", "summary"))
        titles = {path: title for path, (pk, title) in above.items() if pk in seen}
        return {
            str(page.pk): _card(page, summaries.get(page.pk, ""), titles, request)
            for page in pages
            if page.pk in seen
        }

    def facet_texts(self, reader: Viewer, facets: Mapping[str, Collection[str]]) -> dict[str, FacetText]:
        """Pages have no filters."""
        return {}


def ours() -> QuerySet[Page]:
    """Live pages that no other source claims. Bare pages have no words; aliases repeat those of another page."""
    claimed = Q(content_type__app_label="wagtailcore", content_type__model="page")
    for label, _kind in page_sources.items():
        app_label, _dot, model = label.partition(".")
        claimed |= Q(content_type__app_label=app_label, content_type__model=model)
    return Page.objects.live().filter(alias_of=None).exclude(claimed)  # type: ignore[no-any-return]


def kind_of(app_label: str, model: str) -> str:
    """The kind of source that describes pages of a type; empty for pages that are not to be found."""
    if (app_label, model) == ("wagtailcore", "page"):
        return ""
    claimed = page_sources.get(f"{app_label}.{model}")
    return KIND if claimed is None else claimed


def is_ours(page: Any) -> bool:
    model = apps.get_model(page._meta.label)
    return kind_of(model._meta.app_label, str(model._meta.model_name)) == KIND


def _ids(items: Iterable[str]) -> list[int]:
    return [int(item) for item in items if item.isdecimal()]


def _document(page: Any, tokens: frozenset[str], language: str, meant_for: tuple[str, ...]) -> Document:
    return Document(
        item=str(page.pk),
        titles={language: page.title},
        texts={language: "\n".join(words_of(page))},
        languages=meant_for,
        access=(AccessRule("audience", tokens),),
        dated_at=page.last_published_at,
    )


def words_of(page: Any) -> Iterator[str]:
    """The words of the fields that the page type declares as searchable, without markup."""
    for field in page.get_search_fields():
        if isinstance(field, index.SearchField) and field.field_name not in _NOT_TEXT:
            value = field.get_value(page)
            for each in value if isinstance(value, list | tuple) else [value]:
                text = _plain(each)
                if text:
                    yield text


def _plain(value: Any) -> str:
    return unescape(strip_tags(_TAGS.sub(" ", str(value)))).strip() if value else ""


def _languages(pages: Sequence[Any]) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Each page's language, and those it is meant for: its own, and all that have no page of their own; two statements.

    Of several translations the oldest language stands in for the missing ones.
    """
    codes = dict(Locale.objects.order_by("pk").values_list("pk", "language_code"))
    rows = Page.objects.live().filter(
        translation_key__in={page.translation_key for page in pages}, alias_of=None
    )
    present: dict[Any, set[int]] = defaultdict(set)
    for key, locale in rows.order_by().values_list("translation_key", "locale_id"):
        present[key].add(locale)
    found = {}
    for page in pages:
        there = present[page.translation_key]
        mine = {page.locale_id} | (set(codes) - there if page.locale_id == min(there) else set())
        everyone = mine >= set(codes)
        found[page.pk] = (codes[page.locale_id], () if everyone else tuple(codes[pk] for pk in sorted(mine)))
    return found


def _above(pages: Iterable[Any]) -> dict[str, tuple[int, str]]:
    """Path → id and title of every page above these, site roots excepted; one statement."""
    paths = rules.with_ancestors([page.path[: -Page.steplen] for page in pages], Page.steplen)
    rows = Page.objects.live().filter(path__in=paths, depth__gt=2).order_by()
    return {path: (pk, title) for path, pk, title in rows.values_list("path", "pk", "title")}


def _card(page: Any, summary: str, titles: Mapping[str, str], request: Any) -> Card:
    url = page.get_url(request) or ""
    path = [titles[each] for each in rules.along(page.path[: -Page.steplen], Page.steplen) if each in titles]
    data = {
        "id": page.pk,
        "title": page.title,
        "url": request.build_absolute_uri(url) if request is not None else url,
    }
    return Card(
        title=page.title,
        url=url,
        summary=summary or page.search_description,
        path=tuple(path),
        icon=PageSource.icon,
        data=data,
    )


def document_access(document_ids: Sequence[int]) -> Mapping[int, Sequence[DocumentAccessRule]]:
    """Access rules of the pages that refer to each document, by Wagtail's reference index; six statements at most.

    Drafts open nothing, but what they refer to is no longer nobody's. Pages whose type has a search source of its
    own give their access rules themselves. Pages in whose line nobody has an audience are left out: whom they are open
    to is Wagtail's business, and so are their documents.
    """
    found: dict[int, set[int]] = defaultdict(set)
    rows = references().filter(to_object_id__in=[str(pk) for pk in document_ids])
    for document_id, page_id in rows.values_list("to_object_id", "object_id"):
        found[int(page_id)].add(int(document_id))
    aimed = [pk for pk, keys in audience_along_tree(found).items() if keys is not None] if found else []
    tokens = page_access_tokens(aimed) if aimed else {}
    live = {page.pk: page for page in ours().filter(pk__in=tokens).select_related("locale")} if tokens else {}
    attached: dict[int, list[DocumentAccessRule]] = {pk: [] for page_id in aimed for pk in found[page_id]}
    for page_id, page in sorted(live.items()):
        for document_id in found[page_id]:
            attached[document_id].append(_access_rule(page, tokens[page_id]))
    return attached


def _access_rule(page: Any, tokens: frozenset[str]) -> DocumentAccessRule:
    return DocumentAccessRule(
        "audience", tokens, {page.locale.language_code: page.title}, page.get_url() or ""
    )


def references() -> Any:
    """What pages refer to documents."""
    types = ContentType.objects.get_for_models(get_document_model(), Page)
    return ReferenceIndex.objects.filter(
        to_content_type=types[get_document_model()], base_content_type=types[Page]
    ).order_by()


def documents_of(page_ids: Collection[int]) -> set[int]:
    """The documents these pages refer to; one statement."""
    rows = references().filter(object_id__in=[str(pk) for pk in page_ids])
    return {int(pk) for pk in rows.values_list("to_object_id", flat=True)}
