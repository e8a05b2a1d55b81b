"""Who is in the demo channel: tiers, companies, people. All of it is made up."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "light-the-channel"
MAKER = "LH"
#: The distributor that sells with lists and a warehouse of its own, and the dealer the demo people work for.
DISTRIBUTOR = "D-SW"
DEALER = "S-CD1"

#: code: (name, Chinese name, rank)
TIERS = {
    "platinum": ("Platinum", "白金", 1),
    "gold": ("Gold", "金牌", 2),
    "silver": ("Silver", "银牌", 3),
    "bronze": ("Bronze", "铜牌", 4),
}


@dataclass(frozen=True, slots=True)
class Firm:
    """A company and where its goods go."""

    code: str
    name: str
    short: str
    kind: str
    parent: str
    tier: str
    territories: tuple[str, ...]
    city: str
    street: str
    phone: str
    currency: str
    country: str
    language: str
    terms: str
    sells: bool = False


def _firm(row: dict[str, str]) -> Firm:
    texts = {name: value for name, value in row.items() if name not in ("territories", "sells")}
    return Firm(**texts, territories=tuple(row["territories"].split()), sells=row["sells"] == "yes")


def _firms() -> tuple[Firm, ...]:
    with Path(__file__).with_name("firms.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_firm(row) for row in csv.DictReader(file))


#: Companies in the order they are admitted: whoever is above comes first.
FIRMS = _firms()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to sign in as. ``firm`` is empty for the back office; ``groups`` are Wagtail's."""

    email: str
    name: str
    firm: str
    roles: tuple[str, ...]
    who: str
    title: str = ""
    language: str = ""
    groups: tuple[str, ...] = ()
    is_admin: bool = False


PEOPLE = (
    Person("buyer@example.com", "李蕾", DEALER, ("buyer",), "Dealer, buyer", "采购"),
    Person(
        "approver@example.com",
        "韩晴川",
        DEALER,
        ("approver", "finance", "admin"),
        "Dealer, approver and administrator",
        "店主",
    ),
    Person(
        "distributor@example.com",
        "周锦",
        DISTRIBUTOR,
        ("buyer", "sales", "admin"),
        "Distributor, buys and sells",
        "总经理",
    ),
    Person("stock@example.com", "吴屿", DISTRIBUTOR, ("warehouse",), "Distributor, warehouse", "仓管"),
    Person("sales@example.com", "陈岚", "LH", ("sales",), "Maker, sales", "渠道销售"),
    Person("finance@example.com", "何清", "LH", ("finance",), "Maker, finance", "财务"),
    Person("warehouse@example.com", "赵川", "LH", ("warehouse",), "Maker, warehouse", "仓储主管"),
    Person(
        "export@example.com",
        "Ingrid Halvmark",
        "D-EU",
        ("buyer", "approver", "admin"),
        "Export distributor (EUR)",
        "Purchasing",
        "en",
    ),
    Person(
        "editor@example.com",
        "Elena Editor",
        "",
        (),
        "Back office, content editor",
        "",
        "en",
        ("Content editors",),
    ),
    Person(
        "manager@example.com",
        "马诺",
        "",
        (),
        "Back office, channel manager",
        "",
        "zh-hans",
        ("Channel managers",),
    ),
    Person("admin@example.com", "Ada Admin", "LH", ("admin",), "Administrator", "", "en", (), True),
)

#: For the people of all other companies: one each, who buys and decides.
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董"
GIVEN = ("雨桐", "思远", "嘉禾", "明轩", "若水", "子涵", "书瑶", "景行", "安然", "云舟", "知夏", "沐阳")

#: code: (name, Chinese name, seller, place, priority)
WAREHOUSES = {
    "foshan": ("Foshan central warehouse", "佛山中央仓", "LH", "CN-4406", 10),
    "hangzhou": ("Hangzhou warehouse", "杭州分仓", "LH", "CN-3301", 20),
    "chengdu": ("Chengdu warehouse", "成都仓", "D-SW", "CN-5101", 10),
}
CARRIERS = ("蓝途物流", "云程快运", "北斗速配", "江河货运")
