"""Bulbs, downlights, panels."""

from __future__ import annotations

from .canvas import (
    Canvas,
    Paint,
    Point,
    area,
    bezier,
    glow,
    mirrored,
    mix,
    oval,
    paint,
    rect,
    ring,
    stroke,
)

WHITE = paint("#ffffff", "#f3f5f7", "#cfd5dc")
STEEL = paint("#f4f6f8", "#c3cad3", "#8e98a5", "#d9dee4", angle=0)
DARK = paint("#5a6370", "#343b46", "#20252d")
#: Light by colour temperature: (middle, edge).
LIGHT = {
    "warm": ("#fff6df", "#ffd98f"),
    "neutral": ("#fffdf4", "#ffefc9"),
    "cool": ("#ffffff", "#d3e8ff"),
}
FINISH = {
    "white": WHITE,
    "black": paint("#555d69", "#2b3139", "#171b20"),
    "grey": paint("#b6bec8", "#8a94a1", "#626c79"),
    "silver": paint("#f4f6f8", "#c3cad3", "#8e98a5"),
    "gold": paint("#f7e6bd", "#d9b871", "#a88443"),
    "bronze": paint("#b08a66", "#7d5b3e", "#513824"),
}


def light(tone: str) -> Paint:
    inner, outer = LIGHT[tone]
    return glow(inner, inner, outer)


def _aura(board: Canvas, x: float, y: float, reach: float, tone: str) -> None:
    """What shines lights up the air around it, faintly."""
    board.fill(oval(x, y, reach), mix(LIGHT[tone][1], "#ffffff", 0.25), blur=60, opacity=0.55)


def _screw(board: Canvas, top: float, across: float = 92, height: float = 150) -> None:
    """The metal base, its thread and its contact."""
    left, right, bottom = 500 - across, 500 + across, top + height
    board.fill(rect(left, top, right, bottom, 14), STEEL)
    for step in range(4):
        y = top + 22 + step * (height - 40) / 4
        slope = [(left - 6, y + 10), (right + 6, y - 8), (right + 6, y + 10), (left - 6, y + 28)]
        board.fill(area(*slope), paint("#fbfcfd", "#aab3be", "#7f8996", "#e6eaee", angle=0), opacity=0.95)
    board.fill(area((left + 22, bottom), (right - 22, bottom), (540, bottom + 42), (460, bottom + 42)), DARK)
    board.fill(oval(500, bottom + 44, 34, 12), paint("#e8d6a8", "#a58546"))


def _glass(board: Canvas, outline: list[Point], tone: str, *, clear: bool = False) -> None:
    shape = area(*outline)
    board.shadow(shape, drop=10, blur=30, opacity=0.18)
    if clear:
        board.fill(shape, paint("#ffffff", "#eef1f3", "#dfe4e8"), opacity=0.75)
        board.fill(shape, paint(LIGHT[tone][1], "#fffdf7"), opacity=0.35)
    else:
        board.fill(shape, light(tone))
    gleam = bezier((388, 420), (380, 320), (420, 240), (470, 205))
    board.fill(stroke(gleam, 22), "#ffffff", blur=8, opacity=0.85, within=shape)


def bulb(board: Canvas, *, tone: str = "warm", shape: str = "classic", clear: bool = False) -> None:
    """A bulb standing on nothing, base down; ``shape``: classic, candle, globe."""
    outlines = {
        "classic": bezier((500, 110), (690, 110), (745, 290), (690, 430))
        + bezier((690, 430), (640, 530), (600, 570), (592, 650)),
        "candle": bezier((500, 90), (540, 190), (650, 300), (632, 440))
        + bezier((632, 440), (615, 550), (585, 590), (582, 650)),
        "globe": bezier((500, 95), (740, 95), (800, 370), (690, 520))
        + bezier((690, 520), (630, 590), (600, 600), (592, 650)),
    }
    _aura(board, 500, 380, 330, tone)
    board.ground(500, 868, 150)
    _screw(board, 690, 88 if shape != "candle" else 78, 130)
    _glass(board, mirrored(outlines[shape]), tone, clear=clear)
    if clear:
        for x in (445, 482, 518, 555):
            line = [(x, 330 + abs(x - 500)), (500 + (x - 500) * 1.5, 520)]
            board.fill(stroke(line, 26), LIGHT[tone][1], blur=14, opacity=0.8)
            board.fill(stroke(line, 9), mix(LIGHT[tone][1], "#f0a93a", 0.6))
        board.fill(
            area((478, 700), (522, 700), (512, 540), (488, 540)), paint("#eef1f4", "#cbd2d9"), opacity=0.9
        )
    collar = area((404, 640), (596, 640), (588, 704), (412, 704))
    board.fill(collar, paint("#ffffff", "#e9ecef", "#b9c1ca", angle=0))


def reflector(board: Canvas, *, tone: str = "warm") -> None:
    """GU10: a faceted cup with two pins."""
    _aura(board, 500, 330, 300, tone)
    board.ground(500, 850, 130)
    cup = area(*mirrored([(500, 330), (740, 330), (640, 560), (590, 640), (590, 730), (500, 730)]))
    board.body(cup, paint("#fbfcfd", "#d5dbe1", "#a5afba", angle=20))
    for x in (-150, -90, -30, 30, 90, 150):
        board.fill(stroke([(500 + x * 1.35, 380), (500 + x * 0.75, 600)], 7), "#7d8894", opacity=0.35)
    for x in (450, 550):
        board.fill(rect(x - 17, 725, x + 17, 800, 8), STEEL)
        board.fill(rect(x - 24, 790, x + 24, 826, 10), STEEL)
    board.fill(oval(500, 330, 246, 96), paint("#ffffff", "#c8d0d8"))
    board.fill(oval(500, 330, 214, 80), light(tone))
    for x, y in ((-110, 0), (0, -34), (0, 34), (110, 0), (0, 0)):
        board.fill(oval(500 + x, 330 + y, 34, 15), "#ffffff", blur=5, opacity=0.9)


def downlight(board: Canvas, *, tone: str = "warm", finish: str = "white", tilt: bool = False) -> None:
    """A recessed light seen from below: springs, body, frame, diffuser; ``tilt``: an adjustable eyeball."""
    for side in (-1, 1):
        spring = [(500 + side * 250, 350), (500 + side * 330, 250), (500 + side * 395, 285)]
        board.fill(stroke(spring, 20), paint("#eef1f4", "#9aa4b0"))
    can = area((300, 430), (340, 190), (660, 190), (700, 430))
    board.body(can, paint("#f2f4f6", "#aab3bd", "#7b8591", "#c9d0d7", angle=0))
    for x in range(350, 660, 38):
        board.fill(stroke([(x, 205), (500 + (x - 500) * 1.2, 410)], 6), "#6b7581", opacity=0.3)
    _aura(board, 500, 640, 320, tone)
    frame = oval(500, 560, 372, 236)
    board.body(frame, FINISH[finish], drop=22)
    board.fill(ring(500, 560, 372, 7, 236), "#ffffff", opacity=0.5)
    board.fill(oval(500, 562, 302, 186), paint("#8d96a1", "#c9d0d7", "#f4f6f8"))
    board.fill(oval(500, 568, 286, 174), light(tone))
    if tilt:
        board.fill(oval(500, 568, 286, 174), FINISH["black" if finish == "black" else "silver"])
        board.fill(oval(524, 582, 190, 120), paint("#2b3139", "#5a6370"))
        board.fill(oval(532, 588, 164, 102), light(tone))
        board.fill(oval(540, 592, 70, 44), "#ffffff", blur=16)


def cylinder(board: Canvas, *, tone: str = "warm", finish: str = "white", track: bool = False) -> None:
    """A surface-mounted can, or with ``track`` a spotlight on its rail."""
    coat = FINISH[finish]
    side = Paint(
        (mix(coat.stops[0], "#ffffff", 0.3), coat.stops[0], coat.stops[1], coat.stops[2], coat.stops[1]), 0
    )
    if track:
        board.body(rect(90, 150, 910, 208, 12), FINISH["black" if finish == "black" else "grey"])
        board.fill(rect(90, 186, 910, 194), "#11151a", opacity=0.5)
        board.body(rect(400, 206, 600, 262, 12), coat)
        board.fill(stroke([(500, 262), (500, 340)], 40), coat)
        tube = [(330, 470), (560, 330), (760, 640), (530, 780)]
        _aura(board, 660, 730, 260, tone)
        board.body(area(*tube), Paint(side.stops, 30))
        board.fill(oval(445, 400, 136, 60), coat)
        board.fill(area((530, 780), (760, 640), (790, 690), (560, 830)), FINISH["silver"])
        board.fill(stroke([(552, 812), (782, 672)], 46), light(tone))
        return
    _aura(board, 500, 720, 280, tone)
    board.body(rect(310, 170, 690, 700, 6), side)
    board.fill(oval(500, 170, 190, 52), Paint((coat.stops[0], coat.stops[1]), 90))
    board.fill(oval(500, 700, 190, 62), coat)
    board.fill(oval(500, 702, 160, 50), paint("#707a86", "#c2c9d1"))
    board.fill(oval(500, 708, 136, 40), light(tone))
    board.fill(rect(310, 640, 690, 646), "#000000", opacity=0.12)


def panel(board: Canvas, *, tone: str = "neutral", shape: str = "square", finish: str = "white") -> None:
    """A flat ceiling light: square, long or round."""
    _aura(board, 500, 520, 400, tone)
    if shape == "round":
        board.body(oval(500, 500, 360, 330), FINISH[finish], drop=24)
        board.fill(oval(500, 492, 322, 292), light(tone))
        board.fill(ring(500, 492, 322, 5, 292), "#ffffff", opacity=0.8)
        return
    outer = [(200, 250), (820, 190), (860, 740), (150, 800)]
    inner = [(240, 285), (786, 232), (818, 706), (196, 758)]
    if shape == "long":
        outer = [(110, 420), (830, 180), (900, 400), (170, 690)]
        inner = [(150, 438), (816, 216), (860, 390), (194, 652)]
    board.body(area(*outer), FINISH[finish], drop=26)
    board.fill(area(*inner), light(tone))
    board.fill(stroke([*inner, inner[0]], 5), "#ffffff", opacity=0.9)
    edge = [outer[3], outer[2], (outer[2][0] - 4, outer[2][1] + 22), (outer[3][0] + 4, outer[3][1] + 22)]
    board.fill(area(*edge), paint("#c1c9d1", "#8f99a4", angle=0))


def ceiling(board: Canvas, *, tone: str = "neutral", finish: str = "white") -> None:
    """A round ceiling lamp with a trim ring and a soft opal cover."""
    _aura(board, 500, 520, 400, tone)
    board.body(oval(500, 520, 370, 300), FINISH[finish], drop=30)
    board.fill(oval(500, 495, 345, 275), paint("#ffffff", "#e3e7eb"))
    board.fill(oval(500, 482, 318, 248), light(tone))
    board.fill(
        stroke(bezier((280, 400), (330, 300), (440, 265), (520, 262)), 18), "#ffffff", blur=10, opacity=0.8
    )
