"""How models are told apart: by power, by size, by name."""

from __future__ import annotations

from typing import Any

from ..families import Model

INDOOR = {"ip": "IP20", "cri": 80, "voltage": "220–240"}
DEVICE = {"voltage": "250", "rated_current": 10, "ip": "IP20"}


def watts(*rows: tuple[float, int, str], **extra: Any) -> list[Model]:
    """Models by power: (watts, lumens, list price)."""
    return [
        Model(f"{w:g}".replace(".", ""), price, {"w": f"{w:g}"}, {"power": w, "luminous_flux": lm, **extra})
        for w, lm, price in rows
    ]


def sized(*rows: tuple[str, str, float, int, str]) -> list[Model]:
    """Models by size and power: (code, size in mm, watts, lumens, list price)."""
    return [
        Model(code, price, {"w": f"{w:g}", "size": size}, {"power": w, "luminous_flux": lm, "size": size})
        for code, size, w, lm, price in rows
    ]


def plain(*rows: tuple[str, str, str, str], **attributes: Any) -> list[Model]:
    """Models that differ by name: (code, name, Chinese name, list price)."""
    return [Model(code, price, {"name": name, "zh": zh}, attributes) for code, name, zh, price in rows]
