"""Strips, profiles, tubes, battens and what stands outdoors."""

from __future__ import annotations

import math

from .canvas import Canvas, Paint, area, bezier, glow, mix, oval, paint, rect, ring, stroke, turned
from .lamps import DARK, FINISH, LIGHT, STEEL, WHITE, _aura, light

COLOURS = {**{tone: pair[1] for tone, pair in LIGHT.items()}, "rgb": "#8f7bff"}


def strip(board: Canvas, *, tone: str = "warm", sealed: bool = False) -> None:
    """A reel of LED strip with its end let out."""
    shine = COLOURS[tone]
    board.fill(oval(470, 470, 340), mix(shine, "#ffffff", 0.4), blur=60, opacity=0.5)
    board.body(oval(470, 470, 330), paint("#ffffff", "#eceff2", "#cdd4db"), drop=24)
    for turn in range(6):
        across = 300 - turn * 32
        board.fill(
            ring(470, 470, across, 23),
            paint("#fdfdfc", "#e9e6dc") if not sealed else paint("#f4f8fb", "#d5e2ec"),
        )
        for step in range(int(across / 7)):
            angle = step * 2 * math.pi / int(across / 7)
            x, y = 470 + (across - 11) * math.cos(angle), 470 + (across - 11) * math.sin(angle)
            tint = ("#ff8f8f", "#9be7a4", "#8fb4ff")[step % 3] if tone == "rgb" else shine
            board.dot(x, y, 6.5, mix(tint, "#ffffff", 0.15))
    board.fill(oval(470, 470, 108), paint("#f6f7f9", "#c9d0d8"))
    board.fill(oval(470, 470, 66), paint("#d6dbe1", "#f4f6f8"))
    tail = bezier((470, 790), (640, 800), (720, 700), (900, 806))
    board.shadow(stroke(tail, 44), drop=10, opacity=0.25)
    board.fill(stroke(tail, 44), paint("#fbfaf6", "#e6e2d6"))
    for index, (x, y) in enumerate(tail[2::3]):
        tint = ("#ff8f8f", "#9be7a4", "#8fb4ff")[index % 3] if tone == "rgb" else shine
        board.fill(rect(x - 13, y - 11, x + 13, y + 11, 4), glow("#ffffff", mix(tint, "#ffffff", 0.2), tint))


def profile(board: Canvas, *, tone: str = "neutral", finish: str = "silver") -> None:
    """An aluminium profile with its diffuser, seen along its length."""
    coat = FINISH[finish]
    top = [(140, 640), (700, 190), (880, 270), (330, 760)]
    board.body(area(*top), Paint((coat.stops[0], coat.stops[1], coat.stops[0]), 30), drop=26)
    slot = [(190, 650), (704, 232), (812, 280), (308, 716)]
    board.fill(area(*slot), light(tone))
    board.fill(
        area((330, 760), (880, 270), (880, 372), (330, 868)), Paint((coat.stops[1], coat.stops[2]), 60)
    )
    board.fill(area((140, 640), (330, 760), (330, 868), (140, 742)), Paint((coat.stops[2], coat.stops[1]), 0))
    board.fill(area((176, 690), (300, 768), (300, 826), (176, 742)), "#353c46", opacity=0.75)


def tube(board: Canvas, *, tone: str = "cool", count: int = 1) -> None:
    """Glass tubes with their caps."""
    for index in range(count):
        shift = (index - (count - 1) / 2) * 130
        ends = [(130 + shift * 0.5, 690 + shift * 0.8), (870 + shift * 0.5, 310 + shift * 0.8)]
        board.fill(stroke(ends, 130), mix(LIGHT[tone][1], "#ffffff", 0.3), blur=40, opacity=0.6)
        board.shadow(stroke(ends, 78), drop=30, opacity=0.22)
        board.fill(
            stroke(ends, 78), Paint((mix(LIGHT[tone][1], "#ffffff", 0.4), "#ffffff", LIGHT[tone][1]), 75)
        )
        for x, y in (0.0, 0.11), (0.89, 1.0):
            cap = [_between(ends, x), _between(ends, y)]
            board.fill(stroke(cap, 80), paint("#fdfefe", "#c4ccd4", "#8c96a2", angle=75))
        for end, way in ((ends[0], -1), (ends[1], 1)):
            for off in (-14, 14):
                pin = [
                    (end[0] + way * 24 + off * 0.4, end[1] - way * 12 + off),
                    (end[0] + way * 62 + off * 0.4, end[1] - way * 32 + off),
                ]
                board.fill(stroke(pin, 9), STEEL)


def _between(ends: list[tuple[float, float]], share: float) -> tuple[float, float]:
    (x1, y1), (x2, y2) = ends
    return x1 + (x2 - x1) * share, y1 + (y2 - y1) * share


def batten(board: Canvas, *, tone: str = "neutral", sealed: bool = False) -> None:
    """A linear light with its housing; ``sealed``: the damp-proof one with clips."""
    ends = [(120, 660), (880, 350)]
    low = [(x, y + 44) for x, y in ends]
    board.shadow(stroke(low, 120), drop=26, opacity=0.25)
    board.fill(stroke(low, 120), paint("#c8d0d8", "#8e98a4") if sealed else paint("#f2f4f6", "#b7c0c9"))
    board.fill(stroke(ends, 120), Paint((LIGHT[tone][0], LIGHT[tone][0], LIGHT[tone][1]), 75))
    board.fill(stroke([(x, y - 34) for x, y in ends], 14), "#ffffff", blur=6, opacity=0.9)
    if sealed:
        for share in (0.12, 0.5, 0.88):
            x, y = _between(ends, share)
            board.fill(rect(x - 20, y - 76, x + 20, y + 110, 9), STEEL)
        board.fill(stroke([(870, 395), (945, 402)], 44), DARK)
    else:
        for share in (0.0, 1.0):
            x, y = _between(ends, share)
            board.fill(oval(x, y + 16, 52, 78), WHITE)


def flood(board: Canvas, *, tone: str = "cool", finish: str = "black", cells: int = 3) -> None:
    """A flood light: frame, glass with its field of LEDs, bracket."""
    board.ground(500, 885, 250)
    bracket = [(210, 470), (190, 840), (250, 872), (750, 872), (810, 840), (790, 470)]
    board.fill(stroke(bracket, 34), FINISH["grey"])
    board.body(rect(170, 190, 830, 690, 44), FINISH[finish], drop=22)
    for x in range(215, 800, 42):
        board.fill(rect(x, 176, x + 14, 204, 5), FINISH[finish])
    board.fill(rect(214, 232, 786, 648, 26), paint("#eef2f5", "#cbd3db", "#f5f7f9"))
    wide, high = 480 / (cells * 2), 330 / cells
    for row in range(cells):
        for column in range(cells * 2):
            x, y = 272 + column * (wide - 4) + wide / 3, 262 + row * high + high / 2
            board.fill(
                rect(x - wide * 0.32, y - high * 0.3, x + wide * 0.32, y + high * 0.3, 8),
                glow(
                    "#ffffff", LIGHT[tone][0], mix(LIGHT[tone][1], "#e3a83c", 0.18 if tone == "warm" else 0)
                ),
            )
    board.fill(area((214, 500), (560, 232), (690, 232), (214, 610)), "#ffffff", opacity=0.22)
    for x in (204, 796):
        board.fill(oval(x, 470, 30), FINISH["silver"])
        board.fill(oval(x, 470, 13), DARK)


def bulkhead(board: Canvas, *, tone: str = "neutral", finish: str = "grey") -> None:
    """An oval wall lamp behind a guard."""
    _aura(board, 500, 500, 360, tone)
    board.body(oval(500, 500, 375, 265), FINISH[finish], drop=28)
    board.fill(oval(500, 492, 318, 212), light(tone))
    for share in (-0.5, 0, 0.5):
        x = 500 + share * 360
        half = 228 * math.sqrt(1 - share * share * 0.8)
        board.fill(stroke([(x, 496 - half), (x, 496 + half)], 24), FINISH[finish])
    board.fill(stroke([(150, 496), (850, 496)], 24), FINISH[finish])
    for x in (150, 850):
        board.fill(oval(x, 500, 24), FINISH["silver"])


def street(board: Canvas, *, tone: str = "neutral", finish: str = "grey") -> None:
    """The head of a street light on its arm."""
    _aura(board, 380, 660, 280, tone)
    board.body(area((690, 420), (960, 470), (960, 540), (690, 520)), FINISH[finish])
    head = (
        bezier((120, 560), (150, 360), (430, 300), (760, 400))
        + [(780, 540)]
        + bezier((780, 540), (560, 610), (280, 640), (120, 560))
    )
    board.body(area(*head), FINISH[finish], drop=26)
    for x in range(300, 700, 52):
        board.fill(stroke([(x, 372 - (x - 300) * 0.02), (x + 26, 520)], 8), "#000000", opacity=0.14)
    glass = bezier((160, 562), (300, 520), (520, 500), (720, 530)) + bezier(
        (720, 530), (520, 612), (300, 632), (160, 562)
    )
    board.fill(area(*glass), light(tone))
    for column in range(7):
        for row in range(2):
            board.fill(oval(260 + column * 62, 568 + row * 28 - column * 4, 19, 9), "#ffffff", opacity=0.95)


def bollard(board: Canvas, *, tone: str = "warm", finish: str = "black") -> None:
    """A garden light: a post with a lit head."""
    coat = FINISH[finish]
    side = Paint((coat.stops[0], coat.stops[1], coat.stops[2], coat.stops[1]), 0)
    _aura(board, 500, 280, 260, tone)
    board.ground(500, 900, 200)
    board.fill(oval(500, 882, 150, 30), coat)
    board.body(rect(430, 330, 570, 880, 8), side)
    board.fill(rect(436, 210, 564, 330), light(tone))
    for y in (240, 272, 304):
        board.fill(rect(428, y, 572, y + 9, 3), side)
    board.body(rect(416, 150, 584, 214, 18), side)


def spike(board: Canvas, *, tone: str = "warm", finish: str = "black") -> None:
    """A garden spotlight on a spike."""
    coat = FINISH[finish]
    _aura(board, 660, 250, 230, tone)
    board.ground(470, 905, 110)
    board.fill(area((440, 620), (500, 620), (474, 900), (464, 900)), coat)
    board.fill(stroke([(470, 630), (470, 520)], 34), FINISH["grey"])
    board.body(
        area(*turned([(330, 300), (600, 270), (600, 520), (330, 490)], -32, (470, 400))),
        Paint((coat.stops[0], coat.stops[1], coat.stops[2]), 60),
    )
    lens = turned([(600, 395)], -32, (470, 400))[0]
    board.fill(
        area(*turned([(590, 262), (624, 258), (624, 532), (590, 528)], -32, (470, 400))), FINISH["silver"]
    )
    board.fill(area(*turned([(612, 280), (640, 276), (640, 514), (612, 510)], -32, (470, 400))), light(tone))
    board.fill(oval(*lens, 40), "#ffffff", blur=24, opacity=0.7)
