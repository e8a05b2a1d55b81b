"""Strips and profiles."""

from __future__ import annotations

from typing import Any

from ..families import Family, Model, look
from ..terms import COOL, NEUTRAL, TONES, WARM, finishes

STRIP: dict[str, Any] = {
    "unit": "m",
    "pack_unit": "roll",
    "pack": 5,
    "minimum": 5,
    "whole_packs": True,
    "weight": "0.03",
}


def dense(*rows: tuple[int, float, int, str]) -> list[Model]:
    """Strips by LEDs per metre: (LEDs, watts, lumens, price per metre)."""
    return [Model(str(n), price, {"n": n}, {"power": w, "luminous_flux": lm}) for n, w, lm, price in rows]


FAMILIES = [
    Family(
        "S24-",
        "strips",
        "pro-lighting",
        "Luminaire",
        "LED strip 24 V, {n} LEDs/m",
        "24V 低压灯带 {n} 灯/米",
        "Three-ounce copper, one bin, cut every 50 mm.",
        "三安铜箔、同一色批，每 50 毫米可裁。",
        look("strip"),
        dense(
            (60, 5, 480, "7.20"),
            (120, 9.6, 960, "10.80"),
            (180, 14.4, 1440, "14.60"),
            (240, 19.2, 1900, "18.50"),
        ),
        TONES,
        {"ip": "IP20", "cri": 90, "voltage": "24"},
        **STRIP,
    ),
    Family(
        "S12-",
        "strips",
        "home-lighting",
        "Luminaire",
        "LED strip 12 V, {n} LEDs/m",
        "12V 低压灯带 {n} 灯/米",
        "For cabinets and shelves.",
        "适合橱柜与层板。",
        look("strip"),
        dense((60, 4.8, 430, "5.80"), (120, 9.6, 860, "8.60")),
        (WARM, NEUTRAL),
        {"ip": "IP20", "cri": 80, "voltage": "12"},
        **STRIP,
    ),
    Family(
        "SW-",
        "strips",
        "pro-lighting",
        "Luminaire",
        "Sealed LED strip 24 V, {n} LEDs/m",
        "24V 防水灯带 {n} 灯/米",
        "Cast in silicone for coves, baths and facades.",
        "硅胶灌封，适合灯槽、浴室与外墙。",
        look("strip", sealed=True),
        dense((60, 5, 440, "12.60"), (120, 9.6, 880, "16.80"), (240, 19.2, 1700, "26.40")),
        (WARM, COOL),
        {"ip": "IP67", "cri": 80, "voltage": "24"},
        **STRIP,
    ),
    Family(
        "SC-",
        "strips",
        "pro-lighting",
        "Luminaire",
        "COB strip 24 V, {n} chips/m",
        "24V COB 灯带 {n} 芯/米",
        "A line without dots, even at 10 mm behind the diffuser.",
        "无光点线光，距扩散罩 10 毫米依然均匀。",
        look("strip"),
        dense((320, 8, 800, "16.80"), (480, 12, 1150, "21.50"), (528, 15, 1450, "25.80")),
        TONES,
        {"ip": "IP20", "cri": 93, "voltage": "24"},
        **STRIP,
    ),
    Family(
        "SR-",
        "strips",
        "home-lighting",
        "Luminaire",
        "RGB strip 24 V, {n} LEDs/m",
        "24V 彩光灯带 {n} 灯/米",
        "Sixteen million colours; controller sold separately.",
        "1600 万色；控制器另购。",
        look("strip", tone="rgb"),
        dense((60, 14.4, 420, "15.20"), (96, 19.2, 640, "21.60")),
        (),
        {"ip": "IP20", "colour_temperature": "RGB", "voltage": "24", "dimmable": True},
        **STRIP,
    ),
    Family(
        "AP-",
        "strips",
        "pro-lighting",
        "Luminaire",
        "Aluminium profile {size}",
        "铝型材 {size}",
        "Two metres with diffuser, end caps and clips.",
        "2 米一支，含扩散罩、堵头与卡扣。",
        look("profile"),
        [
            Model(code, price, {"size": size}, {"size": size})
            for code, size, price in (
                ("S17", "17×8", "26.00"),
                ("R24", "24×7", "34.00"),
                ("C16", "16×16", "31.00"),
                ("W35", "35×35", "68.00"),
                ("P50", "50×75", "128.00"),
                ("F80", "80×40", "146.00"),
            )
        ],
        finishes("silver", "black", "white"),
        {"ip": "IP20"},
        unit="pcs",
        pack=20,
        weight="0.6",
    ),
]
