"""What a document becomes when it is written down: its access rules, its group, its digest. Plain Python."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..hooks import AccessRule, Document

#: Raise it when :mod:`qudao_search.text` reads texts differently: every entry then counts as changed.
ANALYSIS = 1
LONGEST_ITEM = 64
LOWEST_BOOST, HIGHEST_BOOST = 0.1, 10.0
#: What no database keeps: the zero character and halves of surrogate pairs.
_UNKEPT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class AccessRuleFacts:
    """An access rule: the policy that decides about it, and the tokens it decides by."""

    id: int
    policy: str
    tokens: frozenset[str]


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What entries of a group have in common. ``access_rules`` are ids; open is what has one open access rule."""

    id: int
    kind: str
    access_rules: tuple[int, ...]
    facets: Mapping[str, tuple[str, ...]]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as it is written: everything plain, bounded, and with a digest of all that is analysed."""

    item: str
    group: GroupFacts
    access_rules: tuple[AccessRuleFacts, ...]
    titles: Mapping[str, str]
    codes: tuple[str, ...]
    texts: Mapping[str, str]
    keywords: tuple[str, ...]
    boost: float
    dated_at: datetime | None
    digest: str


def number_of(*content: Any) -> int:
    """A positive number of 63 bits drawn from ``content``: equal for equal content, on every machine."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return int.from_bytes(hashlib.blake2b(written.encode(), digest_size=8).digest()) >> 1 or 1


def access_rule_of(access: AccessRule) -> AccessRuleFacts:
    tokens = sorted(clean(token) for token in access.tokens)
    return AccessRuleFacts(number_of(access.policy, tokens), access.policy, frozenset(tokens))


def group_of(kind: str, document: Document, access_rules: Iterable[AccessRuleFacts]) -> GroupFacts:
    """The group a document stands in. The order of access rules, values and languages does not matter."""
    ids = tuple(sorted({rule.id for rule in access_rules}))
    facets = {
        clean(key): tuple(sorted({clean(value) for value in values}))
        for key, values in sorted(document.facets.items())
        if values
    }
    languages = tuple(sorted(set(document.languages)))
    return GroupFacts(number_of(kind, ids, facets, languages), kind, ids, facets, languages)


def prepare(kind: str, document: Document, longest: int) -> Prepared:
    """``document`` as it is written; of its texts the first ``longest`` characters in all.

    :raises ValueError: its key is longer than an entry keeps.
    """
    if not 0 < len(document.item) <= LONGEST_ITEM:
        raise ValueError(f"{kind} {document.item[:80]!r}: a key has 1 to {LONGEST_ITEM} characters.")
    access_rules = tuple(access_rule_of(access) for access in document.access)
    titles = {language: clean(title) for language, title in document.titles.items() if title}
    codes = tuple(clean(code) for code in document.codes)
    texts = bounded(document.texts, longest)
    keywords = tuple(clean(word) for word in document.keywords)
    boost = min(max(float(document.boost), LOWEST_BOOST), HIGHEST_BOOST)
    group = group_of(kind, document, access_rules)
    dated = document.dated_at.timestamp() if document.dated_at else None
    digest = digest_of(ANALYSIS, group.id, titles, codes, texts, keywords, boost, dated)
    return Prepared(
        document.item, group, access_rules, titles, codes, texts, keywords, boost, document.dated_at, digest
    )


def bounded(texts: Mapping[str, str], longest: int) -> dict[str, str]:
    """The texts, cleaned, cut so that together they have ``longest`` characters at most."""
    found: dict[str, str] = {}
    for language, text in texts.items():
        if text and longest > 0:
            found[language] = clean(text[:longest])
            longest -= len(text)
    return found


def digest_of(*content: Any) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha1(written.encode(), usedforsecurity=False).hexdigest()


def clean(text: str) -> str:
    """``text`` with the replacement character for what no database keeps."""
    return _UNKEPT.sub("\ufffd", text)
