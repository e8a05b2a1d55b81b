"""Words of price lists and exports that say something about the numbers beside them. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

#: Stands where a price would stand, and means that there is none.
ON_REQUEST = frozenset(
    normal.casefold()
    for normal in (
        "auf Anfrage",
        "a. A.",
        "a.A.",
        "on request",
        "upon request",
        "price on request",
        "POA",
        "POR",
        "call",
        "call for price",
        "TBA",
        "TBD",
        "n/a",
        "n. a.",
        "sur demande",
        "a consultar",
        "consultar",
        "su richiesta",
        "面议",
        "电议",
        "询价",
        "议价",
        "暂无",
        "缺货",
        "無",
        "无",
        "-",
        "--",
        "—",
        "–",
        "/",
        "x",
    )
)
CURRENCIES = {
    "CNY": "CNY RMB 人民币 ¥ ￥ 元",
    "EUR": "EUR € Euro",
    "USD": "USD US$ 美元",
    "GBP": "GBP £",
    "HKD": "HKD HK$ 港币",
    "JPY": "JPY 日元 円",
    "INR": "INR ₹ Rs.",
}
_PER = re.compile(
    r"(?:/|per|je|pro|每|à)\s*"
    r"(?:(1[., ]?000(?!\d)|1k|k|千|thousand|tsd|tausend|mille|m(?=$|\s*pcs))"
    r"|(100(?!\d)|百|hundred|c(?=$))|(10[., ]?000|万))"
    r"|([%％])|(‰)",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"(?:from|ab|min\.?|≥|>=|>|qty|起)?\s*(\d{1,7}(?:[.,]\d{3})*)\s*(k|千|万)?\s*"
    r"(?:\+|起|以上|up|(?:[-–~至]\s*\d+\s*(?:k|千|万)?))?\s*"
    r"(?:pcs?|pieces?|stk\.?|stück|units?|个|只|件|支|片)?\s*(?:\+|起|以上)?",
    re.IGNORECASE,
)
#: What else a header says about a price for a quantity: "Preis ab 100 Stk. (EUR)", "单价(100-499个)".
_PRICE_WORDS = re.compile(
    r"(?:(?:netto|net|unit|verkaufs|einzel|stück)?[ -]?(?:preise?|prices?|prix|precio|prezzo)|vk|单价|价格|售价|价)"
    r"(?:\s*(?:in|je|per|pro|/)\s*(?:stk\.?|stück|pcs?|pieces?|units?))?",
    re.IGNORECASE,
)
_SAYS_FROM = re.compile(
    r"\b(?:from|ab|min\.?|qty)\s*\d|[≥>]|\d\s*(?:k|千|万)?\s*(?:\+|up\b|[-–~至]\s*\d)|起|以上"
    r"|\d\s*(?:pcs?|pieces?|stk\.?|stück|units?|个|只|件|支|片)(?!\w)",
    re.IGNORECASE,
)
_GROSS = ("含税", "incl. vat", "incl vat", "incl. tax", "inkl. mwst", "brutto", "gross", "ttc", "iva incl")


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def means_nothing(text: str) -> bool:
    """Whether a text stands for "no price": ``auf Anfrage``, ``面议``, ``–``."""
    return plain(text).casefold() in ON_REQUEST


def price_is_per(header: str) -> Decimal:
    """For how many units a header says its prices are.

    >>> price_is_per("单价(元/千只)"), price_is_per("Price per 100"), price_is_per("Preis")
    (Decimal('1000'), Decimal('100'), Decimal('1'))
    """
    found = _PER.search(plain(header))
    if not found:
        return Decimal(1)
    thousand, hundred, myriad, percent, mille = found.groups()
    if thousand or mille:
        return Decimal(1000)
    if myriad:
        return Decimal(10_000)
    return Decimal(100) if hundred or percent else Decimal(1)


def weight_is_per_kg(header: str) -> Decimal | None:
    """How many of the units a header names make a kilogram; ``None`` for one that does not divide it evenly.

    >>> weight_is_per_kg("Gewicht (g)"), weight_is_per_kg("Weight (kg)"), weight_is_per_kg("Weight (lbs)")
    (Decimal('1000'), Decimal('1'), None)
    """
    shown = plain(header).casefold()
    if re.search(r"\b(?:lbs?|pounds?|oz|ounces?)\b|磅|盎司", shown):
        return None
    grams = re.search(r"(?<![a-z])(?:g|gr|gramm?|grams)(?![a-z])|(?<!千)克", shown)
    return Decimal(1000) if grams else Decimal(1)


def break_of(header: str) -> str:
    """The quantity from which a column's prices apply, ``""`` where the header is no such quantity.

    >>> break_of("1K"), break_of("10-99"), break_of("ab 50"), break_of("≥100个"), break_of("8+256")
    ('1000', '10', '50', '100', '')
    >>> break_of("ab 1.000 Stk EUR"), break_of("Preis ab 50 (€)"), break_of("单价(100-499个)"), break_of("Price 2")
    ('1000', '50', '100', '')
    """
    shown = plain(header)
    found = _BREAK.fullmatch(shown)
    if not found and _SAYS_FROM.search(shown) and price_is_per(shown) == 1:
        found = _BREAK.fullmatch(_quantity_in(shown))
    if not found:
        return ""
    number = int(re.sub(r"[.,]", "", found[1]))
    return str(number * {"k": 1000, "千": 1000, "万": 10_000}.get((found[2] or "").casefold(), 1) or "")


def _quantity_in(header: str) -> str:
    """A header without currency and price words and the brackets around what remains."""
    words = [plain(word) for names in CURRENCIES.values() for word in names.split()]
    for word in sorted(words, key=len, reverse=True):
        edge = r"(?<!\w)%s(?!\w)" if word.isascii() and word.isalpha() else "%s"
        header = re.sub(edge % re.escape(word), " ", header, flags=re.IGNORECASE)
    header = _PRICE_WORDS.sub(" ", header)
    return plain(re.sub(r"[()\[\]:]+|^[ /-]+(?:个|只|件|支|片)?|\bin *$|[ ,/-]+$", " ", header))


def currency_in(text: str) -> str:
    """The currency a title or a header names.

    >>> currency_in("gültig ab 01.01.2027, netto, EUR"), currency_in("单价(元/千只)"), currency_in("neuron")
    ('EUR', 'CNY', '')
    """
    shown = plain(text)
    for code, words in CURRENCIES.items():
        for word in map(plain, words.split()):
            pattern = rf"\b{re.escape(word)}\b" if word.isascii() and word.isalpha() else re.escape(word)
            if re.search(pattern, shown):
                return code
    return ""


def is_gross(header: str) -> bool:
    """Whether a header says that its prices include tax."""
    shown = plain(header).casefold()
    if "不含税" in shown or "未含税" in shown:
        return False
    return any(word in shown for word in _GROSS)
