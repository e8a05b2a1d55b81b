"""What an entry looks like in the cluster, and what its indices are called."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from elasticsearch.dsl import Date, Document, Float, Keyword, Long, MetaField, Text

from ... import conf

#: Raise it when :mod:`qudao_search.text` writes other tokens for the same text: every cluster is then rebuilt.
WRITTEN = 1

_PREFIXES = {"min_chars": 1, "max_chars": 10}
#: What further analyzers are used for: words of a language everywhere, pinyin in titles.
FURTHER = {"zh": ("titles", "words"), "pinyin": ("titles",)}
SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "1s",
    # A deleted entry is remembered so long: an older write that was held up must not bring it back.
    "gc_deletes": "1h",
}


def _words() -> Text:
    """Runs of letters and single Han characters by ``standard``; their pairs stand in a hidden field of its own."""
    return Text(analyzer="standard", index_phrases=True, index_prefixes=_PREFIXES)


class EntryDocument(Document):
    """An entry as the cluster keeps it. The texts are tokens already, so the analyzers only take them apart."""

    entry = Long()
    group = Long()
    titles = _words()
    words = _words()
    codes = Text(analyzer="whitespace", norms=False)
    fragments = Keyword(doc_values=False)
    sounds = Keyword(doc_values=False)
    boost = Float(index=False)
    dated_at = Date(format="epoch_millis")

    class Meta:
        dynamic = MetaField("strict")


def mapping() -> dict[str, Any]:
    """The mapping, with the further analyzers that the cluster is said to have."""
    made: dict[str, Any] = EntryDocument._doc_type.mapping.to_dict()
    for name, analyzer in sorted(conf.analyzers().items()):
        for field in further_fields(name):
            parent, _dot, _name = field.partition(".")
            made["properties"][parent].setdefault("fields", {})[name] = {"type": "text", "analyzer": analyzer}
    return made


def further_fields(name: str) -> list[str]:
    """The fields a further analyzer is used for."""
    return [f"{field}.{name}" for field in FURTHER.get(name, ())]


def fingerprint() -> str:
    """Changes when an index would have to be built anew: other mapping, other analysis, other tokens."""
    content = json.dumps([WRITTEN, mapping(), SETTINGS], sort_keys=True)
    return hashlib.sha1(content.encode(), usedforsecurity=False).hexdigest()[:10]


def alias() -> str:
    """What is searched. The fingerprint is part of the name: code never meets an index it does not understand."""
    return f"{conf.index_name()}-{fingerprint()}"


def writing_alias(index: str) -> str:
    """What is written to: it goes with its index, so a late write cannot create the index anew."""
    return f"{index}-write"


def all_indices() -> str:
    """A pattern of every index we ever made."""
    return f"{conf.index_name()}-*"
