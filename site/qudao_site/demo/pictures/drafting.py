"""A drawing board for technical figures: ink on white, standard wire colours, labels that need no language.

Coordinates are the pixels of the finished picture. Letters are Pillow's own: ASCII and the degree sign.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from .canvas import Point

WIDTH = 1600
OVERSAMPLE = 2
INK, SOFT, FAINT, PAPER = "#1f2a37", "#66717f", "#dfe4ea", "#ffffff"
LINE, NEUTRAL, EARTH, LIVE = "#9a4b1f", "#2566c4", "#2c8a47", "#d23b2b"
WARM, COLD, GLASS = "#ffd27a", "#cfe0f5", "#eef3f9"


@cache
def _letters(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


class Sheet:
    """One figure in the making."""

    def __init__(self, height: int = 900, width: int = WIDTH) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * OVERSAMPLE, height * OVERSAMPLE), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [(x * OVERSAMPLE, y * OVERSAMPLE) for x, y in points]

    def line(self, *points: Point, colour: str = INK, width: float = 4, dash: float = 0) -> None:
        """A line through the points; ``dash`` is the length of a stroke and of a gap."""
        if dash:
            for start, end in zip(points, points[1:], strict=False):
                self._dashed(start, end, colour, width, dash)
            return
        self.pen.line(self._at(points), fill=colour, width=round(width * OVERSAMPLE), joint="curve")

    def _dashed(self, start: Point, end: Point, colour: str, width: float, dash: float) -> None:
        length = math.dist(start, end) or 1
        steps = [min(each * dash, length) / length for each in range(math.ceil(length / dash) + 1)]
        for one, two in list(zip(steps, steps[1:], strict=False))[::2]:
            self.line(_between(start, end, one), _between(start, end, two), colour=colour, width=width)

    def area(self, *points: Point, fill: str, edge: str = "") -> None:
        self.pen.polygon(self._at(points), fill=fill)
        if edge:
            self.line(*points, points[0], colour=edge, width=3)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        fill: str = PAPER,
        edge: str = INK,
        radius: float = 0,
    ) -> None:
        corners = [each * OVERSAMPLE for each in (left, top, right, bottom)]
        self.pen.rounded_rectangle(
            corners, radius * OVERSAMPLE, fill=fill, outline=edge, width=3 * OVERSAMPLE
        )

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str | None = PAPER,
        edge: str = INK,
        width: float = 4,
    ) -> None:
        corners = [each * OVERSAMPLE for each in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.ellipse(corners, fill=fill, outline=edge, width=round(width * OVERSAMPLE))

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        start: float,
        end: float,
        *,
        colour: str = SOFT,
        width: float = 3,
    ) -> None:
        """Degrees clockwise from three o'clock."""
        corners = [each * OVERSAMPLE for each in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.arc(corners, start, end, fill=colour, width=round(width * OVERSAMPLE))

    def text(
        self, x: float, y: float, words: str, *, size: int = 34, anchor: str = "mm", colour: str = INK
    ) -> None:
        place = (x * OVERSAMPLE, y * OVERSAMPLE)
        self.pen.text(place, words, fill=colour, font=_letters(size * OVERSAMPLE), anchor=anchor)

    def arrow(
        self, start: Point, end: Point, *, colour: str = INK, width: float = 4, head: float = 18
    ) -> None:
        self.line(start, end, colour=colour, width=width)
        self._head(start, end, colour, head)

    def _head(self, start: Point, end: Point, colour: str, head: float) -> None:
        angle = math.atan2(end[1] - start[1], end[0] - start[0])
        wings = [
            (end[0] - head * math.cos(angle + turn), end[1] - head * math.sin(angle + turn))
            for turn in (0.4, -0.4)
        ]
        self.area(end, *wings, fill=colour)

    def measure(self, start: Point, end: Point, words: str, *, side: float = -28) -> None:
        """A dimension line with a label ``side`` pixels beside its middle."""
        self.line(start, end, colour=SOFT, width=2.5)
        self._head(start, end, SOFT, 16)
        self._head(end, start, SOFT, 16)
        x, y = _between(start, end, 0.5)
        upright = abs(end[0] - start[0]) < abs(end[1] - start[1])
        self.text(x + side if upright else x, y if upright else y + side, words, size=32)

    # --- Symbols ------------------------------------------------------------------------------------------------------

    def dot(self, x: float, y: float, colour: str = INK) -> None:
        """Where wires are joined."""
        self.circle(x, y, 9, fill=colour, edge=colour)

    def terminal(self, x: float, y: float, words: str = "", *, below: bool = False) -> None:
        self.circle(x, y, 13)
        if words:
            self.text(x, y + (42 if below else -40), words, size=30)

    def lamp(self, x: float, y: float, radius: float = 46) -> None:
        reach = radius * 0.7
        self.circle(x, y, radius, fill=WARM)
        self.line((x - reach, y - reach), (x + reach, y + reach))
        self.line((x - reach, y + reach), (x + reach, y - reach))

    def earth(self, x: float, y: float, colour: str = EARTH) -> None:
        self.line((x, y), (x, y + 24), colour=colour, width=5)
        for row, reach in enumerate((32, 20, 8)):
            self.line((x - reach, y + 24 + row * 14), (x + reach, y + 24 + row * 14), colour=colour, width=5)

    def finished(self) -> Image.Image:
        return self.image.reduce(OVERSAMPLE)

    def png(self) -> bytes:
        target = io.BytesIO()
        self.finished().save(target, "PNG", compress_level=6)
        return target.getvalue()


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


class Plot:
    """Axes on a sheet; ``across`` and ``up`` are the ranges, logarithmic where asked."""

    def __init__(
        self,
        sheet: Sheet,
        across: Point,
        up: Point,
        *,
        logarithmic: bool = False,
        box: tuple[int, int, int, int] = (190, 70, 1520, 760),
    ) -> None:
        self.sheet, self.across, self.up, self.logarithmic, self.frame = sheet, across, up, logarithmic, box

    def at(self, x: float, y: float) -> Point:
        left, top, right, bottom = self.frame
        return (
            left + self._share(x, self.across) * (right - left),
            bottom - self._share(y, self.up) * (bottom - top),
        )

    def _share(self, value: float, between: Point) -> float:
        low, high = between
        if self.logarithmic:
            return math.log(value / low) / math.log(high / low)
        return (value - low) / (high - low)

    def axes(self, marks: Sequence[float], heights: Sequence[float], across: str, up: str) -> None:
        """Grid lines at the values, with their figures; what the axes are."""
        left, top, right, bottom = self.frame
        for mark in marks:
            x = self.at(mark, self.up[0])[0]
            self.sheet.line((x, top), (x, bottom), colour=FAINT, width=2)
            self.sheet.text(x, bottom + 34, f"{mark:g}", size=30)
        for height in heights:
            y = self.at(self.across[0], height)[1]
            self.sheet.line((left, y), (right, y), colour=FAINT, width=2)
            self.sheet.text(left - 20, y, f"{height:g}", size=30, anchor="rm")
        self.sheet.line((left, top), (left, bottom), (right, bottom), width=4)
        self.sheet.text(right - 120, bottom + 84, across, size=34, anchor="rm", colour=SOFT)
        self.sheet.text(left - 20, top - 44, up, size=34, anchor="rm", colour=SOFT)

    def curve(self, points: Sequence[Point], colour: str, width: float = 6) -> None:
        self.sheet.line(*(self.at(*point) for point in points), colour=colour, width=width)
