"""Distribution boxes."""

from __future__ import annotations

from ..families import Family, Model, look
from .figures import plain


def ways(*rows: tuple[int, str], rows_of: int = 1) -> list[Model]:
    return [
        Model(
            f"{n:02d}", price, {"n": n}, {"modules": n}, {"rows": rows_of, "modules": min(n // rows_of, 10)}
        )
        for n, price in rows
    ]


FAMILIES = [
    Family(
        "XF",
        "boxes",
        "protection",
        "Protection device",
        "Flush box, {n} ways",
        "暗装配电箱 {n} 回路",
        "Powder-coated steel, hinges on either side.",
        "喷塑钢箱，左右可换门。",
        look("board_box"),
        ways((6, "42.00"), (9, "52.00"), (12, "62.00"), (15, "76.00"), (18, "88.00")),
        (),
        {"ip": "IP30"},
        pack=5,
        weight="1.4",
    ),
    Family(
        "XG",
        "boxes",
        "protection",
        "Protection device",
        "Flush box two rows, {n} ways",
        "暗装双排配电箱 {n} 回路",
        "Room for the whole flat.",
        "整套住宅一箱搞定。",
        look("board_box"),
        ways((20, "108.00"), (24, "128.00"), (36, "168.00"), rows_of=2),
        (),
        {"ip": "IP30"},
        pack=3,
        weight="2.8",
    ),
    Family(
        "XS",
        "boxes",
        "protection",
        "Protection device",
        "Surface box, {n} ways",
        "明装配电箱 {n} 回路",
        "Halogen-free plastic with rail and bars.",
        "无卤阻燃塑壳，含导轨与端子排。",
        look("board_box", colour="grey"),
        ways((4, "22.00"), (8, "32.00"), (12, "42.00"), (16, "54.00"), (20, "66.00")),
        (),
        {"ip": "IP40"},
        pack=10,
        weight="0.7",
    ),
    Family(
        "XW",
        "boxes",
        "protection",
        "Protection device",
        "Weatherproof box, {n} ways",
        "防水配电箱 {n} 回路",
        "Sealed lid, screws that cannot get lost.",
        "密封盖板，防脱螺丝。",
        look("board_box", colour="grey"),
        ways((5, "46.00"), (8, "58.00"), (12, "76.00"), (18, "108.00")),
        (),
        {"ip": "IP65"},
        pack=6,
        weight="1.1",
    ),
    Family(
        "XB",
        "boxes",
        "wiring",
        "Protection device",
        "Back box, {name}",
        "底盒 {zh}",
        "Flame-retardant, knock-outs on five sides.",
        "阻燃料，五面敲落孔。",
        look("junction"),
        plain(
            ("50", "50 mm deep", "86 型 50 深", "1.60"),
            ("60", "60 mm deep", "86 型 60 深", "1.85"),
            ("D", "double", "双联", "3.40"),
            ("C", "ceiling", "灯头盒 八角", "1.90"),
            ("R", "for repairs", "修复器", "1.20"),
        ),
        (),
        {"ip": "IP20"},
        pack=200,
        minimum=50,
        whole_packs=False,
        weight="0.05",
    ),
]
