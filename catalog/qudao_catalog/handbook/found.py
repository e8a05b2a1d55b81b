"""Topics as the search knows and shows them: an entry for each language's page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qudao_partner_portal import api as portal
from qudao_search.hooks import AccessRule, Card, Document, FacetText

from ..products.models import ProductProfile
from .bodies import plain_text, raw_of
from .models import Kind, TopicPage, TopicProduct
from .queries import handbooks
from .rules import TOPIC, Node, Seen, Version
from .tree import address, shelf

POLICY = "audience"
ICON = "book-open"
#: Of a product and a guide that are called the same the product comes first; a question finds the guide anyway.
BEHIND_PRODUCTS = 0.8


@dataclass(frozen=True, slots=True)
class Place:
    """A topic's version among the handbooks: its node, and what stands above it."""

    version: Version
    node: Node
    above: tuple[Node, ...]


class TopicSource:
    """Published topics of every handbook."""

    label = gettext_lazy("Handbook")
    icon = ICON
    #: Topics come first where a question was asked.
    answers = True

    def items(self) -> Iterable[str]:
        """Every published topic page."""
        return (str(pk) for pk in places_of(shelf().handbooks))

    def documents(self, items: Sequence[str]) -> Iterator[Document]:
        """What the live pages say; three statements beside those of the tree."""
        places = places_of(shelf().handbooks)
        wanted = {int(item): places[int(item)] for item in items if item.isdecimal() and int(item) in places}
        words = _product_words(wanted)
        for page in TopicPage.objects.filter(pk__in=wanted).order_by("pk"):
            place = wanted[page.pk]
            doors = doors_of(place)
            if doors is not None:
                yield _document(page, place, doors, words.get(page.pk, ()))

    def cards(self, reader: Any, items: Sequence[str], request: Any = None) -> dict[str, Card]:
        """Topics the reader may open now, in the version the reader is shown; no statement while nothing changed."""
        wanted = set(items)
        found = (each for tree in handbooks(reader) for each in tree.topics)
        return {str(each.id): _card(each, request) for each in found if str(each.id) in wanted}

    def facet_texts(self, reader: Any, facets: Mapping[str, Collection[str]]) -> dict[str, FacetText]:
        """Handbooks and chapters by the titles the reader sees, kinds by their names."""
        trees = handbooks(reader)
        titles = {
            str(each.source_id): each.title for tree in trees for each in tree.walk() if each.type != TOPIC
        }
        kinds = {value: str(label) for value, label in Kind.choices}
        known = {
            "handbook": (_("Handbook"), titles),
            "chapter": (_("Chapter"), titles),
            "topic_kind": (_("Kind of topic"), kinds),
        }
        return {
            key: FacetText(known[key][0], {one: known[key][1][one] for one in values if one in known[key][1]})
            for key, values in facets.items()
            if key in known
        }


def places_of(trees: Iterable[Node], above: tuple[Node, ...] = ()) -> dict[int, Place]:
    found: dict[int, Place] = {}
    for node in trees:
        if node.type == TOPIC:
            found |= {each.page_id: Place(each, node, above) for each in node.versions.values()}
        else:
            found |= places_of(node.children, (*above, node))
    return found


def doors_of(place: Place) -> frozenset[str] | None:
    """What opens a version: its own doors and the original's, which say the same unless somebody changed one only."""
    own, original = place.version.doors, place.node.source.doors
    if own is None or original is None:
        return None
    keys, asked = portal.keys_and_restrictions(own)
    source_keys, source_asked = portal.keys_and_restrictions(original)
    return (keys & source_keys) | asked | source_asked


def _document(page: TopicPage, place: Place, doors: frozenset[str], products: Sequence[str]) -> Document:
    language = place.version.language
    titles = [node.version(language).title for node in place.above]
    return Document(
        item=str(page.pk),
        titles={language: page.title},
        access=(AccessRule(POLICY, doors),),
        texts={language: "\n".join(part for part in (page.summary, plain_text(raw_of(page.body))) if part)},
        keywords=(*page.words, *titles, *products),
        facets={
            "handbook": (str(place.above[0].source.page_id),),
            "chapter": tuple(str(node.source.page_id) for node in place.above[1:]),
            "topic_kind": (page.kind,),
        },
        languages=_languages(place),
        boost=BEHIND_PRODUCTS,
        dated_at=page.last_published_at,
    )


def _languages(place: Place) -> tuple[str, ...]:
    """The version's own language; the original also stands in for those that have no version."""
    own = place.version.language
    if place.version is not place.node.source:
        return (own,)
    others = (code for code, _name in settings.LANGUAGES if code not in place.node.versions)
    return (own, *others)


def _product_words(topics: Iterable[int]) -> dict[int, list[str]]:
    """SKUs and names of the products each topic is about or mentions; two statements."""
    rows = list(TopicProduct.objects.filter(topic_id__in=topics).values_list("topic_id", "product_id"))
    profiles = ProductProfile.objects.filter(pk__in={product_id for _topic, product_id in rows}).order_by()
    names: dict[int, list[str]] = {}
    columns = ("pk", "sku", "product__title", "product__parent__title", "product__translations__title")
    for pk, *words in profiles.values_list(*columns):
        names.setdefault(pk, []).extend(word for word in words if word)
    found: dict[int, list[str]] = {}
    for topic_id, product_id in rows:
        found.setdefault(topic_id, []).extend(dict.fromkeys(names.get(product_id, ())))
    return found


def _card(seen: Seen, request: Any) -> Card:
    url = address(seen.url_path)
    return Card(
        title=seen.title,
        url=url,
        summary=seen.summary,
        path=tuple(each.title for each in seen.above),
        icon=ICON,
        data={
            "id": seen.source_id,
            "title": seen.title,
            "summary": seen.summary,
            "kind": seen.kind,
            "language": seen.language,
            "path": [each.title for each in seen.above],
            "url": request.build_absolute_uri(url) if request is not None else url,
        },
    )
