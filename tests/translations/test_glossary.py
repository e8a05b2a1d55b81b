"""The texts use the glossary's terms: no word it rules out, and its Chinese for its English."""

import re
from pathlib import Path

import polib
import pytest

from tests.translations import messages

pytestmark = pytest.mark.any_database

CATALOGUES = messages.catalogues()

#: Wording that was once in use, with what to write instead.
NOT_IN_ENGLISH = {
    r"\bhits?\b": "result",
    r"\bwaits? for you\b|\bwaits here\b": "needs your action",
    r"\bthe own\b|^own price\b": "your price, its own price",
    r"\binvoice titles?\b": "billing name, billing details",
    r"\bsuppliers?\b": "seller",
    r"\bback-orders?\b": "backorder",
    r"\bin error\b": "with errors",
    r"\bin flight\b": "open",
    r"\bcompany above\b|\bpage above\b": "parent company, parent page",
    r"\b(nothing|audience) is called that\b": "no match for this name",
    r"\bfor change\b": "for changes",
    r"\btake[sn]? back\b": "withdraw, undo",
    r"\bsomebody\b": "someone",
    r"\bnames more than one\b": "matches more than one",
    r"\byou may not\b|\bmay only\b": "do not have permission to",
    r"^write (it|one|a|digits|yes|the)\b": "enter, use",
    r"\bsays the same\b": "is equivalent",
    r"\bstands?\b": "is, appears",
    r"\bon their way\b": "open, in transit",
    r"\bfront page\b|\bstart page\b": "home page",
}
NOT_IN_CHINESE = {
    "受众": "适用对象",
    "产品(?!线|手册)": "商品",
    "价格表": "价目表",
    "帐号|账户": "账号",
    "登陆": "登录",
    "买方": "采购方",
    "卖方": "供货方",
    "你": "您",
    r"[一-鿿“”（）][,;?!]|[,;?!][一-鿿]|\.\.\.|[一-鿿]\.$": "full-width punctuation",
    # what is typed as it stands: ext:外部编码, attr:编码, 键:值
    r"[一-鿿”）]:(?!值)|(?<!ext)(?<!attr)(?<!code)(?<!barcode)(?<!id)(?<!键)(?<!代码):[一-鿿“（]": "full-width colon",
    r"[一-鿿”]\(|\)[一-鿿“]": "full-width brackets",
    r"(?<=[一-鿿]) (?=[A-Za-z])|(?<![)}][sd])(?<=[A-Za-z]) (?=[一-鿿])": "no typed space: the style sheet sets it",
    # “按 7 个计”: a quantity is followed by its unit and a company is a name, so what comes next stands beside Han
    r"(%\((quantity|rest|ready|wanted|unit|company|seller)\)s|\{(unit|field)\}) (?!起 %)[一-鿿]": "no space",
    r"[一-鿿] (%\(field\)s|\{field\})| [“（]": "no space between Han characters",
}
#: Terms that mean something else where they are a label, such as "Position" of a category.
OTHER_MEANINGS = {
    "active",
    "arrival",
    "closed",
    "complete",
    "delivery",
    "document",
    "membership",
    "net",
    "position",
    "problem",
    "shipment",
}


def identity(path: Path) -> str:
    return path.relative_to(messages.ROOT).parts[0]


def chinese(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())


def glossary() -> dict[str, set[str]]:
    """English terms, in lower case, with the Chinese the glossary gives for them."""
    terms: dict[str, set[str]] = {}
    for line in (messages.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 3 or cells[0] in ("English", "---"):
            continue
        english = [term.strip() for term in re.split(r" / |, ", re.sub(r"\(.*?\)", "", cells[0]))]
        translations = [term.strip() for term in re.split("[／、]", re.sub("（.*?）", "", cells[1]))]
        pairs = zip(english, translations, strict=True) if len(english) == len(translations) else ()
        for term, translation in pairs:
            terms.setdefault(term.lower(), set()).add(translation)
    return terms


@pytest.mark.parametrize("path", CATALOGUES, ids=identity)
def test_english_uses_the_terms_of_the_glossary(path: Path) -> None:
    wrong = {
        text: instead
        for entry in polib.pofile(str(path))
        for text in (entry.msgid, entry.msgid_plural)
        for pattern, instead in NOT_IN_ENGLISH.items()
        if text and re.search(pattern, text, re.IGNORECASE)
    }
    assert wrong == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=identity)
def test_chinese_uses_the_terms_of_the_glossary(path: Path) -> None:
    wrong = {
        text: instead
        for entry in polib.pofile(str(path))
        for text in chinese(entry)
        for pattern, instead in NOT_IN_CHINESE.items()
        if re.search(pattern, text)
    }
    assert wrong == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=identity)
def test_a_term_has_the_chinese_of_the_glossary(path: Path) -> None:
    terms = glossary()
    assert len(terms) > 100
    wrong = {
        entry.msgid: (chinese(entry), terms[entry.msgid.lower()])
        for entry in polib.pofile(str(path))
        if entry.msgid.lower() in terms and not entry.msgctxt and entry.msgid.lower() not in OTHER_MEANINGS
        if not set(chinese(entry)) & terms[entry.msgid.lower()]
    }
    assert wrong == {}
