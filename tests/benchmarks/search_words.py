"""What the search benchmark's products are called: words of the trade in both languages, and questions about them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

#: (English, Chinese), four to a category and in that order.
NOUNS = """
recessed downlight|嵌入式筒灯; surface downlight|明装筒灯; adjustable spot|可调射灯; track spotlight|轨道射灯
edge-lit panel|侧发光面板灯; backlit panel|直下式面板灯; ceiling light|吸顶灯; kitchen panel|厨卫平板灯
light strip|低压灯带; sealed strip|防水灯带; aluminium profile|铝型材; strip controller|灯带控制器
flood light|投光灯; street light|路灯; garden bollard|草坪灯; bulkhead light|防潮壁灯
LED tube|灯管; damp-proof batten|三防灯; twin batten|双管支架; office pendant|办公吊线灯
emergency light|应急照明灯; exit sign|疏散指示灯; battery pack|应急电池组; central battery|集中电源
rocker switch|翘板开关; touch switch|触控开关; dimmer|调光开关; curtain switch|窗帘开关
wall socket|墙壁插座; floor socket|地面插座; weatherproof socket|防水插座; industrial plug|工业插头
circuit breaker|小型断路器; moulded case breaker|塑壳断路器; residual current switch|漏电保护开关; isolator|隔离开关
surge protector|浪涌保护器; voltage protector|过欠压保护器; fuse holder|熔断器座; earth terminal|接地端子
distribution box|配电箱; weatherproof box|防水配电箱; back box|接线底盒; junction box|分线盒
contactor|交流接触器; thermal relay|热继电器; motor starter|电动机起动器; soft starter|软起动器
frequency converter|变频器; electric motor|电动机; geared motor|减速电机; servo drive|伺服驱动器
proximity sensor|接近开关; photoelectric sensor|光电传感器; motion sensor|人体感应器; temperature sensor|温度传感器
energy meter|电能表; current transformer|电流互感器; rail timer|导轨时控开关; power analyser|电力分析仪
LED driver|驱动电源; rail power supply|导轨电源; battery charger|充电器; uninterruptible supply|不间断电源
single-core wire|单芯硬线; flexible wire|多股软线; sheathed cable|护套线; power cable|电力电缆
cable tray|电缆桥架; cable gland|电缆接头; conduit|穿线管; cable tie|扎带
Ethernet switch|以太网交换机; industrial router|工业路由器; fibre converter|光纤收发器; patch panel|网络配线架
charging station|充电桩; charging cable|充电枪线; load controller|负荷控制器; charging column|充电立柱
"""
ADJECTIVES = """
compact|紧凑型; slim|超薄; heavy-duty|重载; silent|静音; modular|模块化; flush|暗装; surface|明装; intelligent|智能
high-power|大功率; low-voltage|低压; marine|船用; stainless|不锈钢; flame-retardant|阻燃; wide-range|宽压; fast|快速
two-stage|双级; three-phase|三相; single-phase|单相; explosion-proof|防爆; dust-tight|防尘; plug-in|插拔式
shielded|屏蔽; outdoor|户外; hinged|铰链式; lockable|带锁; dimmable|可调光; anti-glare|防眩; insulated|绝缘
"""
SERIES = """
Lanhe|岚禾; Mora|墨拉; Tala|塔拉; Luna|朗月; Aura|光环; Kestrel|雨燕; Boreal|北原; Cinder|赤炉; Delta|三江; Everest|珠峰
Fathom|深蓝; Granite|花岗; Harbour|港湾; Indigo|靛青; Juniper|松柏; Keystone|拱心; Larch|落叶松; Meridian|子午
"""
USES = """
for offices and schools|适合办公与教室; for workshops and halls|适合厂房与车间; for shop windows|适合橱窗陈列
for car parks|适合地下车库; for harbours|适合港区码头; for hotels|适合酒店客房; for control cabinets|适合控制柜
for pumps and fans|适合水泵与风机; for cold stores|适合冷库; for hospitals|适合医院病房
"""
FACTS = """
housing of die-cast aluminium|压铸铝外壳; terminals without tools|免工具接线端子
five years of warranty|质保五年; works from minus thirty degrees|零下三十度可用
no flicker at any level|全程无频闪; tested for ten thousand operations|通过一万次操作试验
salt spray of a thousand hours|盐雾一千小时; spare parts for ten years|备件供应十年
mounts on rails and walls|导轨与墙面两用
"""
FINISHES = ("white|白色", "black|黑色", "grey|灰色", "silver|银色", "gold|金色")
DEGREES = ("IP20", "IP44", "IP54", "IP65", "IP67")
POWERS = (3, 5, 7, 9, 12, 15, 18, 24, 30, 36, 40, 48, 50, 60, 72, 80, 100, 120, 150, 200, 240, 300)

Pair = tuple[str, str]


def pairs(text: str) -> list[Pair]:
    found = [each.split("|") for line in text.strip().split("\n") for each in line.split(";")]
    return [(english.strip(), chinese.strip()) for english, chinese in found]


class Goods:
    """Product ``number`` in words; the same number gives the same product."""

    nouns, adjectives, series = pairs(NOUNS), pairs(ADJECTIVES), pairs(SERIES)
    uses, facts, finishes = pairs(USES), pairs(FACTS), pairs("\n".join(FINISHES))
    categories = len(nouns) // 4

    def __init__(self, number: int) -> None:
        chance = random.Random(number)
        place = min(int(chance.expovariate(1) * 0.24 * len(self.nouns)), len(self.nouns) - 1)
        self.number, self.category = number, place // 4
        self.noun, self.adjective = self.nouns[place], chance.choice(self.adjectives)
        self.brand, self.power = chance.choice(self.series), chance.choice(POWERS)
        self.finish = min(int(chance.expovariate(1.4)), len(self.finishes) - 1)
        self.degree = min(int(chance.expovariate(1.4)), len(DEGREES) - 1)
        self.discontinued = chance.random() < 0.05
        self._told = chance.sample(self.facts, 3), chance.sample(self.uses, 2)

    @property
    def titles(self) -> Pair:
        parts = zip(self.brand, self.adjective, self.noun, strict=True)
        english, chinese = (" ".join(words) for words in parts)
        return f"{english} {self.power} W", f"{chinese} {self.power}W"

    @property
    def texts(self) -> Pair:
        facts, uses = self._told
        english, chinese = zip(*facts, *uses, strict=True)
        return ", ".join(english).capitalize() + ".", "，".join(chinese) + "。"

    @property
    def sku(self) -> str:
        letters = self.brand[0][:2].upper()
        return f"{letters}{self.category:02d}-{self.number:05d}-{self.finishes[self.finish][0][0].upper()}"


def questions(count: int, goods: int, seed: int = 4) -> Iterator[str]:
    """What people type about products 0 to ``goods``: numbers, Chinese, mixed, English, pinyin, a few wrong letters."""
    chance = random.Random(seed)
    kinds = (
        _code,
        _code_part,
        _chinese,
        _chinese,
        _part_of_word,
        _mixed,
        _mixed,
        _english,
        _english,
        _pinyin,
    )
    for number in range(count):
        item = Goods(chance.randrange(goods))
        yield _mistyped(chance, item) if number % 25 == 24 else kinds[number % len(kinds)](chance, item)


def _code(chance: random.Random, item: Goods) -> str:
    return item.sku if chance.random() < 0.5 else item.sku.replace("-", "").lower()


def _code_part(chance: random.Random, item: Goods) -> str:
    return item.sku[5:10] if chance.random() < 0.5 else item.sku[:7]


def _chinese(chance: random.Random, item: Goods) -> str:
    return item.noun[1] if chance.random() < 0.5 else item.adjective[1] + item.noun[1]


def _part_of_word(chance: random.Random, item: Goods) -> str:
    return item.noun[1][-2:]


def _mixed(chance: random.Random, item: Goods) -> str:
    return f"{item.noun[1]} {item.power}W" if chance.random() < 0.5 else f"{item.brand[1]} {item.power}W"


def _english(chance: random.Random, item: Goods) -> str:
    return item.noun[0] if chance.random() < 0.5 else f"{item.adjective[0]} {item.noun[0]} {item.power} W"


def _pinyin(chance: random.Random, item: Goods) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 25 MB that only questions need

    return "".join(lazy_pinyin(item.noun[1]))


def _mistyped(chance: random.Random, item: Goods) -> str:
    """Two letters of the longest English word change places."""
    words = item.noun[0].split()
    longest = max(words, key=len)
    at = chance.randrange(1, len(longest) - 1)
    wrong = longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :]
    return " ".join(wrong if word == longest else word for word in words)


def p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1]
