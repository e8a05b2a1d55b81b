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

AccessRules = dict[int, tuple[DocumentAccessRule, ...]]


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


def access_rules(document_ids: Iterable[int]) -> AccessRules:
    """The access rules of each document that exists, with the restrictions of its collection built in.

    None for those nobody has aimed; documents behind a password are left out.
    """
    ids = list(dict.fromkeys(document_ids))
    said = declared_rules(ids)
    return {
        pk: tuple(_restricted(rule, asked) for rule in said.get(pk, ()))
        for pk, asked in _restrictions(ids).items()
        if asked is not None
    }


def declared_rules(document_ids: Iterable[int]) -> AccessRules:
    """The access rules that editors made, by audience or by attaching; documents nobody has aimed are left out.

    Attached to things that are open to nobody (a draft, a product that is not public) a document has no rule.
    """
    ids = list(dict.fromkeys(document_ids))
    rows = DocumentAudience.objects.filter(pk__in=ids).order_by().values_list("pk", "audience_keys")
    own: AccessRules = {pk: (DocumentAccessRule(AUDIENCE, frozenset(keys)),) for pk, keys in rows}
    found: dict[int, list[DocumentAccessRule]] = defaultdict(list)
    rest = [pk for pk in ids if pk not in own]
    for provider in document_access if rest else ():
        for pk, each in provider(rest).items():
            found[pk] += each
    return own | {pk: tuple(each) for pk, each in found.items()}


def attachments(document_ids: Iterable[int]) -> AccessRules:
    """What each document is attached to, whoever it is for: access rules with a name."""
    found: dict[int, list[DocumentAccessRule]] = defaultdict(list)
    ids = list(document_ids)
    for provider in document_access:
        for pk, each in provider(ids).items():
            found[pk] += [rule for rule in each if rule.names]
    return {pk: tuple(each) for pk, each in found.items()}


def open_by(viewer: Viewer, found: AccessRules) -> set[int]:
    """The documents of which one of these access rules is open to the viewer."""
    opened = open_access_rules(
        viewer, {(rule.policy, rule.tokens) for each in found.values() for rule in each}
    )
    return {pk for pk, each in found.items() if any((rule.policy, rule.tokens) in opened for rule in each)}


def open_access_rules(
    viewer: Viewer, asked: Iterable[tuple[str, frozenset[str]]]
) -> set[tuple[str, frozenset[str]]]:
    """Those of the access rules (policy, tokens) that are open; every policy is asked once.

    An unknown policy opens nothing.
    """
    by_policy: dict[str, list[frozenset[str]]] = defaultdict(list)
    for policy, tokens in sorted(set(asked), key=lambda rule: (rule[0], sorted(rule[1]))):
        by_policy[policy].append(tokens)
    opened = set()
    for name, each in by_policy.items():
        policy = search.policies.get(name)
        answers = policy(viewer, each) if policy else [False] * len(each)
        opened |= {(name, tokens) for tokens, is_open in zip(each, answers, strict=True) if is_open}
    return opened


# --- Restrictions of collections ---


def open_restricted(viewer: Viewer, asked: Sequence[frozenset[str]]) -> list[bool]:
    """The search's policy ``restricted``: another policy's rule, behind restrictions of a collection.

    Tokens are ``policy/token``; those of ``restriction`` are the restrictions.
    """
    parted = [rules.split_tokens(tokens) for tokens in asked]
    opened = open_access_rules(viewer, [(rule.policy, rule.tokens) for rule in parted])
    reading = AccessCheck(viewer)
    return [(rule.policy, rule.tokens) in opened and reading.meets(rule.restrictions) for rule in parted]


def collection_restrictions(document_id: int) -> frozenset[str]:
    """What Wagtail's restrictions of the document's collection ask for, but for a password, which it asks itself."""
    return _restrictions([document_id]).get(document_id) or frozenset()


def _restricted(rule: DocumentAccessRule, asked: frozenset[str]) -> DocumentAccessRule:
    if not asked:
        return rule
    if rule.policy == AUDIENCE:
        return DocumentAccessRule(AUDIENCE, rule.tokens | asked, rule.names, rule.url)
    tokens = rules.join_tokens(rule.policy, rule.tokens, asked)
    return DocumentAccessRule(RESTRICTED, tokens, rule.names, rule.url)


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
