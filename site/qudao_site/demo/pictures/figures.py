"""The figures of the handbook by name."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from . import diagrams, schemes
from .drafting import Sheet

_FIGURES: dict[str, Callable[[], Sheet]] = {
    "colour-scale": diagrams.colour_scale,
    "beam-cones": diagrams.beam_cones,
    "light-distribution": diagrams.light_distribution,
    "flicker-waves": diagrams.flicker_waves,
    "ip-digits": diagrams.ip_digits,
    "downlight-section": diagrams.downlight_section,
    "strip-feed": schemes.strip_feed,
    "voltage-drop": diagrams.voltage_drop,
    "flood-mounting": diagrams.flood_mounting,
    "trip-curves": diagrams.trip_curves,
    "rcd-principle": schemes.rcd_principle,
    "safe-isolation": schemes.safe_isolation,
    "bathroom-zones": schemes.bathroom_zones,
    "flat-box": schemes.flat_box,
    "one-way": schemes.one_way,
    "two-way": schemes.two_way,
    "socket-rear": schemes.socket_rear,
    "tube-rewiring": schemes.tube_rewiring,
}


def figures() -> list[str]:
    """The names of all figures, in the order of their numbers."""
    return list(_FIGURES)


def number(name: str) -> str:
    """
    >>> number("colour-scale")
    'DWG-101'
    """
    return f"DWG-{101 + figures().index(name)}"


def draw_figure(name: str) -> Image.Image:
    """A figure as a picture, 1600 pixels wide."""
    return _FIGURES[name]().finished()


def render_figure(name: str) -> bytes:
    """A figure as PNG, 1600 pixels wide. Needs no Django, so that other processes may do it."""
    return _FIGURES[name]().png()
