"""Handbooks as a viewer may know them: published pages whose audience opens to the reader, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_partner_portal import api as portal

from ..product_facts import ProductFacts
from ..products.queries import product_facts
from . import rules
from .models import TopicPage, TopicProduct
from .rules import CHAPTER, HANDBOOK, TOPIC, Seen, Version
from .tree import Shelf, address, shelf

#: Bounds of what the page of a product, or of a topic, shows.
MOST_TOPICS, MOST_PRODUCTS = 50, 50


def handbooks(
    viewer: core.Viewer, versions: core.Versions | None = None, *, admitted: Collection[int] = ()
) -> list[Seen]:
    """Every handbook the viewer sees something of, with its contents.

    No statement while the handbooks are unchanged, but for back-office people and group restrictions (one).

    :param admitted: ids of pages that were opened to the reader otherwise (Wagtail's password form).
    """
    return [each for each in _trees(viewer, shelf(versions), admitted) if each is not None]


def first_pages(viewer: core.Viewer, versions: core.Versions | None = None) -> list[Seen]:
    """The first page of every handbook the viewer sees something of, without its contents: for links on every page.

    A handbook is looked through only as far as the first page in it that is open. Statements: as :func:`handbooks`.
    """
    known = shelf(versions)
    is_open = _opens(viewer, known)
    seen = (node for node in known.handbooks if rules.is_seen(node, viewer.language, is_open))
    return [rules.seen_alone(node, viewer.language, is_open) for node in seen]


def get_page(
    viewer: core.Viewer,
    page_id: int,
    versions: core.Versions | None = None,
    *,
    admitted: Collection[int] = (),
    types: Sequence[str] = (HANDBOOK, CHAPTER, TOPIC),
) -> Seen:
    """The handbook, chapter or topic that a page (in any language) belongs to, as the viewer sees it.

    :raises core.NotFound: unknown, not published, or not for this viewer; all look the same.
    """
    known = shelf(versions)
    found = rules.find((each for each in _trees(viewer, known, admitted) if each), page_id, known.keys)
    if found is None or found.type not in types:
        raise not_found()
    return found


def get_handbook(viewer: core.Viewer, page_id: int, versions: core.Versions | None = None) -> Seen:
    """The handbook of that page id; as :func:`get_page`."""
    return get_page(viewer, page_id, versions, types=(HANDBOOK,))


def get_topic(viewer: core.Viewer, page_id: int, versions: core.Versions | None = None) -> Seen:
    """The topic of that page id; as :func:`get_page`."""
    return get_page(viewer, page_id, versions, types=(TOPIC,))


def contents_tree(viewer: core.Viewer, page_id: int, versions: core.Versions | None = None) -> Seen:
    """The whole handbook that a page belongs to, as the viewer sees it, with children.

    :raises core.NotFound: as :func:`get_page`.
    """
    seen = get_page(viewer, page_id, versions)
    return seen if not seen.above else get_page(viewer, seen.handbook.id, versions)


def neighbours(
    viewer: core.Viewer, page_id: int, versions: core.Versions | None = None
) -> tuple[Seen | None, Seen | None]:
    """What stands before and after a topic (or a chapter, or the handbook) in reading order.

    Handbook and chapters are pages of that order too.

    :raises core.NotFound: as :func:`get_page`.
    """
    seen = get_page(viewer, page_id, versions)
    tree = get_page(viewer, seen.handbook.id, versions)
    order = list(tree.walk())
    at = next(number for number, each in enumerate(order) if each.key == seen.key)
    before = order[at - 1] if at else None
    return before, order[at + 1] if at + 1 < len(order) else None


def topics_of_product(
    viewer: core.Viewer, product_id: int, versions: core.Versions | None = None
) -> list[tuple[str, Seen]]:
    """Topics about a product (or its family), then those that mention it: (role, topic). One statement.

    Whether the viewer may see the product is the caller's question.
    """
    known = shelf(versions)
    if not known.keys:
        return []
    mine = Q(product_id=product_id) | Q(product__product__children=product_id)
    rows = TopicProduct.objects.filter(mine).order_by().values_list("topic_id", "role")
    roles: dict[str, str] = {}
    for topic_id, role in rows:
        key = known.keys.get(topic_id)
        if key and roles.get(key) != TopicProduct.Role.ABOUT:
            roles[key] = role
    seen = (each for tree in _trees(viewer, known) if tree for each in tree.topics if each.key in roles)
    found = sorted(((roles[each.key], each) for each in seen), key=lambda pair: pair[0])
    return found[:MOST_TOPICS]


def products_of_topic(
    viewer: core.Viewer, page_id: int, versions: core.Versions | None = None
) -> list[tuple[str, ProductFacts]]:
    """Products a topic is about or mentions, those only that the viewer may see: (role, facts). Two statements.

    :raises core.NotFound: as :func:`get_page`.
    """
    versions = versions if versions is not None else core.Versions.read()
    seen = get_topic(viewer, page_id, versions)
    rows = TopicProduct.objects.filter(topic_id=seen.id).order_by("sort_order", "pk")
    roles = dict(rows.values_list("product_id", "role")[:MOST_PRODUCTS])
    facts = product_facts(viewer, roles, versions)
    return [(role, facts[pk]) for pk, role in roles.items() if pk in facts]


def bodies(pages: Iterable[int]) -> dict[int, TopicPage]:
    """The topic pages of these ids with their bodies and products, without asking who reads; two statements.

    For ids that :func:`get_page` and its kin have given.
    """
    return {page.pk: page for page in _with_products(pages)}


def _with_products(pages: Iterable[int]) -> Iterable[TopicPage]:
    return TopicPage.objects.filter(pk__in=set(pages)).select_related("locale").prefetch_related("products")


def url_of(seen: Seen) -> str:
    """Where a page is read: the same address in every language."""
    return address(seen.url_path)


def not_found() -> core.NotFound:
    """What is raised for an unknown page and for one the viewer may not see: they look the same."""
    return core.NotFound("topic_not_found", _("There is no such page in your handbook."))


def _trees(viewer: core.Viewer, known: Shelf, admitted: Collection[int] = ()) -> Iterable[Seen | None]:
    is_open = _opens(viewer, known, admitted)
    return [rules.shown(node, viewer.language, is_open) for node in known.handbooks]


def _opens(viewer: core.Viewer, known: Shelf, admitted: Collection[int] = ()) -> Callable[[Version], bool]:
    """Whether a version is open to the viewer. Every distinct door is judged once; one statement at most."""
    judged = zip(known.doors, portal.open_to_audience(viewer, known.doors), strict=True)
    opened = {door for door, is_open in judged if is_open}
    return lambda version: version.doors in opened or version.page_id in admitted
