"""Everything Lanhe Electric makes, category by category."""

from __future__ import annotations

from ..families import Family
from . import (
    boxes,
    breakers,
    bulbs,
    cables,
    control,
    downlights,
    linear,
    outdoor,
    panels,
    sockets,
    strips,
    switches,
)

FAMILIES: list[Family] = [
    family
    for module in (
        bulbs,
        downlights,
        panels,
        strips,
        linear,
        outdoor,
        switches,
        sockets,
        breakers,
        boxes,
        cables,
        control,
    )
    for family in module.FAMILIES
]
