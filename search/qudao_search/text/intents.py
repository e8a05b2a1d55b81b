"""What a question is after, beyond the things it names: what is wrong, how to fit it, which to take, how much of it.

A person who writes "my lamp is dark" has no word in common with "Faults", and 多少K with "colour temperature". What the
question is after decides between things that are found anyway, by their titles (see ``Clause.is_hint``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What is said → words of the titles that answer it. Wherever several are meant, all count.
_INTENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"not working|won.?t|doesn.?t|stopped|broken|dead\b|dark(?:er)?\b|fades?\b|far end|fault|problem"
        r"|\btrip(?:s|ped|ping)\b|跳闸|老跳|老是跳"
        r"|不亮|不工作|坏了|坏掉|故障|毛病|没反应|失灵|不转|发暗|变暗|越暗|脱落|掉下来",
        ("fault", "faults", "troubleshooting", "故障", "排查"),
    ),
    (
        r"\b(?:install|fit|mount|hang|connect|replace|change)(?:s|ing|ed)?\b|\b(?:to|i|you|we) wire\b"
        r"|\bwiring\b|\bhook up|\bput up"
        r"|安装|怎么装|怎么接|接线|接法|装法|更换|怎么换|怎么固定",
        ("fitting", "installing", "installation", "mounting", "wiring", "安装", "接线"),
    ),
    (
        r"\bwhich\b(?! way)|\bwhat (?:kind|type|sort|size)\b|\bdifference\b|\bbest\b|\bbetter\b|\bvs\b|\bor\b"
        r"|哪种|哪个|哪款|什么样|怎么选|怎么挑|买什么|用什么|还是|区别|哪个好",
        ("choosing", "choose", "选", "选型"),
    ),
    (
        r"\b(?:how many|what) (?:kelvin|k)\b|(?:多少|几千?) ?k(?![a-z0-9])|几千开|黄光|白光|暖光",
        ("colour temperature", "color temperature", "色温"),
    ),
    (
        r"\bhow bright\b|\bhow many (?:[a-z]+ ){0,2}(?:lights|lamps|downlights|bays|panels|bulbs|spots)\b"
        r"|几盏|多少盏|多少个灯|几个灯"
        r"|\bhow many (?:watts?|lumens?|lux)\b|\bwhat watt|\btoo d(?:im|ark)\b|\bbright enough"
        r"|(?:多少|几|多大) ?(?:瓦|w(?![a-z0-9])|流明)|多亮|够不够亮|不够亮|太暗",
        ("brightness", "bright", "lumens", "多亮", "亮度", "流明"),
    ),
    (
        r"\bwhat (?:size|gauge|thickness)(?: \w+)? (?:cable|wire)|\b(?:cable|wire) (?:size|gauge)|\bcross.section"
        r"|(?:多大|多粗|多少|几) ?(?:平方|平|的线|电线|的电线|的电缆)|几平方|多粗",
        ("cross-section", "cable sizes", "截面", "载流量"),
    ),
    (
        r"\bhow many (?:amps?|a)\b|\bwhat amp|(?:多少|几|多大) ?(?:安|a(?![a-z0-9])|的空开|的断路器)",
        ("rated current", "curves", "额定电流", "电流"),
    ),
    (
        r"\bwhen will\b|\bhow (?:long|soon).{0,24}\b(?:arrive|deliver\w*|ship\w*|come)\b|\barrive\b|\bwhere is my\b"
        r"|多久到|几天到|什么时候到|啥时候到|何时到|多久能到|几天能到|多久发货|(?<!收)到货",
        ("delivery", "arrive", "when will", "交货", "发货", "物流", "到货"),
    ),
    (
        r"\b(?:safe|dangerous|danger|shock|electrocut\w*)\b|触电|电人|麻手|危险|安全吗",
        ("safe", "safety", "isolation", "安全", "断电", "漏电"),
    ),
    (
        r"\b(?:warranty|guarantee)\b|\bafter (?:a|one|two|\d) (?:year|month)s?\b"
        r"|质保|保修|保几年|坏了.{0,6}(?:换|赔|修)|用了.{0,6}就坏",
        ("warranty", "质保"),
    ),
    (
        r"太贵|嫌贵|便宜|砍价|\btoo expensive\b|\bcheaper\b|\bprice (?:is )?too high\b",
        ("expensive", "price", "太贵", "价格"),
    ),
    (
        r"\bwrong (?:goods|item|model|colou?r|one|box)\b|\bmissing\b|\bdamaged\b|\breturn(?:s|ed|ing)?\b"
        r"|少了|少发|漏发|发错|错发|送错|破损|退货|换货|退换|退吗|退款",
        ("returns", "complaints", "退换货", "投诉", "发错货"),
    ),
    (
        r"\b(?:special|project|better) prices?\b|\bdiscounts?\b|特价|折扣|优惠|项目价|工程价|返点",
        ("project prices", "registering a project", "项目价", "报备"),
    ),
    (
        r"\btest(?:s|ed|ing)?\b|检测|测试|测一下|怎么测|要测|测绝缘|绝缘电阻",
        ("testing", "检测"),
    ),
    (
        r"\b(?:hand over|handover|sign off|end of (?:the )?job)\b|验收|交付|交接|完工",
        ("handover", "handing over", "交付"),
    ),
    (
        r"\b(?:power|electricity|mains|supply) (?:is )?off\b|\bmake sure .{0,20}(?:dead|off)\b"
        r"|\boff the (?:power|mains|electricity|supply)\b"
        r"|断电|停电|没电|验电|带电",
        ("dead", "isolation", "停电", "验电"),
    ),
)
_COMPILED = tuple((re.compile(said), titles) for said, titles in _INTENTS)


def intents(folded: str) -> Iterator[tuple[str, ...]]:
    """For each thing the question (folded) is after the words of titles that answer it."""
    for said, titles in _COMPILED:
        if said.search(folded):
            yield titles
