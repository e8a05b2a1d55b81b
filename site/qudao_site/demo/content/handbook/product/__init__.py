"""Product knowledge: what a dealer must know to choose the right thing and to explain it."""

from __future__ import annotations

from ..shapes import handbook
from . import cable, lamps, light, outdoor, protection, strips, wiring

PRODUCT = handbook(
    "product-knowledge",
    ("Product knowledge", "产品知识"),
    (
        "How to choose, compare and explain everything Lanhe makes, line by line.",
        "按产品线讲清楚：怎么选、怎么比、怎么跟客户说。",
    ),
    light.CHAPTER,
    lamps.CHAPTER,
    strips.CHAPTER,
    outdoor.CHAPTER,
    wiring.CHAPTER,
    protection.CHAPTER,
    cable.CHAPTER,
)
