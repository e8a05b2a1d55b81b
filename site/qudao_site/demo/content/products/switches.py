"""Switches."""

from __future__ import annotations

from ..families import Family, Model, look
from ..terms import GLASS, PLATES
from .figures import DEVICE, plain


def gangs(ways: str, *prices: str) -> list[Model]:
    """One to four gangs."""
    words = ("One", "Two", "Three", "Four")
    return [
        Model(
            str(n),
            price,
            {"name": f"{words[n - 1]}-gang", "zh": f"{'一二三四'[n - 1]}开"},
            {"gangs": n, "ways": ways},
            {"gangs": n},
        )
        for n, price in enumerate(prices, start=1)
    ]


FAMILIES = [
    Family(
        "MS1",
        "switches",
        "wiring",
        "Wiring device",
        "Mora switch, {name}, one-way",
        "墨拉 {zh}单控开关",
        "Large rocker, silver contacts, a soft locating light.",
        "大翘板、银触点、柔和定位光。",
        look("switch"),
        gangs("one-way", "9.80", "13.60", "17.80", "22.50"),
        PLATES,
        DEVICE,
        pack=60,
        minimum=5,
        weight="0.11",
    ),
    Family(
        "MS2",
        "switches",
        "wiring",
        "Wiring device",
        "Mora switch, {name}, two-way",
        "墨拉 {zh}双控开关",
        "For stairs and bedrooms: on here, off there.",
        "楼梯与卧室：此处开，彼处关。",
        look("switch"),
        gangs("two-way", "11.60", "16.20", "21.40", "27.20"),
        PLATES,
        DEVICE,
        pack=60,
        minimum=5,
        weight="0.12",
    ),
    Family(
        "TT",
        "switches",
        "wiring",
        "Wiring device",
        "Tala touch switch, {name}",
        "塔拉 {zh}触控开关",
        "Tempered glass, works without a neutral wire.",
        "钢化玻璃面板，无需零线。",
        look("touch"),
        gangs("one-way", "58.00", "72.00", "86.00", "98.00"),
        GLASS,
        DEVICE,
        pack=24,
        weight="0.18",
    ),
    Family(
        "MD",
        "switches",
        "wiring",
        "Wiring device",
        "Mora LED dimmer {name}",
        "墨拉 LED 调光开关 {zh}",
        "Trailing edge, adjustable minimum, hums with no lamp.",
        "后沿调光、可设最低亮度，不嗡鸣。",
        look("dimmer"),
        plain(("150", "150 W", "150W", "68.00"), ("300", "300 W", "300W", "86.00")),
        PLATES,
        DEVICE,
        pack=24,
        weight="0.14",
    ),
    Family(
        "MX",
        "switches",
        "wiring",
        "Wiring device",
        "Mora {name}",
        "墨拉 {zh}",
        "The specials of the Mora series, same frame, same depth.",
        "墨拉系列功能件，同框同深。",
        look("switch", gangs=1),
        plain(
            ("BELL", "bell push", "门铃开关", "14.20"),
            ("CARD", "hotel card switch", "插卡取电开关", "46.00"),
            ("CURT", "curtain switch", "窗帘开关", "38.00"),
            ("20A", "double-pole switch 20 A", "双极开关 20A", "24.60"),
            ("FAN", "fan regulator", "风扇调速开关", "42.00"),
        ),
        PLATES,
        DEVICE,
        pack=40,
        weight="0.13",
    ),
    Family(
        "SE",
        "switches",
        "control",
        "Control device",
        "Motion sensor {name}",
        "人体感应器 {zh}",
        "Sees people, ignores curtains; time and lux adjustable.",
        "识人不误触；时间与照度可调。",
        look("sensor"),
        plain(("C", "for ceilings", "吸顶式", "48.00"), ("W", "for walls", "墙装式", "52.00")),
        (),
        {"output": "230 V AC", "ip": "IP20"},
        pack=30,
        weight="0.12",
    ),
]
