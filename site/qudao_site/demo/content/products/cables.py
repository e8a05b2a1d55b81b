"""Cable and extension."""

from __future__ import annotations

from typing import Any

from ..families import Family, Model, look
from ..terms import finishes, sheaths

METRE: dict[str, Any] = {"unit": "m", "pack_unit": "roll", "pack": 100}


def areas(*rows: tuple[str, float, str], cores: int = 1) -> list[Model]:
    return [
        Model(code, price, {"mm2": f"{mm2:g}"}, {"cross_section": mm2, "cores": cores})
        for code, mm2, price in rows
    ]


FAMILIES = [
    Family(
        "BV",
        "cables",
        "cable",
        "Cable product",
        "Single-core wire BV {mm2} mm²",
        "BV 单芯硬线 {mm2} 平方",
        "Oxygen-free copper, full gauge, sold by the 100 m roll.",
        "无氧铜足平方，100 米整卷。",
        look("coil"),
        areas(
            ("15", 1.5, "1.28"),
            ("25", 2.5, "2.05"),
            ("40", 4, "3.26"),
            ("60", 6, "4.88"),
            ("100", 10, "8.35"),
        ),
        sheaths("red", "blue", "green-yellow", "black"),
        {"voltage": "450/750"},
        **METRE,
        minimum=100,
        whole_packs=True,
        weight="0.04",
    ),
    Family(
        "BVR",
        "cables",
        "cable",
        "Cable product",
        "Flexible wire BVR {mm2} mm²",
        "BVR 多股软线 {mm2} 平方",
        "Nineteen strands and more: pulls through bends.",
        "多股绞合，穿管更轻松。",
        look("coil", thick=32),
        areas(("15", 1.5, "1.36"), ("25", 2.5, "2.18"), ("40", 4, "3.45"), ("60", 6, "5.15")),
        sheaths("red", "blue", "green-yellow"),
        {"voltage": "450/750"},
        **METRE,
        minimum=100,
        whole_packs=True,
        weight="0.04",
    ),
    Family(
        "RV2",
        "cables",
        "cable",
        "Cable product",
        "Sheathed cable RVV 2 × {mm2} mm²",
        "RVV 护套线 2×{mm2}",
        "Soft, round, cut to the decimetre.",
        "柔软圆形，可按分米裁切。",
        look("cable", cores=2, colour="white"),
        areas(("10", 1, "2.15"), ("15", 1.5, "2.98"), ("25", 2.5, "4.75"), cores=2),
        (),
        {"voltage": "300/500", "sheath": "white"},
        **METRE,
        minimum=5,
        weight="0.09",
    ),
    Family(
        "RV3",
        "cables",
        "cable",
        "Cable product",
        "Sheathed cable RVV 3 × {mm2} mm²",
        "RVV 护套线 3×{mm2}",
        "With earth, for appliances and machines.",
        "带地线，适合电器与设备。",
        look("cable", cores=3),
        areas(("15", 1.5, "4.25"), ("25", 2.5, "6.85"), ("40", 4, "10.60"), cores=3),
        (),
        {"voltage": "300/500", "sheath": "black"},
        **METRE,
        minimum=5,
        weight="0.14",
    ),
    Family(
        "YJ5",
        "cables",
        "cable",
        "Cable product",
        "Power cable YJV 5 × {mm2} mm²",
        "YJV 电力电缆 5×{mm2}",
        "Cross-linked, for risers and feeders.",
        "交联绝缘，适合竖井与干线。",
        look("cable", cores=5),
        areas(("40", 4, "18.60"), ("60", 6, "27.20"), ("100", 10, "44.50"), cores=5),
        (),
        {"voltage": "600/1000", "sheath": "black"},
        **METRE,
        minimum=10,
        weight="0.4",
    ),
    Family(
        "PS",
        "cables",
        "wiring",
        "Cable product",
        "Power strip, {n} outlets",
        "排插 {n} 插位",
        "Overload switch, 1.8 m lead, hanging holes.",
        "过载保护开关，1.8 米线，可挂墙。",
        look("extension"),
        [
            Model(str(n), price, {"n": n}, {"outlets": n, "length": 1.8}, {"outlets": n})
            for n, price in ((3, "24.00"), (4, "29.00"), (6, "38.00"), (8, "49.00"))
        ],
        finishes("white", "black", option="sheath", look="colour"),
        {"voltage": "250"},
        pack=20,
        weight="0.5",
    ),
    Family(
        "RE",
        "cables",
        "wiring",
        "Cable product",
        "Cable reel {n} m",
        "移动电缆盘 {n} 米",
        "Four outlets, thermal cut-out, steel frame.",
        "四插位、热保护、钢架。",
        look("extension", reel=True),
        [
            Model(str(n), price, {"n": n}, {"outlets": 4, "length": n})
            for n, price in ((20, "148.00"), (30, "186.00"), (50, "268.00"))
        ],
        (),
        {"voltage": "250", "sheath": "black"},
        pack=2,
        weight="5.2",
    ),
]
