"""Reads token files as a browser would: the theme's defaults, a brand's values over them, light or dark."""

import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "themes" / "qudao_themes" / "static" / "qudao_themes"
BRANDS = sorted(folder.name for folder in (STATIC / "brands").iterdir() if folder.is_dir())

_TOKEN = re.compile(r"(--qd-[\w-]+)\s*:\s*([^;]+);")
_BOTH = re.compile(r"light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
_HEX = re.compile(r"#[0-9a-f]{6}")


def colours(brand: str, scheme: str) -> dict[str, str]:
    """Every colour token of ``brand`` in ``scheme`` (light, dark): name without the prefix → #rrggbb."""
    text = (STATIC / "css" / "tokens.css").read_text("utf-8")
    text += (STATIC / "brands" / brand / "tokens.css").read_text("utf-8")
    found: dict[str, str] = {}
    for name, value in _TOKEN.findall(text):
        key = name.removeprefix("--qd-")
        if both := _BOTH.fullmatch(value.strip()):
            found[key] = both.group(1 if scheme == "light" else 2)
        elif _HEX.fullmatch(value.strip()):
            found[key] = value.strip()
    return found


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
