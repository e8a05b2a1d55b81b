"""What a PDF of a handbook holds, and when two requests ask for the same. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from qudao_core.exports import rules as exports

from ..rules import CHAPTER, HANDBOOK, TOPIC, Seen

SCOPES = (TOPIC, CHAPTER, HANDBOOK)
MOST_TOPICS = 1_000
_HREF = re.compile(r'href="([^"]*)"')


def fingerprint(seen: Seen, *, scope: str, language: str, company_id: int | None, on: date) -> str:
    """The same for two requests whose PDF would say the same: who reads, what is read, which texts, on which day.

    Data of products stand in it as of the day, so another day is another PDF.
    """
    texts = [f"{each.id}@{each.published_at}@{each.changed_at}" for each in seen.walk()]
    return exports.fingerprint(seen.key, scope, language, company_id, on.isoformat(), *texts)


def inner_links(html: str, anchors: Mapping[str, str], base: str) -> str:
    """Links to pages that stand in the same PDF lead inside it; the others become whole addresses.

    >>> inner_links('<a href="/h/a/">A</a> <a href="/h/b/">B</a>', {"/h/a/": "t7"}, "https://x.example")
    '<a href="#t7">A</a> <a href="https://x.example/h/b/">B</a>'
    """

    def target(match: re.Match[str]) -> str:
        path, _hash, _part = match.group(1).partition("#")
        if path in anchors:
            return f'href="#{anchors[path]}"'
        return f'href="{base}{match.group(1)}"' if path.startswith("/") else match.group(0)

    return _HREF.sub(target, html)


def depth(seen: Seen, root: Seen) -> int:
    """How deep below the root of the PDF a page stands; 0 is the root itself."""
    return len(seen.above) - len(root.above)


def is_readable(visible: Iterable[int], needed: Iterable[int]) -> bool:
    """Whether everything that stands in a file may still be read."""
    return set(needed) <= set(visible)
