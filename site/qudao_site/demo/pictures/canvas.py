"""A small drawing board for product pictures: soft gradients, soft shadows, one light from the upper left.

Coordinates run from 0 to 1000 in both directions, whatever the size in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]
Colour = tuple[int, int, int]
Mask = Image.Image
#: Drawn this much larger than it is kept, so that edges are smooth.
OVERSAMPLE = 2


def colour(text: str) -> Colour:
    return ImageColor.getrgb(text)[:3]


def mix(one: str, two: str, share: float) -> str:
    """``share`` of the way from one colour to the other."""
    mixed = (round(a + (b - a) * share) for a, b in zip(colour(one), colour(two), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*mixed)


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours along a line: ``angle`` 0 runs from left to right, 90 from top to bottom; or from the middle
    outwards.
    """

    stops: tuple[str, ...]
    angle: float = 60
    radial: bool = False


def paint(*stops: str, angle: float = 60) -> Paint:
    return Paint(stops if len(stops) > 1 else stops * 2, angle)


def glow(*stops: str) -> Paint:
    """From the middle outwards."""
    return Paint(stops, radial=True)


@lru_cache(maxsize=64)
def _ramp(angle: float, radial: bool) -> Mask:
    """A grey ramp of 256 × 256 to be coloured and stretched."""
    if radial:
        return Image.radial_gradient("L")
    across = math.radians(angle)
    plain = Image.linear_gradient("L").rotate(90 - angle, resample=Image.Resampling.BICUBIC)
    if not angle % 90 > 0:
        return plain
    reach = abs(math.cos(across)) + abs(math.sin(across))
    big = Image.linear_gradient("L").resize((512, 512)).rotate(90 - angle, resample=Image.Resampling.BICUBIC)
    edge = round(256 / reach / 2)
    return big.crop((256 - edge, 256 - edge, 256 + edge, 256 + edge)).resize((256, 256))


def _coloured(ramp: Mask, stops: Sequence[str]) -> Image.Image:
    colours = [colour(each) for each in stops]
    steps = len(colours) - 1

    def channel(index: int) -> list[int]:
        table = []
        for value in range(256):
            place = value / 255 * steps
            lower = min(int(place), steps - 1)
            one, two = colours[lower][index], colours[lower + 1][index]
            table.append(round(one + (two - one) * (place - lower)))
        return table

    return Image.merge("RGB", [ramp.point(channel(index)) for index in range(3)])


Shape = Callable[[ImageDraw.ImageDraw, "Canvas"], None]


def rect(left: float, top: float, right: float, bottom: float, radius: float = 0) -> Shape:
    def draw(pen: ImageDraw.ImageDraw, board: Canvas) -> None:
        pen.rounded_rectangle(board.box(left, top, right, bottom), board.length(radius), fill=255)

    return draw


def oval(x: float, y: float, across: float, down: float | None = None) -> Shape:
    """An ellipse around (x, y) with the two radii."""
    down = across if down is None else down

    def draw(pen: ImageDraw.ImageDraw, board: Canvas) -> None:
        pen.ellipse(board.box(x - across, y - down, x + across, y + down), fill=255)

    return draw


def area(*points: Point) -> Shape:
    def draw(pen: ImageDraw.ImageDraw, board: Canvas) -> None:
        pen.polygon([board.at(point) for point in points], fill=255)

    return draw


def stroke(points: Sequence[Point], width: float) -> Shape:
    """A round line through the points."""

    def draw(pen: ImageDraw.ImageDraw, board: Canvas) -> None:
        thick = board.length(width)
        pen.line([board.at(point) for point in points], fill=255, width=round(thick), joint="curve")
        for point in (points[0], points[-1]):
            x, y = board.at(point)
            pen.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)

    return draw


def ring(x: float, y: float, across: float, width: float, down: float | None = None) -> Shape:
    down = across if down is None else down

    def draw(pen: ImageDraw.ImageDraw, board: Canvas) -> None:
        pen.ellipse(
            board.box(x - across, y - down, x + across, y + down),
            outline=255,
            width=round(board.length(width)),
        )

    return draw


def bezier(start: Point, first: Point, second: Point, end: Point, steps: int = 28) -> list[Point]:
    """Points on a cubic curve."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append(
            (
                a * start[0] + b * first[0] + c * second[0] + d * end[0],
                a * start[1] + b * first[1] + c * second[1] + d * end[1],
            )
        )
    return points


def mirrored(points: Sequence[Point], axis: float = 500) -> list[Point]:
    """The outline of something symmetrical: its right side down, then its left side up."""
    return [*points, *((2 * axis - x, y) for x, y in reversed(points))]


def turned(points: Sequence[Point], degrees: float, middle: Point = (500, 500)) -> list[Point]:
    angle = math.radians(degrees)
    sine, cosine = math.sin(angle), math.cos(angle)
    return [
        (
            middle[0] + (x - middle[0]) * cosine - (y - middle[1]) * sine,
            middle[1] + (x - middle[0]) * sine + (y - middle[1]) * cosine,
        )
        for x, y in points
    ]


@dataclass(slots=True)
class Canvas:
    """One picture in the making."""

    size: int
    image: Image.Image = field(init=False)
    pixels: int = field(init=False)

    def __post_init__(self) -> None:
        self.pixels = self.size * OVERSAMPLE
        ground = _coloured(_ramp(0, True), ("#fbfbfa", "#f6f6f5", "#ecedee"))
        self.image = ground.resize((self.pixels, self.pixels), Image.Resampling.BILINEAR)

    def length(self, units: float) -> float:
        return units * self.pixels / 1000

    def at(self, point: Point) -> Point:
        return self.length(point[0]), self.length(point[1])

    def box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return self.length(left), self.length(top), self.length(right), self.length(bottom)

    def mask(self, shape: Shape, *, minus: Shape | None = None, within: Shape | None = None) -> Mask:
        mask = self._mask(shape)
        if minus:
            mask = ImageChops.subtract(mask, self._mask(minus))
        return ImageChops.multiply(mask, self._mask(within)) if within else mask

    def _mask(self, shape: Shape) -> Mask:
        mask = Image.new("L", (self.pixels, self.pixels))
        shape(ImageDraw.Draw(mask), self)
        return mask

    def fill(
        self,
        shape: Shape,
        with_: Paint | str,
        *,
        opacity: float = 1,
        blur: float = 0,
        minus: Shape | None = None,
        within: Shape | None = None,
    ) -> Canvas:
        """Paint a shape; ``blur`` softens its edge, ``opacity`` below 1 lets through what is under it."""
        mask = self._softened(self.mask(shape, minus=minus, within=within if not blur else None), blur)
        if blur and within:
            mask = ImageChops.multiply(mask, self._mask(within))
        box = mask.getbbox()
        if box is None:
            return self
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        chosen = with_ if isinstance(with_, Paint) else paint(with_)
        width, height = box[2] - box[0], box[3] - box[1]
        coat = _coloured(_ramp(chosen.angle, chosen.radial), chosen.stops).resize(
            (width, height), Image.Resampling.BILINEAR
        )
        self.image.paste(coat, box[:2], mask.crop(box))
        return self

    def _softened(self, mask: Mask, blur: float) -> Mask:
        """Blurred at a quarter of the size, which is as soft and far quicker."""
        if not blur:
            return mask
        small = mask.resize((self.pixels // 4, self.pixels // 4), Image.Resampling.BOX)
        soft = small.filter(ImageFilter.GaussianBlur(self.length(blur) / 4))
        return soft.resize(mask.size, Image.Resampling.BILINEAR)

    def shadow(self, shape: Shape, *, drop: float = 14, blur: float = 22, opacity: float = 0.28) -> Canvas:
        """A soft shadow of ``shape``, a little below it."""
        mask = ImageChops.offset(self._mask(shape), round(self.length(drop / 2)), round(self.length(drop)))
        soft = self._softened(mask, blur).point([round(value * opacity) for value in range(256)])
        self.image.paste(colour("#39424f"), (0, 0), soft)
        return self

    def ground(self, x: float, y: float, across: float, opacity: float = 0.3) -> Canvas:
        """What stands on the table throws this."""
        return self.fill(oval(x, y, across, across * 0.13), "#2f3844", blur=18, opacity=opacity)

    def body(self, shape: Shape, with_: Paint | str, *, drop: float = 14) -> Canvas:
        """A solid part: its shadow, then itself."""
        return self.shadow(shape, drop=drop).fill(shape, with_)

    def finished(self) -> Image.Image:
        return self.image.reduce(OVERSAMPLE)

    def dot(self, x: float, y: float, across: float, shade: str) -> None:
        """A plain spot, quick enough for hundreds of them."""
        ImageDraw.Draw(self.image).ellipse(
            self.box(x - across, y - across, x + across, y + across), fill=colour(shade)
        )

    def tick(
        self, x: float, y: float, inner: float, outer: float, turn: float, width: float, shade: str
    ) -> None:
        """A mark on a dial; ``turn`` is the share of the full circle from the top."""
        angle = turn * 2 * math.pi
        sine, cosine = math.sin(angle), math.cos(angle)
        ends = [(x + reach * sine, y - reach * cosine) for reach in (inner, outer)]
        pen = ImageDraw.Draw(self.image)
        pen.line([self.at(end) for end in ends], fill=colour(shade), width=round(self.length(width)))
