"""Who may open a document. One answer for its address, for the search and for whatever lists documents.

In this order: a document with an audience of its own is for those; else one that is attached to something (a product,
a handbook topic) opens with it; else nobody has said whom it is for: then its address is Wagtail's business, as
without us, and no search finds it but that of people who edit content. Restrictions of its collection hold always.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from qudao_core.viewer import Viewer
from qudao_search import hooks as search
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from ..access import rules
from ..access.queries import AccessCheck, restriction_tokens, sees_all_content
from ..hooks import DocumentAccessRule, document_access
from .models import DocumentAudience

AUDIENCE, RESTRICTED = "audience", "restricted"

DocumentRules = dict[int, tuple[DocumentAccessRule, ...]]


def may_open(viewer: Viewer, document_ids: Iterable[int]) -> set[int]:
    """Those of the documents that the viewer may open now; a constant number of statements.

    Documents nobody has aimed are left out. Who edits content and acts for no company may open every one.
    """
    ids = list(dict.fromkeys(document_ids))
    if sees_all_content(viewer):
        return set(get_document_model().objects.filter(pk__in=ids).order_by().values_list("pk", flat=True))
    return open_by(viewer, access_rules(ids))


def is_for(viewer: Viewer, audience: DocumentAudience | None) -> bool:
    """Whether a document with this audience of its own (or none) is not kept from the viewer by it.

    For lists of what is attached to a thing the viewer sees; restrictions of collections are asked when it is opened.
    """
    return audience is None or AccessCheck(viewer).is_open(frozenset(audience.audience_keys))


def access_rules(document_ids: Iterable[int]) -> DocumentRules:
    """The doors of each document that exists, with the restrictions of its collection built in.

    None for those nobody has aimed; documents behind a password are left out.
    """
    ids = list(dict.fromkeys(document_ids))
    said = declared_rules(ids)
    return {
        pk: tuple(_restricted(door, asked) for door in said.get(pk, ()))
        for pk, asked in _restrictions(ids).items()
        if asked is not None
    }


def declared_rules(document_ids: Iterable[int]) -> DocumentRules:
    """The doors that editors made, by audience or by attaching; documents nobody has aimed are left out.

    Attached to things that are open to nobody (a draft, a product that is not public) a document has no door.
    """
    ids = list(dict.fromkeys(document_ids))
    rows = DocumentAudience.objects.filter(pk__in=ids).order_by().values_list("pk", "audience_keys")
    own: DocumentRules = {pk: (DocumentAccessRule(AUDIENCE, frozenset(keys)),) for pk, keys in rows}
    found: dict[int, list[DocumentAccessRule]] = defaultdict(list)
    rest = [pk for pk in ids if pk not in own]
    for provider in document_access if rest else ():
        for pk, each in provider(rest).items():
            found[pk] += each
    return own | {pk: tuple(each) for pk, each in found.items()}


def attachments(document_ids: Iterable[int]) -> DocumentRules:
    """What each document is attached to, whoever it is for: doors with a name."""
    found: dict[int, list[DocumentAccessRule]] = defaultdict(list)
    ids = list(document_ids)
    for provider in document_access:
        for pk, each in provider(ids).items():
            found[pk] += [door for door in each if door.names]
    return {pk: tuple(each) for pk, each in found.items()}


def open_by(viewer: Viewer, found: DocumentRules) -> set[int]:
    """The documents of which one of these doors is open to the viewer."""
    stand_open = open_doors(viewer, {(door.policy, door.tokens) for each in found.values() for door in each})
    return {
        pk for pk, each in found.items() if any((door.policy, door.tokens) in stand_open for door in each)
    }


def open_doors(
    viewer: Viewer, asked: Iterable[tuple[str, frozenset[str]]]
) -> set[tuple[str, frozenset[str]]]:
    """Those of the doors (policy, tokens) that are open; every policy is asked once. An unknown one opens nothing."""
    by_policy: dict[str, list[frozenset[str]]] = defaultdict(list)
    for policy, tokens in sorted(set(asked), key=lambda door: (door[0], sorted(door[1]))):
        by_policy[policy].append(tokens)
    stand_open = set()
    for name, each in by_policy.items():
        policy = search.policies.get(name)
        answers = policy(viewer, each) if policy else [False] * len(each)
        stand_open |= {(name, tokens) for tokens, is_open in zip(each, answers, strict=True) if is_open}
    return stand_open


# --- Restrictions of collections ---


def open_restricted(viewer: Viewer, asked: Sequence[frozenset[str]]) -> list[bool]:
    """The search's policy ``restricted``: another policy's door, behind restrictions of a collection.

    Tokens are ``policy/token``; those of ``restriction`` are the restrictions.
    """
    parted = [rules.split_tokens(tokens) for tokens in asked]
    stand_open = open_doors(viewer, [(door.policy, door.tokens) for door in parted])
    reading = AccessCheck(viewer)
    return [(door.policy, door.tokens) in stand_open and reading.meets(door.restrictions) for door in parted]


def collection_restrictions(document_id: int) -> frozenset[str]:
    """What Wagtail's restrictions of the document's collection ask for, but for a password, which it asks itself."""
    return _restrictions([document_id]).get(document_id) or frozenset()


def _restricted(door: DocumentAccessRule, asked: frozenset[str]) -> DocumentAccessRule:
    if not asked:
        return door
    if door.policy == AUDIENCE:
        return DocumentAccessRule(AUDIENCE, door.tokens | asked, door.names, door.url)
    tokens = rules.join_tokens(door.policy, door.tokens, asked)
    return DocumentAccessRule(RESTRICTED, tokens, door.names, door.url)


def _restrictions(document_ids: Sequence[int]) -> dict[int, frozenset[str] | None]:
    """Document → tokens its collection's restrictions ask for (``None`` behind a password); two or three statements."""
    rows = get_document_model().objects.filter(pk__in=document_ids).order_by()
    paths = dict(rows.values_list("pk", "collection__path"))
    above = rules.with_ancestors(set(paths.values()), Collection.steplen)
    found: dict[str, list[CollectionViewRestriction]] = defaultdict(list)
    restrictions = CollectionViewRestriction.objects.filter(collection__path__in=above)
    for row in restrictions.select_related("collection").prefetch_related("groups"):
        found[row.collection.path].append(row)
    return {
        pk: restriction_tokens(
            row for each in rules.along(path, Collection.steplen) for row in found.get(each, ())
        )
        for pk, path in paths.items()
    }
