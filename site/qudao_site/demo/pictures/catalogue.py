"""Every drawing by name."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image

from . import lamps, lines, power, wiring
from .canvas import Canvas

SIZE = 640

_DRAWINGS: dict[str, Callable[..., None]] = {
    "bulb": lamps.bulb,
    "reflector": lamps.reflector,
    "downlight": lamps.downlight,
    "cylinder": lamps.cylinder,
    "panel": lamps.panel,
    "ceiling": lamps.ceiling,
    "strip": lines.strip,
    "profile": lines.profile,
    "tube": lines.tube,
    "batten": lines.batten,
    "flood": lines.flood,
    "bulkhead": lines.bulkhead,
    "street": lines.street,
    "bollard": lines.bollard,
    "spike": lines.spike,
    "switch": wiring.switch,
    "dimmer": wiring.dimmer,
    "touch": wiring.touch,
    "socket": wiring.socket,
    "data_socket": wiring.data_socket,
    "outdoor_socket": wiring.outdoor_socket,
    "breaker": wiring.breaker,
    "board_box": wiring.board_box,
    "junction": wiring.junction,
    "coil": power.coil,
    "cable": power.cable,
    "extension": power.extension,
    "driver": power.driver,
    "din_supply": power.din_supply,
    "meter": power.meter,
    "contactor": power.contactor,
    "sensor": power.sensor,
    "timer": power.timer,
}


def drawings() -> list[str]:
    """The names of all drawings."""
    return list(_DRAWINGS)


def draw(name: str, *, size: int = SIZE, **options: Any) -> Image.Image:
    """A square picture of ``size`` pixels: RGB, on a light neutral ground."""
    board = Canvas(size)
    _DRAWINGS[name](board, **options)
    return board.finished()


def render(wanted: tuple[str, Sequence[tuple[str, Any]]]) -> bytes:
    """A drawing with its options as WebP. Needs no Django, so that other processes may do it."""
    name, options = wanted
    target = io.BytesIO()
    draw(name, **dict(options)).save(target, "WEBP", quality=90, method=3)
    return target.getvalue()
